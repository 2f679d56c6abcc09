import { CRITERIA } from '../domain/criterion.js';
import type { MatchResult, RankedPark } from '../domain/match.js';
import type { PointsChange, ResultDifference } from '../domain/what-if.js';

function pointsByCriterion(park: RankedPark): ReadonlyMap<string, number> {
  return new Map(park.contributions.map(({ criterion, points }) => [criterion, points]));
}

function pointsChanges(before: RankedPark, after: RankedPark): PointsChange[] {
  const [from, to] = [pointsByCriterion(before), pointsByCriterion(after)];
  return CRITERIA.flatMap((criterion) => {
    const pointsFrom = from.get(criterion) ?? 0;
    const pointsTo = to.get(criterion) ?? 0;
    const delta = pointsTo - pointsFrom;
    return delta === 0 ? [] : [{ parkId: after.park.id, criterion, pointsFrom, pointsTo, delta }];
  });
}

/** How a result differs from an earlier one of the same need. Points are multiples of 1/1024, so deltas are exact. */
export function differenceOf(before: MatchResult, after: MatchResult): ResultDifference {
  const earlier = new Map(before.ranked.map((park) => [park.park.id, park]));
  const later = new Set(after.ranked.map(({ park }) => park.id));
  const gone = before.ranked.filter(({ park }) => !later.has(park.id));
  const stayed = after.ranked.flatMap((park) => {
    const was = earlier.get(park.park.id);
    return was === undefined ? [] : [{ was, is: park }];
  });
  const ranks = [
    ...after.ranked.map(({ park, rank }) => ({ parkId: park.id, from: earlier.get(park.id)?.rank ?? null, to: rank })),
    ...gone.map(({ park, rank }) => ({ parkId: park.id, from: rank, to: null })),
  ];
  return {
    first: { from: before.ranked[0]?.park.id ?? null, to: after.ranked[0]?.park.id ?? null },
    label: { from: before.robustness.label, to: after.robustness.label },
    ranks: ranks.filter(({ from, to }) => from !== to),
    entered: after.ranked.filter(({ park }) => !earlier.has(park.id)).map(({ park }) => park.id),
    left: gone.map(({ park }) => park.id),
    criteria: stayed.flatMap(({ was, is }) => pointsChanges(was, is)),
  };
}
