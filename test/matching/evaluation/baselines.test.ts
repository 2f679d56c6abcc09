import { describe, expect, it } from 'vitest';
import { type Baseline, baselineValues } from '../../../src/matching/evaluation/baselines.js';
import { candidateCounties } from '../../../src/matching/evaluation/rank-counties.js';
import { DAY, tinyPark, tinySnapshot, trusted } from '../tiny.js';
import { EMPTY, HOST, noText, ORIGIN, OTHER_HOST, province, question } from './province.js';

const pair = (id: string, hostAdcode: string, from: string, to: string | null) => ({
  id,
  scheme: 'tiny',
  sourceAdcode: ORIGIN,
  hostAdcode,
  from,
  to,
  provenance: trusted(),
});
const { frame } = tinySnapshot(
  [tinyPark('a'), tinyPark('b', {}, OTHER_HOST)],
  province({ pairings: [pair('now', HOST, DAY, null), pair('over', EMPTY, '2020-01-01', '2025-12-31')] }),
);
const text = noText(tinySnapshot([tinyPark('a')], province()), { [HOST]: 0.2, [EMPTY]: 0.4 });

function values(baseline: Baseline, change: Parameters<typeof question>[0] = {}) {
  const found = baselineValues(baseline, frame, question(change), text, candidateCounties(frame));
  return [HOST, OTHER_HOST, EMPTY].map((adcode) => found.get(adcode));
}

describe('baselines', () => {
  it('rank the mountain counties only', () => {
    expect(candidateCounties(frame)).toEqual([HOST, OTHER_HOST, EMPTY]);
  });

  it('text: the likeness to what the county says of itself', () => expect(values('text')).toEqual([0.2, 0, 0.4]));

  it('code: the digits shared with the nearest leading code', () => {
    expect(values('gbtPrefix')).toEqual([0, 4, 2]);
    expect(values('gbtPrefix', { gbt: '3989' })).toEqual([0, 3, 2]);
    expect(values('gbtPrefix', { gbt: '29' })).toEqual([2, 0, 0]);
  });

  it('pairing: the partners of the day, none without an origin', () => {
    expect(values('pairing', { originAdcode: ORIGIN })).toEqual([1, 0, 0]);
    expect(values('pairing')).toEqual([0, 0, 0]);
    expect(values('pairing', { originAdcode: '999999' })).toEqual([0, 0, 0]);
  });

  it('distance: the nearer the higher, all alike without an origin', () => {
    const [near = 0, far = 0, farthest = 0] = values('distance', { originAdcode: ORIGIN });
    expect(near).toBeGreaterThan(far);
    expect(far).toBeGreaterThan(farthest);
    // Half a degree of latitude is 55.6 km.
    expect(near).toBeCloseTo(-55.6, 1);
    expect(values('distance')).toEqual([0, 0, 0]);
  });

  it('random: all alike', () => expect(values('random', { originAdcode: ORIGIN })).toEqual([0, 0, 0]));
});
