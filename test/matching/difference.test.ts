import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/matching/difference.js';
import { known, matchTiny, tinyNeed, tinyPark } from './tiny.js';

const need = tinyNeed({ powerKva: 10 });
const powered = (id: string, wage: number, kva = 50) =>
  tinyPark(id, { factors: { powerKva: known(kva) }, wageYuanPerMonth: known(wage) });

describe('differenceOf', () => {
  const before = matchTiny([powered('p1', 5_000), powered('p2', 6_000), powered('p3', 7_000)], need);

  it('of a result and itself is empty', () => {
    const { first, label, ...rest } = differenceOf(before, before);
    expect(first).toEqual({ from: 'p1', to: 'p1' });
    expect(label.from).toBe(label.to);
    expect(rest).toEqual({ ranks: [], entered: [], left: [], criteria: [] });
  });

  it('names new ranks, points by criterion, and parks that entered or left', () => {
    const after = matchTiny(
      [powered('p1', 5_000, 5), powered('p2', 6_000), powered('p3', 4_000), powered('p4', 8_000)],
      need,
    );
    const difference = differenceOf(before, after);
    expect(difference.first).toEqual({ from: 'p1', to: 'p3' });
    expect(difference.ranks).toEqual([
      { parkId: 'p3', from: 3, to: 1 },
      { parkId: 'p4', from: null, to: 3 },
      { parkId: 'p1', from: 1, to: null },
    ]);
    expect(difference.entered).toEqual(['p4']);
    expect(difference.left).toEqual(['p1']);
    const was = before.ranked[2]?.contributions.find(({ criterion }) => criterion === 'wageCost')?.points ?? 0;
    const is = after.ranked[0]?.contributions.find(({ criterion }) => criterion === 'wageCost')?.points ?? 0;
    expect(difference.criteria).toEqual([
      { parkId: 'p3', criterion: 'wageCost', pointsFrom: was, pointsTo: is, delta: is - was },
    ]);
    expect(was + (is - was)).toBe(is);
  });

  it('gives 0 points to a criterion that did not count', () => {
    const parks = [powered('p1', 5_000)];
    const after = matchTiny(parks, { ...need, workers: 20 });
    const labour = differenceOf(matchTiny(parks, need), after).criteria.find(({ criterion }) => criterion === 'labour');
    expect(labour).toMatchObject({ pointsFrom: 0 });
    expect(labour?.pointsTo).toBeGreaterThan(0);
  });
});
