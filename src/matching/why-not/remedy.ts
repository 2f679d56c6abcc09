import type { Gate, GateReport } from '../../domain/match.js';
import type { Park } from '../../domain/park.js';
import type { IsoDate } from '../../domain/provenance.js';
import type { Combination, OpenPoint, Remedy, RemedyAction } from '../../domain/remedy.js';
import { dayNumber } from '../../domain/units.js';
import type { CompiledNeed } from '../compile-need.js';
import { fix, roundWan } from '../fixes.js';
import { LATE, landDemand, phasesFit } from '../phases.js';
import { parcelsOf, type Snapshot } from '../snapshot.js';
import {
  type DatedParcel,
  floorMu,
  type LaidLand,
  type LandAsk,
  landAsk,
  layOut,
  mostMu,
  planLand,
} from './land-plan.js';
import { landSteps } from './land-steps.js';
import { COMBINATIONS_SHOWN, LIMITS } from './limits.js';
import { metAt, raiseAt, type StandardSide, standardSides } from './standard-sides.js';
import { type Steps, useSteps } from './use-steps.js';

/** One choice of the search: how much land, and how long to wait for it. */
interface Choice {
  readonly landMu: number;
  /** Day number nothing later than is used; 0: only what is in time. */
  readonly lastDay: number;
  /** False: the land gate is left shut. */
  readonly land: boolean;
  readonly openGates: number;
  readonly raiseWan: number;
}

/** What the search reads of one park and need. */
interface Case {
  readonly need: CompiledNeed;
  readonly failing: ReadonlyMap<Gate, GateReport>;
  readonly standards: readonly StandardSide[];
  readonly ask: LandAsk | null;
  readonly parcels: readonly DatedParcel[];
  readonly landFails: boolean;
}

const NOTHING_HELPS: readonly Gate[] = ['excludedCounty', 'accessRule'];

function elsewhereOnly(open: readonly OpenPoint[], need: CompiledNeed): Remedy {
  const action: RemedyAction = { ...fix('lookElsewhere'), gates: [] };
  const landMu = need.land?.minMu ?? null;
  const nothing = { landMu, landGivenUpMu: 0, landPlan: [], costWan: 0, costUnknown: false, readyBy: null };
  return { combinations: [{ closesAll: false, actions: [action], ...nothing, open }] };
}

/** Days worth waiting until, earliest first; 0 stands for no waiting. Ends where all the land asked for can be had. */
function lastDays(at: Case, ask: LandAsk): { readonly day: number; readonly mostMu: number }[] {
  const first = ask.phases[0]?.baseDay ?? LATE;
  const opening = new Set(at.parcels.map(({ opens }) => opens).filter((opens) => opens > first));
  const days: { day: number; mostMu: number }[] = [];
  for (const day of [0, ...[...opening].sort((a, b) => a - b)]) {
    const all = mostMu(ask, at.parcels, day);
    const most = all >= ask.fullMu ? ask.fullMu : floorMu(all);
    if (most <= (days.at(-1)?.mostMu ?? 0)) continue;
    days.push({ day, mostMu: most });
    if (most >= ask.fullMu) break;
  }
  return days;
}

/**
 * Every choice that can be best. Costs change with land only where a standard begins to be met, and land can be had up
 * to a bound that changes only on the days parcels open: so only those amounts of land and those days are tried.
 */
function choices(at: Case): Choice[] {
  const judge = (landMu: number, lastDay: number, land: boolean): Choice => {
    const raise = raiseAt(at.standards, landMu);
    const shut = at.standards.filter((side) => side.gate !== 'investPerMu' && !metAt(side, landMu)).length;
    return {
      landMu,
      lastDay,
      land,
      openGates: shut + (raise === null ? 1 : 0) + (at.landFails && !land ? 1 : 0),
      raiseWan: raise ?? 0,
    };
  };
  const { ask } = at;
  if (ask === null) return [judge(0, 0, true)];
  const least = at.need.need.land.minMu * LIMITS.leastLandShare;
  const levels = [ask.fullMu, least, ...at.standards.map(({ mostMu: most }) => most)];
  const days = at.landFails ? lastDays(at, ask) : [];
  const open = [...new Set(levels)]
    .filter((mu) => mu >= least && mu <= ask.fullMu)
    .map((mu) => judge(mu, 0, !at.landFails));
  const laid = days.flatMap(({ day, mostMu: most }) =>
    [...new Set([...levels, most].map((mu) => Math.min(mu, most)))]
      .filter((mu) => mu >= least && mu <= ask.fullMu)
      .map((mu) => judge(mu, day, true)),
  );
  return [...laid, ...open];
}

type Key = 'openGates' | 'raiseWan' | 'lastDay' | 'landMu';

/** True if the first is better by the keys in their order: less is better, but of land more. */
function better(a: Choice, b: Choice, keys: readonly Key[]): boolean {
  for (const key of keys) {
    const less = key === 'landMu' ? b.landMu - a.landMu : a[key] - b[key];
    if (less !== 0) return less < 0;
  }
  return false;
}

/** The best by the keys of the choices not yet refused; the first of equal ones. */
function bestOf(all: readonly Choice[], refused: readonly Choice[], keys: readonly Key[]): Choice | null {
  let best: Choice | null = null;
  for (const choice of all) {
    if (refused.includes(choice)) continue;
    if (best === null || better(choice, best, keys)) best = choice;
  }
  return best;
}

