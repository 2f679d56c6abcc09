import type { ExcludedPark } from '../../../src/domain/match.js';
import type { Need } from '../../../src/domain/need.js';
import type { Park } from '../../../src/domain/park.js';
import type { QuotaPrice } from '../../../src/domain/policy.js';
import type { Combination } from '../../../src/domain/remedy.js';
import { compileNeed } from '../../../src/matching/compile-need.js';
import { evaluate } from '../../../src/matching/evaluate.js';
import { explainExcluded } from '../../../src/matching/explain.js';
import { liveRows } from '../../../src/matching/rank.js';
import type { Snapshot } from '../../../src/matching/snapshot.js';
import { compileSnapshot } from '../../../src/matching/snapshot.js';
import { applyCombination } from '../../../src/matching/why-not/apply.js';
import { remedyOf } from '../../../src/matching/why-not/remedy.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { madeParks, noText, snapshotOf } from '../made.js';
import { tinyReference, tinySnapshot, trusted } from '../tiny.js';

export const COD_PRICE: QuotaPrice = {
  quota: 'codT',
  priceWan: 2,
  from: '2025-01-01',
  provenance: trusted('public', '价格公告'),
};

/** Made-up provinces of so many parks by seed, each compiled once. */
export function provincesOf(parks: number): { of(seed: number): Snapshot } {
  const made = new Map<number, Snapshot>();
  return {
    of(seed) {
      const snapshot = made.get(seed) ?? snapshotOf(madeParks(parks, seed));
      made.set(seed, snapshot);
      return snapshot;
    },
  };
}

/** A need judged against a snapshot. */
export function judged(snapshot: Snapshot, need: Need) {
  const compiled = compileNeed(snapshot.frame, need, noText(snapshot));
  const work = createWorkspace(snapshot.size);
  evaluate(snapshot, compiled, work);
  return { snapshot, compiled, work };
}

/** The excluded parks of a snapshot with what would help each: what a result shows, without ranking the others. */
export function excludedParks(snapshot: Snapshot, need: Need): ExcludedPark[] {
  const { compiled, work } = judged(snapshot, need);
  const live = new Set(liveRows(work));
  return [...snapshot.parks.keys()]
    .filter((row) => !live.has(row))
    .map((row) => {
      const park = explainExcluded(snapshot, compiled, row);
      return { ...park, remedy: remedyOf(snapshot, row, compiled, park.gates) };
    });
}

/** The only park, which must be excluded. */
export function excludedOf(
  park: Park,
  need: Need,
  reference = tinyReference({ quotaPrices: [COD_PRICE] }),
): ExcludedPark {
  const [excluded] = excludedParks(tinySnapshot([park], reference), need);
  if (excluded === undefined) throw new Error('the park is not excluded');
  return excluded;
}

/** The combinations for the only park of a match, best first. */
export function combinationsOf(park: Park, need: Need): readonly Combination[] {
  return excludedOf(park, need).remedy?.combinations ?? [];
}

export function bestOf(park: Park, need: Need): Combination {
  const [best] = combinationsOf(park, need);
  if (best === undefined) throw new Error('no combination');
  return best;
}

/** Whether no gate decides against a park of the snapshot's frame once a need and this park's new inventory are put in. */
export function isLive(snapshot: Snapshot, parkId: string, need: Need, park: Park): boolean {
  const parks = snapshot.parks.map((one) => (one.id === parkId ? park : one));
  const changed = compileSnapshot(snapshot.frame, parks, 'changed');
  return liveRows(judged(changed, need).work).includes(parks.findIndex(({ id }) => id === parkId));
}

/** Whether a combination really lets the park in. */
export function letsIn(snapshot: Snapshot, parkId: string, need: Need, combination: Combination): boolean {
  const park = snapshot.parks.find(({ id }) => id === parkId);
  if (park === undefined) throw new Error('no such park');
  const applied = applyCombination(need, park, combination);
  return isLive(snapshot, parkId, applied.need, applied.park);
}
