import { CRITERIA, type Criterion } from '../../domain/criterion.js';
import { FACTORS } from '../../domain/factors.js';
import type { CompiledNeed } from '../compile-need.js';
import { GATE_BIT, type Snapshot, STANDARD_GATES, STANDARD_SIGN } from '../snapshot.js';
import { type LandChange, landChange } from './land-change.js';

/** Facts that are compared with one number of a need: stocks, then land standards. Their place is their bit. */
export const GATE_FACTS = [...FACTORS, ...STANDARD_GATES] as const;
type GateFact = (typeof GATE_FACTS)[number];

const factBit = Object.fromEntries(GATE_FACTS.map((fact, place) => [fact, 1 << place])) as Readonly<
  Record<GateFact, number>
>;
const [LAND, LAND_PRICE, RENT, WAGE, LABOUR] = [1 << 13, 1 << 14, 1 << 15, 1 << 16, 1 << 17];

/** Facts that are read as they stand in a column: more of each is better. */
const COLUMNS: readonly { readonly fact: number; of(snapshot: Snapshot): Float64Array }[] = [
  { fact: LAND_PRICE, of: ({ landCostUtility }) => landCostUtility },
  { fact: RENT, of: ({ rentUtility }) => rentUtility },
  { fact: WAGE, of: ({ wageUtility }) => wageUtility },
  { fact: LABOUR, of: ({ labour }) => labour },
];

/** One side of a gate's comparison: it passes where `value` reaches what the need asks; soft, it never fails. */
interface GateSide {
  readonly value: number;
  readonly soft: boolean;
}

/** A fact of GATE_FACTS that moved. */
export interface GateMove {
  /** Place in GATE_FACTS. */
  readonly fact: number;
  readonly before: GateSide;
  readonly after: GateSide;
}

/** What changed of one park, as the engine reads it. */
export interface RowChange {
  readonly row: number;
  /** Bits of the facts that changed. */
  readonly facts: number;
  /** Bits of those by which some utility may have risen. */
  readonly rising: number;
  readonly gates: readonly GateMove[];
  /** Null where land did not change. */
  readonly land: LandChange | null;
}

function gateSide(snapshot: Snapshot, fact: number, row: number): GateSide {
  const factor = FACTORS[fact];
  const standard = STANDARD_GATES[fact - FACTORS.length];
  const soft = (gate: GateFact) => ((snapshot.softGates[row] ?? 0) & GATE_BIT[gate]) !== 0;
  if (factor !== undefined) return { value: snapshot.factors[factor][row] ?? 0, soft: soft(factor) };
  if (standard === undefined) throw new RangeError('no such fact');
  return { value: STANDARD_SIGN[standard] * (snapshot.standards[standard][row] ?? 0), soft: soft(standard) };
}

/** What changed of the park at a row, null where the engine reads the same of both: `Object.is`, unknown is unknown. */
export function rowChange(before: Snapshot, after: Snapshot, row: number): RowChange | null {
  const land = landChange(before, after, row);
  let facts = land === null ? 0 : LAND;
  let rising = facts;
  const gates: GateMove[] = [];
  for (const fact of GATE_FACTS.keys()) {
    const [was, is] = [gateSide(before, fact, row), gateSide(after, fact, row)];
    if (Object.is(was.value, is.value) && was.soft === is.soft) continue;
    gates.push({ fact, before: was, after: is });
    facts |= 1 << fact;
    if (is.value > was.value) rising |= 1 << fact;
  }
  for (const { fact, of } of COLUMNS) {
    const [was, is] = [of(before)[row] ?? 0, of(after)[row] ?? 0];
    if (was !== is) facts |= fact;
    if (is > was) rising |= fact;
  }
  return facts === 0 ? null : { row, facts, rising, gates, land };
}

/** Rows of the parks of which the engine reads something else in one snapshot than in another of the same frame. */
export function changedRows(before: Snapshot, after: Snapshot): readonly number[] {
  return [...before.parks.keys()].filter(
    (row) => before.parks[row] !== after.parks[row] && rowChange(before, after, row) !== null,
  );
}

/** The facts a need reads, as bits. */
export interface Reads {
  readonly gates: number;
  /** Of criteria with weight. */
  readonly criteria: number;
}

function siteFacts(need: CompiledNeed): number {
  if (need.land === null) return RENT;
  return need.asksWorkshop ? LAND_PRICE | RENT : LAND_PRICE;
}

function criterionFacts(need: CompiledNeed, criterion: Criterion): number {
  switch (criterion) {
    case 'landHeadroom':
    case 'parcelFit':
    case 'time':
      return LAND;
    case 'energyHeadroom':
      return factBit.energyTce;
    case 'envHeadroom':
      return need.pollutants.reduce((bits, { gate }) => bits | factBit[gate], 0);
    case 'siteCost':
      return siteFacts(need);
    case 'wageCost':
      return WAGE;
    case 'labour':
      return LABOUR;
    default:
      // Chain, words, pairing, distance, endowment and scale are the frame's.
      return 0;
  }
}

/** Which facts a need reads, by a gate or by a criterion of weight. */
export function readsOf(need: CompiledNeed): Reads {
  const asked = [...need.factors, ...need.standards].reduce((bits, { gate }) => bits | factBit[gate], 0);
  const criteria = CRITERIA.reduce(
    (bits, criterion, place) => ((need.weights[place] ?? 0) > 0 ? bits | criterionFacts(need, criterion) : bits),
    0,
  );
  return { gates: asked | (need.land === null ? 0 : LAND), criteria };
}

/** Whether land is among the facts. */
export function hasLand(facts: number): boolean {
  return (facts & LAND) !== 0;
}

/** The facts but land. */
export function withoutLand(facts: number): number {
  return facts & ~LAND;
}

/** What a need asks of each of GATE_FACTS, to be reached by `GateSide.value`; NaN where it asks nothing. */
export function thresholdsOf(need: CompiledNeed): Float64Array {
  const thresholds = new Float64Array(GATE_FACTS.length).fill(Number.NaN);
  for (const { gate, required } of need.factors) thresholds[GATE_FACTS.indexOf(gate)] = required;
  for (const { gate, signed } of need.standards) thresholds[GATE_FACTS.indexOf(gate)] = signed;
  return thresholds;
}

/** Whether a gate answers otherwise than before. Passing is passing, soft or not. */
export function gateTurns({ before, after }: GateMove, threshold: number): boolean {
  const [passed, passes] = [before.value >= threshold, after.value >= threshold];
  return passed !== passes || (!passes && before.soft !== after.soft);
}
