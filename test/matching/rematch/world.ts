import { seeded, syntheticNeeds, syntheticParks, syntheticText, TODAY } from '../../../bench/support/synthetic.js';
import { CRITERIA } from '../../../src/domain/criterion.js';
import { FACTORS } from '../../../src/domain/factors.js';
import { GATES } from '../../../src/domain/gate.js';
import type { MatchResult } from '../../../src/domain/match.js';
import type { Need } from '../../../src/domain/need.js';
import type { Fact, LandStandard, Park, ParkInventory } from '../../../src/domain/park.js';
import { BASES } from '../../../src/domain/provenance.js';
import type { MatchOutcome } from '../../../src/domain/rematch.js';
import { dayNumber, isoDate } from '../../../src/domain/units.js';
import { type CompiledNeed, compileNeed, type TextNumbers } from '../../../src/matching/compile-need.js';
import { evaluate } from '../../../src/matching/evaluate.js';
import { compileFrame } from '../../../src/matching/frame.js';
import { unmetReports } from '../../../src/matching/gate-reports.js';
import { MATCH_DEFAULTS, type MatchOptions, prepareMatch } from '../../../src/matching/match.js';
import { rank } from '../../../src/matching/rank.js';
import type { NeedStanding } from '../../../src/matching/rematch/need-index.js';
import { outcomeOf } from '../../../src/matching/rematch/outcome.js';
import { placesOf } from '../../../src/matching/rematch/standing.js';
import { labelOfCount, problemOf } from '../../../src/matching/robustness/report.js';
import { runSmaa } from '../../../src/matching/robustness/smaa.js';
import { excludedParks, shownRows } from '../../../src/matching/shown.js';
import { compileSnapshot, GATE_BIT, type Snapshot } from '../../../src/matching/snapshot.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { reference } from '../made.js';

export type Random = () => number;

const below = (random: Random, count: number) => Math.floor(random() * count);

/** A need as the service sees it, with the likeness of its words. */
export interface WorldNeed {
  readonly id: string;
  readonly need: Need;
  readonly text: TextNumbers;
}

/** A made-up province that changes. */
export interface World {
  readonly needs: readonly WorldNeed[];
  readonly snapshot: Snapshot;
  /** A snapshot in which some facts of some parks have changed, in the same frame. */
  next(): Snapshot;
}

function variedNeed(made: Need, random: Random, row: number): Need {
  const { minMu } = made.land;
  const kind = row % 6;
  const phases = [
    { mu: minMu, by: isoDate(dayNumber(TODAY) + 300) },
    { mu: minMu / 2, by: isoDate(dayNumber(TODAY) + 800) },
  ];
  const heavy = CRITERIA[below(random, CRITERIA.length)] ?? 'labour';
  return {
    ...made,
    ...(kind === 1 ? { land: { minMu: minMu * 1.5, phases } } : {}),
    ...(kind === 2 ? { land: { minMu: 0 }, workshopM2: 1_000 + below(random, 40_000) } : {}),
    ...(kind === 3
      ? { valueAddedWan: (made.energyTce ?? 1) * (1.6 + random()), floorAreaM2: minMu * (750 + 300 * random()) }
      : {}),
    ...(kind === 4 ? { exclude: { counties: reference.counties.slice(0, 5).map(({ adcode }) => adcode) } } : {}),
    ...(random() < 0.6 ? { weights: { [heavy]: 3 + 20 * random() } } : {}),
  };
}

function moved(fact: Fact, random: Random): Fact {
  const dice = random();
  if (dice < 0.08) return { ...fact, value: null };
  if (dice < 0.2) return { ...fact, basis: BASES[below(random, BASES.length)] ?? 'sample' };
  const value = fact.value ?? 5_000 * random();
  // Mostly small steps, as inventories are kept; sometimes to where a neighbour stands, so that ties come up.
  const factor = dice < 0.75 ? 0.97 + 0.06 * random() : 0.4 + 1.3 * random();
  return { ...fact, value: Math.round(value * factor * 100) / 100 };
}

function movedParcels(inventory: ParkInventory, random: Random): ParkInventory {
  const { parcels, provenance } = inventory;
  const at = below(random, parcels.length);
  const dice = random();
  if (dice < 0.1) return { ...inventory, parcels: parcels.filter((_, place) => place !== at) };
  if (dice < 0.2) {
    const made = { id: `n${below(random, 1_000_000)}`, areaMu: 10 + below(random, 200), availableFrom: TODAY };
    return { ...inventory, parcels: [...parcels, made] };
  }
  if (dice < 0.3) {
    return { ...inventory, provenance: { ...provenance, basis: random() < 0.5 ? 'unverified' : 'confirmed' } };
  }
  return {
    ...inventory,
    parcels: parcels.map((parcel, place) => {
      if (place !== at) return parcel;
      if (dice < 0.6) return { ...parcel, areaMu: Math.max(1, Math.round(parcel.areaMu * (0.8 + 0.4 * random()))) };
      return { ...parcel, availableFrom: isoDate(dayNumber(TODAY) + below(random, 1_200)) };
    }),
  };
}

const STANDARDS = ['investPerMuWan', 'taxPerMuWan', 'energyPerValueAddedTce', 'plotRatio'] as const;
const PRICES = ['landPriceWanPerMu', 'workshopRentYuanPerM2Month', 'wageYuanPerMonth', 'labourAvailable'] as const;

