import { describe, expect, it } from 'vitest';
import { SYSTEM_CALLER } from '../../src/domain/access.js';
import type { Need } from '../../src/domain/need.js';
import type { ParkInventory } from '../../src/domain/park.js';
import type { SmaaProblem } from '../../src/domain/robustness.js';
import type { Supposition } from '../../src/domain/what-if.js';
import { runSmaa, smaaCost } from '../../src/matching/robustness/smaa.js';
import { IN_PLACE_COST } from '../../src/usecases/robustness.js';
import { whatIf } from '../../src/usecases/what-if.js';
import { known, tinyNeed, tinyPark } from '../matching/tiny.js';
import { type Bench, makeBench } from './bench.js';

const parks = [
  tinyPark('p1', { factors: { powerKva: known(50) }, wageYuanPerMonth: known(4_000) }),
  tinyPark('p2', { factors: { powerKva: known(20) }, wageYuanPerMonth: known(8_000) }),
];
const power = (kva: number) => (current: ParkInventory) => ({
  ...current,
  factors: { ...current.factors, powerKva: known(kva) },
});

/** A bench with one need, matched unless told. */
async function benched(need: Need = tinyNeed({ powerKva: 10, workers: 20 }), matched = true) {
  const bench = await makeBench({ parks });
  const id = await bench.submit(need);
  if (matched) await bench.matcher.matchNeed(id, 1);
  return { bench, id, ask: (supposition: Supposition) => bench.useCases.whatIf(id, supposition) };
}

async function everything(bench: Bench, id: string): Promise<string> {
  const stored = await bench.needStore.get(id);
  const result = await bench.resultStore.get(stored?.matching.resultId ?? '');
  return JSON.stringify([stored, result, await bench.parkStore.all(), bench.enqueued]);
}

describe('whatIf', () => {
  it('leaves park facts, requirements and weights as they were: nothing is stored or queued', async () => {
    const { bench, id, ask } = await benched();
    const before = await everything(bench, id);
    await ask({ weights: { wageCost: 9 }, need: { powerKva: 30 }, parks: [{ id: 'p2', edit: power(90) }] });
    expect(await everything(bench, id)).toBe(before);
    const view = await bench.useCases.readMatches(id, 0);
    expect(view).toMatchObject({ status: 'ready', rankedTotal: 2 });
  });

  it('without a change of facts gives the stored result and no difference', async () => {
    const { bench, id, ask } = await benched();
    const stored = await bench.useCases.readMatches(id, 0);
    const answer = await ask({ need: { workers: 20 } });
    expect(answer.result).toEqual(stored);
    expect(answer.stored).toMatchObject({ version: 1, snapshot: answer.result.snapshot });
    expect(answer.stored.resultId).toContain(id);
    expect(answer.difference).toMatchObject({ ranks: [], entered: [], left: [], criteria: [] });
  });

  it('supposes weights of single criteria over the need’s own', async () => {
    const { ask } = await benched(tinyNeed({ powerKva: 10, weights: { wageCost: 4 } }));
    const { result, difference } = await ask({ weights: { pairing: 8 } });
    expect(result.profile).toMatch(/\+custom$/);
    const weights = new Map(result.ranked[0]?.contributions.map(({ criterion, weight }) => [criterion, weight]));
    expect((weights.get('wageCost') ?? 0) / (weights.get('distance') ?? 1)).toBeCloseTo(4, 9);
    expect(difference.criteria.length).toBeGreaterThan(0);
    for (const { pointsFrom, pointsTo, delta } of difference.criteria) expect(pointsTo - pointsFrom).toBe(delta);
  });

  it('supposes requirements: each replaces the need’s own, null takes it away', async () => {
    const { ask } = await benched();
    const more = await ask({ need: { powerKva: 30 } });
    expect(more.result.ranked.map(({ park }) => park.id)).toEqual(['p1']);
    expect(more.difference).toMatchObject({ left: ['p2'], first: { from: 'p1', to: 'p1' } });
    const none = await ask({ need: { workers: null } });
    const criteria = none.difference.criteria.filter(({ criterion }) => criterion === 'labour');
    expect(criteria.map(({ pointsTo }) => pointsTo)).toEqual([0, 0]);
  });

  it('supposes facts of parks, under a snapshot name that is nobody else’s', async () => {
    const { bench, ask } = await benched();
    const { result, difference, stored } = await ask({ parks: [{ id: 'p1', edit: power(1) }] });
    expect(difference).toMatchObject({ first: { from: 'p1', to: 'p2' }, left: ['p1'] });
    expect(result.snapshot).toBe(`${stored.snapshot}+whatIf`);
    expect((await bench.useCases.getPark('p1')).inventory.factors.powerKva.value).toBe(50);
  });

  it('compares with what matching would give now where there is no result yet', async () => {
    const { ask } = await benched(tinyNeed({ powerKva: 10 }), false);
    const { stored, difference } = await ask({ need: { powerKva: 30 } });
    expect(stored.resultId).toBeNull();
    expect(difference.left).toEqual(['p2']);
  });

  it('refuses parks, codes, counties and links nobody knows, at their place', async () => {
    const { ask } = await benched();
    const edit = (current: ParkInventory) => current;
    await expect(
      ask({
        parks: [
          { id: 'p1', edit },
          { id: 'p99', edit },
        ],
      }),
    ).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'parks[1].id', code: 'unknownPark', value: 'p99' }],
    });
    await expect(
      ask({ need: { gbt: '0000', exclude: { counties: ['999999'] }, chain: { links: ['none'] } } }),
    ).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'need.gbt' }, { field: 'need.exclude.counties[0]' }, { field: 'need.chain.links[0]' }],
    });
  });

  it('refuses weights that leave nothing to judge by', async () => {
    const { bench, ask } = await benched();
    const snapshot = (await bench.snapshots.current()).snapshot;
    const zero = Object.fromEntries(Object.keys(snapshot.frame.profile.weights).map((criterion) => [criterion, 0]));
    await expect(ask({ weights: zero })).rejects.toMatchObject({
      issues: [{ field: 'weights', code: 'allWeightsZero' }],
    });
  });

  it('knows no need that is not there', async () => {
    const { bench } = await benched();
    await expect(bench.useCases.whatIf('need_x', { weights: { time: 1 } })).rejects.toMatchObject({ code: 'notFound' });
  });

  it('counts large problems in the runner, small ones in place, and stops at an abort', async () => {
    const { bench, id } = await benched();
    const asked: SmaaProblem[] = [];
    const runner = {
      async run(problem: SmaaProblem) {
        asked.push(problem);
        return runSmaa(problem);
      },
    };
    const deps = { ...bench, robustnessRunner: runner };
    const small = await whatIf(deps, SYSTEM_CALLER, id, { need: { powerKva: 11 } });
    expect(asked).toEqual([]);
    const many = await makeBench({ parks: Array.from({ length: 900 }, (_, index) => tinyPark(`p${index + 100}`)) });
    const other = await many.submit(tinyNeed({ land: { minMu: 10 }, workers: 20 }));
    const large = await whatIf({ ...many, robustnessRunner: runner }, SYSTEM_CALLER, other, { weights: { time: 3 } });
    expect(asked.length).toBe(2);
    for (const problem of asked) expect(smaaCost(problem)).toBeGreaterThan(IN_PLACE_COST);
    expect(large.result.robustness.first?.parkId).toBe('p100');
    expect(small.result.robustness.samples).toBe(10_000);
    await expect(whatIf(deps, SYSTEM_CALLER, id, {}, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});