/** Lays the land of a choice: null where its pieces would be too many. No plan where the phases fit as they are. */
function lay(at: Case, choice: Choice, snapshot: Snapshot, row: number): LaidLand | null {
  const { ask } = at;
  const asItIs: LaidLand = { pieces: [], readyBy: null };
  if (ask === null || !at.landFails || !choice.land) return asItIs;
  if (choice.lastDay === 0) {
    const shrunk = landDemand(layOut(at.need.need, choice.landMu, []));
    const base =
      shrunk === null ? null : { ...shrunk, subsetDay: shrunk.subsetDay.map((by) => Math.min(by, todayOr(ask))) };
    if (base !== null && phasesFit(base, parcelsOf(snapshot, row))) return asItIs;
  }
  return planLand(ask, at.parcels, choice.landMu, choice.lastDay);
}

/** The day that stands for no day asked: only a need without dates has phases without a day. */
function todayOr(ask: LandAsk): number {
  const undated = ask.phases.find(({ askedDay }) => askedDay === LATE);
  return undated === undefined ? LATE : undated.baseDay;
}

function combination(at: Case, choice: Choice, laid: LaidLand, use: Steps, unknown: readonly OpenPoint[]): Combination {
  const { failing, standards, ask, landFails } = at;
  const onLand = landSteps({ failing, standards, ask, landFails, landMu: choice.landMu, landLaid: choice.land, laid });
  const actions = [...onLand.actions, ...use.actions];
  const open = [...onLand.open, ...use.open, ...unknown];
  const readyBy: IsoDate | null = laid.readyBy;
  return {
    closesAll: open.every(({ kind }) => kind !== 'gateStays'),
    actions,
    landMu: at.ask === null ? null : choice.landMu,
    landGivenUpMu: at.ask === null ? 0 : roundWan(at.ask.fullMu - choice.landMu),
    landPlan: laid.pieces,
    costWan: roundWan(actions.reduce((sum, { costWan }) => sum + (costWan ?? 0), 0)),
    costUnknown: actions.some(({ costWan }) => costWan === null),
    readyBy,
    open,
  };
}

/** Parks do not change: what was read of one is kept as long as the park is. */
const parcelsRead = new WeakMap<Park, readonly DatedParcel[]>();

function datedParcels(park: Park): readonly DatedParcel[] {
  const known = parcelsRead.get(park);
  if (known !== undefined) return known;
  const read = park.inventory.parcels.map(({ id, areaMu, availableFrom }) => ({
    id,
    mu: areaMu,
    opens: dayNumber(availableFrom),
  }));
  parcelsRead.set(park, read);
  return read;
}

/**
 * The cheapest combinations that would let an excluded park in, found by trying every choice of land and waiting that
 * can be best (a few dozen); what is bought or used less is the same for all of them. Exact for the steps, bounds and
 * order stated in `domain/remedy.ts` and `LIMITS`, apart from land that would have to lie in more than
 * `LIMITS.mostPieces` pieces. Pure and deterministic.
 * @param reports the park's gates that did not pass, as `gateReports` gives them.
 */
export function remedyOf(
  snapshot: Snapshot,
  row: number,
  need: CompiledNeed,
  reports: readonly GateReport[],
): Remedy | null {
  const park = snapshot.parks[row];
  if (park === undefined) return null;
  const failed = reports.filter(({ outcome }) => outcome === 'fail');
  const failing = new Map(failed.map((report) => [report.gate, report]));
  const unknown = reports
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ gate }): OpenPoint => ({ kind: 'unknownFact', gate }));
  if (failed.some(({ gate }) => NOTHING_HELPS.includes(gate))) {
    return elsewhereOnly([...failed.map(({ gate }): OpenPoint => ({ kind: 'gateStays', gate })), ...unknown], need);
  }
  const { frame } = snapshot;
  const at: Case = {
    need,
    failing,
    standards: standardSides(need.need, failing),
    ask: need.land === null ? null : landAsk(need.land, frame.todayNumber),
    parcels: datedParcels(park),
    landFails: failing.has('land') || failing.has('date'),
  };
  const use = useSteps(need, failing, frame.reference.quotaPrices, frame.today);
  const all = choices(at);
  const build = (keys: readonly Key[], among: readonly Choice[]): [Choice, Combination] | null => {
    const refused: Choice[] = [];
    for (let choice = bestOf(among, refused, keys); choice !== null; choice = bestOf(among, refused, keys)) {
      const laid = lay(at, choice, snapshot, row);
      if (laid !== null) return [choice, combination(at, choice, laid, use, unknown)];
      refused.push(choice);
    }
    return null;
  };
  const best = build(['openGates', 'raiseWan', 'lastDay', 'landMu'], all);
  if (best === null) return null;
  const [first] = best;
  const same = all.filter((choice) => choice.openGates === first.openGates);
  const larger = same.filter(({ landMu }) => landMu > first.landMu);
  const earlier = same.filter(({ lastDay }) => lastDay < first.lastDay);
  const more = build(['landMu', 'raiseWan', 'lastDay'], larger);
  const sooner = build(['lastDay', 'raiseWan', 'landMu'], earlier);
  const found = [best, more, sooner?.[0] === more?.[0] ? null : sooner];
  const combinations = found.flatMap((one) => (one === null ? [] : [one[1]]));
  if (combinations[0]?.actions.length === 0) return elsewhereOnly(combinations[0].open, need);
  return { combinations: combinations.slice(0, COMBINATIONS_SHOWN) };
}