function movedInventory(inventory: ParkInventory, random: Random): ParkInventory {
  const dice = random();
  if (dice < 0.25) return movedParcels(inventory, random);
  if (dice < 0.6) {
    const factor = FACTORS[below(random, FACTORS.length)] ?? 'energyTce';
    return { ...inventory, factors: { ...inventory.factors, [factor]: moved(inventory.factors[factor], random) } };
  }
  if (dice < 0.85) {
    const price = PRICES[below(random, PRICES.length)] ?? 'labourAvailable';
    return { ...inventory, [price]: moved(inventory[price], random) };
  }
  const standard = STANDARDS[below(random, STANDARDS.length)] ?? 'taxPerMuWan';
  const landStandard: LandStandard = {
    ...inventory.landStandard,
    [standard]: moved(inventory.landStandard[standard], random),
  };
  return { ...inventory, landStandard };
}

/** Some facts of a park changed: mostly one, sometimes several. */
function movedPark(park: Park, random: Random): Park {
  let { inventory } = park;
  do inventory = movedInventory(inventory, random);
  while (random() < 0.25);
  return { ...park, version: park.version + 1, inventory };
}

/** A province of so many parks and needs. The same seed gives the same province and the same changes. */
export function makeWorld(seed: number, parkCount: number, needCount: number): World {
  const random = seeded(seed);
  let parks = syntheticParks(reference, parkCount, seed + 1);
  const frame = compileFrame(reference, parks, TODAY);
  let count = 0;
  const compiled = () => {
    count += 1;
    return compileSnapshot(frame, parks, `s${count}`);
  };
  const needs = syntheticNeeds(reference, needCount, seed + 2).map((made, row) => ({
    id: `need${row}`,
    need: variedNeed(made, random, row),
    text: syntheticText(frame.graph.links.length, frame.counties.length, random),
  }));
  return {
    needs,
    snapshot: compiled(),
    next() {
      const several = random() < 0.2 ? 1 + below(random, 4) : 1;
      for (let change = 0; change < several; change += 1) {
        const at = below(random, parks.length);
        const twin = parks[below(random, parks.length)];
        parks = parks.map((park, row) => {
          if (row !== at) return park;
          // Now and then a park takes over another's facts, so that scores tie.
          return random() < 0.05 && twin !== undefined
            ? { ...park, inventory: twin.inventory }
            : movedPark(park, random);
        });
      }
      return compiled();
    },
  };
}

export interface Matched {
  readonly outcome: MatchOutcome;
  readonly compiled: CompiledNeed;
  readonly standing: NeedStanding;
}

/**
 * All of a match that its outcome rests on, without explaining: the evaluation, ranking, gates and weightings of every
 * park. Quick enough for a thousand changes; now and then it is held against `createFullMatcher`.
 */
export function createOutcomeMatcher(
  size: number,
  options: MatchOptions,
): (snapshot: Snapshot, one: WorldNeed) => Matched {
  const work = createWorkspace(size);
  return (snapshot, { need, text }) => {
    const compiled = compileNeed(snapshot.frame, need, text);
    evaluate(snapshot, compiled, work);
    const ranking = rank(work, options.shown);
    const places = shownRows(work, ranking);
    const idOf = (row: number) => snapshot.parks[row]?.id ?? '';
    const ranked = places.map(({ row, rank: own }) => {
      const open = GATES.filter((gate) => ((work.open[row] ?? 0) & GATE_BIT[gate]) !== 0);
      return {
        parkId: idOf(row),
        rank: own,
        status: open.length === 0 ? ('eligible' as const) : ('conditional' as const),
        open,
      };
    });
    const excluded = excludedParks(snapshot, compiled, work);
    const { rows, problem } = problemOf(snapshot, compiled, work, options.robustness.samples);
    const first = places[0];
    const counts = first === undefined ? [] : runSmaa(problem).first;
    const firstCount = first === undefined ? 0 : (counts[rows.indexOf(first.row)] ?? 0);
    const takers = rows.filter((row, park) => row !== first?.row && (counts[park] ?? 0) > 0);
    const { samples } = problem;
    return {
      outcome: {
        ranked,
        rankedTotal: ranking.eligible + ranking.conditional,
        excluded: excluded.shown.map(({ row }) => {
          const failing = unmetReports(snapshot, row, compiled).filter(({ outcome }) => outcome === 'fail');
          return { parkId: idOf(row), failing: failing.map(({ gate }) => gate) };
        }),
        excludedTotal: excluded.total,
        label: first === undefined ? null : labelOfCount(firstCount, samples),
      },
      compiled,
      standing: {
        ...placesOf(snapshot, work, excluded, options.shown),
        samples,
        firstCount: { low: firstCount, high: firstCount, takers: Int32Array.from(takers) },
      },
    };
  };
}

/** Matches in full, as the service does. */
export function createFullMatcher(
  size: number,
  options: MatchOptions = MATCH_DEFAULTS,
): (snapshot: Snapshot, one: WorldNeed) => Matched & { readonly result: MatchResult } {
  const work = createWorkspace(size);
  return (snapshot, { id, need, text }) => {
    const stamp = { needId: id, version: 1, generatedAt: '2026-01-01T00:00:00.000Z' };
    const prepared = prepareMatch(snapshot, need, text, stamp, work, options);
    const counted = runSmaa(prepared.problem);
    const result = prepared.finish(counted);
    return {
      result,
      outcome: outcomeOf(result),
      compiled: prepared.compiled,
      standing: prepared.standing(counted),
    };
  };
}
