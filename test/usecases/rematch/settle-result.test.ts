import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/change.js';
import type { MatchResult } from '../../../src/domain/match.js';
import type { StoredNeed } from '../../../src/domain/need.js';
import { outcomeText } from '../../../src/domain/outcome-text.js';
import type { FactChange } from '../../../src/domain/rematch.js';
import { madeOfOutline } from '../../../src/matching/rematch/made-result.js';
import { outlineOf } from '../../../src/matching/rematch/outline.js';
import { MemoryHistoryStore } from '../../../src/memory/history-store.js';
import { MemoryNeedStore } from '../../../src/memory/need-store.js';
import { MemoryResultStore } from '../../../src/memory/result-store.js';
import { resultIdOf } from '../../../src/ports/result-store.js';
import { packResult } from '../../../src/threads/pack-result.js';
import {
  CHANGES_KEPT,
  readOutline,
  type SettleDeps,
  type SettleInput,
  settleResult,
  settleTogether,
} from '../../../src/usecases/rematch/settle-result.js';
import { makeNeed, makeResult, makeStoredNeed, needIdOf, revise } from '../../support/conformance/records.js';

const ID = needIdOf(1);
const RAN_LOW: FactChange = { kind: 'park', parkId: 'park-0', fact: 'energyTce', from: 500, to: 450 };

/** A result against a snapshot, with the parks named in their order, 10 points apart. */
function resultWith(snapshot: string, parkIds: readonly string[], version = 1): MatchResult {
  const base = makeResult(1, parkIds.length);
  const ranked = base.ranked.map((park, place) => ({
    ...park,
    score: 90 - place * 10,
    park: { ...park.park, id: parkIds[place] ?? '' },
  }));
  const at = Number.parseInt(snapshot.slice(1), 10);
  const generatedAt = new Date(Date.UTC(2026, 2, 1) + at * 1_000).toISOString();
  return { ...base, version, snapshot, ranked, generatedAt, rankedTotal: parkIds.length };
}

const CRASH = new Error('the process ended here');

async function world() {
  const needStore = new MemoryNeedStore();
  const resultStore = new MemoryResultStore();
  const historyStore = new MemoryHistoryStore();
  const told: string[] = [];
  const signalled: string[] = [];
  let crashAt: keyof typeof steps | null = null;
  const at = async (step: keyof typeof steps): Promise<void> => {
    if (crashAt !== step) return;
    crashAt = null;
    throw CRASH;
  };
  const steps = { put: 0, append: 0, settle: 0, changed: 0 };
  const deps: SettleDeps = {
    needStore: {
      settle: async (...args) => {
        const settled = await needStore.settle(...args);
        await at('settle');
        return settled;
      },
      settleMany: async (needs) => {
        const settled = await needStore.settleMany(needs);
        await at('settle');
        return settled;
      },
    },
    resultStore: {
      get: (id) => resultStore.get(id),
      put: async (result) => {
        const put = await resultStore.put(result);
        await at('put');
        return put;
      },
      putPacked: (packed) => resultStore.putPacked(packed),
      putPackedMany: async (results) => {
        await resultStore.putPackedMany(results);
        await at('put');
      },
    },
    historyStore: {
      last: (needId) => historyStore.last(needId),
      outline: (resultId) => historyStore.outline(resultId),
      append: async (entry) => {
        const stands = await historyStore.append(entry);
        await at('append');
        return stands;
      },
      appendMany: async (entries) => {
        const stands = await historyStore.appendMany(entries);
        await at('append');
        return stands;
      },
    },
    resultSignal: { announce: async (needId) => void told.push(needId) },
    changes: { changed: (_outbox, id) => void signalled.push(id) },
    clock: { now: () => '2026-03-01T08:00:00.000Z' },
  };
  await needStore.insert(makeStoredNeed(1), []);
  const read = async (): Promise<StoredNeed> => {
    const stored = await needStore.get(ID);
    if (stored === null) throw new Error('no need');
    return stored;
  };
  async function inputFor(result: MatchResult, more: Partial<SettleInput>): Promise<SettleInput> {
    const stored = more.stored ?? (await read());
    const resultId = stored.matching.resultId ?? stored.matching.previousResultId;
    const stands = resultId === null ? null : await readOutline({ resultStore, historyStore }, resultId);
    const previous = stands === null ? null : outcomeText(stands.outcome);
    const [outline, marginPoints] = [outlineOf(result), more.marginPoints ?? 1];
    const before = { previous, announced: stored.matching.announced, marginPoints };
    const made = madeOfOutline(outline, outcomeText(outline.outcome), before);
    return { ...{ stored, previous, made, whole: result, changes: [RAN_LOW] }, marginPoints, ...more };
  }
  return {
    ...{ deps, needStore, resultStore, historyStore, told, signalled, read },
    crashNextAfter(step: keyof typeof steps) {
      crashAt = step;
    },
    async settle(result: MatchResult, more: Partial<SettleInput> = {}) {
      const input = await inputFor(result, more);
      return (await settleResult(deps, input)).settlement;
    },
    /** As rematching does it: several needs at once, their results packed or whole. */
    async settleWhole(results: readonly MatchResult[], pack: (result: MatchResult) => SettleInput['whole']) {
      const inputs = await Promise.all(results.map((result) => inputFor(result, { whole: pack(result) })));
      return (await settleTogether(deps, inputs)).map(({ settlement }) => settlement);
    },
    /** The same with outlines. */
    async settleOutlines(results: readonly MatchResult[], more: Partial<SettleInput> = {}) {
      const inputs = await Promise.all(results.map((result) => inputFor(result, { whole: null, ...more })));
      return (await settleTogether(deps, inputs)).map(({ settlement }) => settlement);
    },
    async history() {
      return [...(await historyStore.list(ID, null, 100)).items].reverse();
    },
    async events(): Promise<readonly Change[]> {
      return needStore.outbox.of([ID]);
    },
  };
}

describe('settleResult', () => {
  it('stores the first result with its step and what is announced of it', async () => {
    const w = await world();
    const first = resultWith('s1', ['a', 'b', 'c', 'd']);
    expect(await w.settle(first, { changes: [] })).toBe('settled');
    expect((await w.read()).matching).toMatchObject({
      status: 'ready',
      resultId: resultIdOf(first),
      previousResultId: null,
      announced: { parkId: 'a', score: 90 },
      sequence: 1,
    });
    expect(await w.history()).toEqual([
      {
        ...{ needId: ID, position: 1, at: '2026-03-01T08:00:00.000Z', needVersion: 1, changes: [], changesTotal: 0 },
        ...{ fromResultId: null, toResultId: resultIdOf(first), difference: null, announced: 'match.created' },
      },
    ]);
    expect(await w.events()).toMatchObject([
      {
        id: `${ID}.m1`,
        type: 'match.created',
        object: { kind: 'need', id: ID, version: 1 },
        chains: ['330782'],
        actor: { kind: 'system' },
        before: { resultId: null, firstParkId: null, firstScore: null },
        after: {
          resultId: resultIdOf(first),
          sequence: 1,
          firstParkId: 'a',
          parkIds: ['a', 'b', 'c'],
          ranks: [1, 2, 3],
          scores: [90, 80, 70],
          rankedTotal: 4,
          label: 'leaning',
        },
      },
    ]);
    expect([w.told, w.signalled]).toEqual([[ID], [ID]]);
  });

  it('tells nothing of the firm', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a']));
    const text = JSON.stringify([await w.events(), await w.history()]);
    const { firm, title, description } = makeNeed();
    for (const secret of [firm.name, title, description]) expect(text).not.toContain(secret);
  });

  it('stores and sends nothing where the advice is the same', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    const before = [await w.read(), await w.history(), await w.events()];
    const same = resultWith('s2', ['a', 'b']);
    expect(await w.settle({ ...same, ranked: same.ranked.map((park) => ({ ...park, score: park.score - 3 })) })).toBe(
      'same',
    );
    expect([await w.read(), await w.history(), await w.events()]).toEqual(before);
    expect(await w.resultStore.get(resultIdOf(same))).toBeNull();
    expect(w.told).toHaveLength(1);
  });

  it('says why, what moved and, beyond the margin, that it did', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    expect(await w.settle(resultWith('s2', ['b', 'a']))).toBe('settled');
    const [, step] = await w.history();
    expect(step).toMatchObject({
      position: 2,
      changes: [RAN_LOW],
      changesTotal: 1,
      fromResultId: resultIdOf(resultWith('s1', [])),
      toResultId: resultIdOf(resultWith('s2', [])),
      difference: {
        first: { from: 'a', to: 'b' },
        ranks: [
          { parkId: 'b', from: 2, to: 1 },
          { parkId: 'a', from: 1, to: 2 },
        ],
      },
      announced: 'match.changed',
    });
    const [, told] = await w.events();
    expect(told).toMatchObject({
      id: `${ID}.m2`,
      before: { firstParkId: 'a', firstScore: 90 },
      after: { sequence: 2, firstParkId: 'b' },
    });
    expect((await w.read()).matching).toMatchObject({
      previousResultId: resultIdOf(resultWith('s1', [])),
      sequence: 2,
    });
  });

  it('keeps a step within the margin to the history, and measures on from what was told', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    expect(await w.settle(resultWith('s2', ['b', 'a']), { marginPoints: 10.5 })).toBe('settled');
    expect((await w.history())[1]).toMatchObject({ announced: null, difference: { first: { to: 'b' } } });
    expect(await w.events()).toHaveLength(1);
    expect((await w.read()).matching).toMatchObject({ announced: { parkId: 'a' }, sequence: 1 });
    expect(await w.settle(resultWith('s3', ['b', 'c', 'a']), { marginPoints: 10.5 })).toBe('settled');
    expect((await w.events())[1]).toMatchObject({ type: 'match.changed', before: { firstParkId: 'a' } });
  });

  it('tells nobody where it is to be quiet', async () => {
    const w = await world();
    expect(await w.settle(resultWith('s1', ['a']), { quiet: true })).toBe('settled');
    expect(await w.events()).toEqual([]);
    expect((await w.read()).matching).toMatchObject({ announced: null, sequence: 0 });
    await w.settle(resultWith('s2', ['b']));
    expect(await w.events()).toMatchObject([{ type: 'match.created', id: `${ID}.m1` }]);
  });

  it('always stores the first result of a new version, measured against what was told of the old one', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    const { matching, ...first } = await w.read();
    const second = revise({ ...first, matching }, makeNeed({ workers: 7 }));
    const { resultId, announced, sequence } = matching;
    await w.needStore.replace(
      { ...second, matching: { ...second.matching, previousResultId: resultId, announced, sequence } },
      1,
      [],
    );
    expect(await w.settle(resultWith('s1', ['a', 'b'], 2))).toBe('settled');
    expect((await w.history())[1]).toMatchObject({
      needVersion: 2,
      fromResultId: resultId,
      difference: null,
      announced: null,
    });
    expect(await w.events()).toHaveLength(1);
    expect((await w.read()).matching).toMatchObject({ status: 'ready', previousResultId: resultId, sequence: 1 });
  });

  it(`names the first ${CHANGES_KEPT} changes and counts all`, async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a']), { changes: Array.from({ length: 30 }, () => RAN_LOW) });
    expect((await w.history())[0]).toMatchObject({ changesTotal: 30, changes: { length: CHANGES_KEPT } });
  });

  it('leaves a need that has a newer version', async () => {
    const w = await world();
    const stored = await w.read();
    await w.needStore.replace(revise(stored, makeNeed()), 1, []);
    expect(await w.settle(resultWith('s1', ['a']), { stored })).toBe('superseded');
    expect((await w.read()).matching.status).toBe('pending');
    expect([w.told, await w.events()]).toEqual([[], []]);
  });
});

describe('settleResult after a crash', () => {
  it.each(['put', 'append', 'settle'] as const)('after %s: the same again leaves one of each', async (step) => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    const input = { stored: await w.read() };
    w.crashNextAfter(step);
    await expect(w.settle(resultWith('s2', ['b', 'a']), input)).rejects.toBe(CRASH);
    expect(await w.settle(resultWith('s2', ['b', 'a']))).toBe(step === 'settle' ? 'same' : 'settled');
    expect((await w.history()).map(({ position, announced }) => [position, announced])).toEqual([
      [1, 'match.created'],
      [2, 'match.changed'],
    ]);
    expect((await w.events()).map(({ id }) => id)).toEqual([`${ID}.m1`, `${ID}.m2`]);
    expect((await w.read()).matching.resultId).toBe(resultIdOf(resultWith('s2', [])));
  });

  it('finishes the step that was written when the facts are others by then, and goes on from it', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    w.crashNextAfter('append');
    await expect(w.settle(resultWith('s2', ['b', 'a']))).rejects.toBe(CRASH);
    expect(await w.settle(resultWith('s3', ['c', 'b', 'a']))).toBe('settled');
    const ids = ['s1', 's2', 's3'].map((snapshot) => resultIdOf(resultWith(snapshot, [])));
    expect((await w.history()).map(({ fromResultId, toResultId }) => [fromResultId, toResultId])).toEqual([
      [null, ids[0]],
      [ids[0], ids[1]],
      [ids[1], ids[2]],
    ]);
    expect((await w.events()).map(({ id, after }) => [id, after?.['firstParkId']])).toEqual([
      [`${ID}.m1`, 'a'],
      [`${ID}.m2`, 'b'],
      [`${ID}.m3`, 'c'],
    ]);
    expect((await w.read()).matching).toMatchObject({ resultId: ids[2], previousResultId: ids[1], sequence: 3 });
  });

  it('finishes a first step too', async () => {
    const w = await world();
    w.crashNextAfter('append');
    await expect(w.settle(resultWith('s1', ['a']))).rejects.toBe(CRASH);
    expect(await w.settle(resultWith('s2', ['a']))).toBe('same');
    expect((await w.read()).matching).toMatchObject({
      status: 'ready',
      sequence: 1,
      resultId: resultIdOf(resultWith('s1', [])),
    });
    expect(await w.history()).toHaveLength(1);
  });

  it('leaves a step of a version that is no longer to the past', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    w.crashNextAfter('append');
    await expect(w.settle(resultWith('s2', ['b', 'a']))).rejects.toBe(CRASH);
    const { matching, ...first } = await w.read();
    const { resultId, announced, sequence } = matching;
    const second = revise({ ...first, matching }, makeNeed({ workers: 7 }));
    await w.needStore.replace(
      { ...second, matching: { ...second.matching, previousResultId: resultId, announced, sequence } },
      1,
      [],
    );
    expect(await w.settle(resultWith('s3', ['b', 'a'], 2))).toBe('settled');
    expect(
      (await w.history()).map(({ position, needVersion, fromResultId }) => [position, needVersion, fromResultId]),
    ).toEqual([
      [1, 1, null],
      [2, 1, resultId],
      [3, 2, resultId],
    ]);
    expect((await w.events()).map(({ id, type }) => [id, type])).toEqual([
      [`${ID}.m1`, 'match.created'],
      [`${ID}.m2`, 'match.changed'],
    ]);
  });
});

describe('settleResult with several at once', () => {
  it('leaves one line of steps, each from the result before, and the sequence without gaps', async () => {
    const w = await world();
    await w.settle(resultWith('s1', ['a', 'b']));
    const stored = await w.read();
    const orders = [['b', 'a'], ['c', 'a'], ['d', 'b'], ['e'], ['f', 'a']];
    const answers = await Promise.all(
      orders.map((order, number) => w.settle(resultWith(`s${number + 2}`, order), { stored })),
    );
    expect(answers).toContain('settled');
    const steps = await w.history();
    for (const [at, step] of steps.entries()) {
      expect(step.position).toBe(at + 1);
      expect(step.fromResultId).toBe(at === 0 ? null : steps[at - 1]?.toResultId);
    }
    expect((await w.read()).matching).toMatchObject({ resultId: steps.at(-1)?.toResultId, sequence: steps.length });
    expect((await w.events()).map(({ id }) => id)).toEqual(steps.map((_, at) => `${ID}.m${at + 1}`));
  });
});

describe('settleTogether', () => {
  const before = resultWith('s1', ['a', 'b']);
  const after = resultWith('s2', ['b', 'a']);

  it('leaves what settling one by one leaves', async () => {
    const [one, many] = [await world(), await world()];
    for (const w of [one, many]) await w.settle(before);
    expect(await one.settle(after)).toBe('settled');
    expect(await many.settleOutlines([after])).toEqual(['settled']);
    expect(await many.history()).toEqual(await one.history());
    expect((await many.read()).matching).toEqual((await one.read()).matching);
    expect(await many.events()).toEqual(await one.events());
    expect(await many.resultStore.get(resultIdOf(after))).toBeNull();
    expect(await many.historyStore.outline(resultIdOf(after))).toEqual(outlineOf(after));
    expect(many.told).toEqual(one.told);
  });

  it.each([
    ['packed', packResult],
    ['not packed', (result: MatchResult) => result],
  ])('stores whole results first, %s', async (_how, pack) => {
    const w = await world();
    await w.settle(before);
    w.crashNextAfter('put');
    await expect(w.settleWhole([after], pack)).rejects.toBe(CRASH);
    expect(await w.resultStore.get(resultIdOf(after))).toEqual(after);
    expect(await w.history()).toHaveLength(1);
    expect(await w.settleWhole([after], pack)).toEqual(['settled']);
    expect(await w.historyStore.outline(resultIdOf(after))).toBeNull();
    expect((await w.read()).matching).toMatchObject({ resultId: resultIdOf(after), steps: 2 });
  });

  it('stores nothing where the advice is the same', async () => {
    const w = await world();
    await w.settle(before);
    expect(await w.settleOutlines([resultWith('s2', ['a', 'b'])])).toEqual(['same']);
    expect(await w.history()).toHaveLength(1);
  });

  it.each(['append', 'settle'] as const)('after %s: the same again leaves one of each', async (step) => {
    const w = await world();
    await w.settle(before);
    w.crashNextAfter(step);
    await expect(w.settleOutlines([after])).rejects.toBe(CRASH);
    expect(await w.settleOutlines([after])).toEqual([step === 'settle' ? 'same' : 'settled']);
    expect(await w.history()).toHaveLength(2);
    expect((await w.read()).matching).toMatchObject({ resultId: resultIdOf(after), steps: 2, sequence: 2 });
  });

  it("finishes another's step before its own", async () => {
    const w = await world();
    await w.settle(before);
    w.crashNextAfter('append');
    await expect(w.settleOutlines([after])).rejects.toBe(CRASH);
    expect(await w.settleOutlines([resultWith('s3', ['c', 'b', 'a'])])).toEqual(['settled']);
    expect((await w.history()).map(({ position, toResultId }) => [position, toResultId.split(':').at(-1)])).toEqual([
      [1, 's1'],
      [2, 's2'],
      [3, 's3'],
    ]);
    expect((await w.read()).matching).toMatchObject({ steps: 3 });
  });

  it('settles a need whose steps nobody has counted', async () => {
    const w = await world();
    await w.settle(before);
    const stored = await w.read();
    const { steps: _, ...uncounted } = stored.matching;
    expect(await w.settleOutlines([after], { stored: { ...stored, matching: uncounted } })).toEqual(['settled']);
    expect((await w.read()).matching).toMatchObject({ resultId: resultIdOf(after), steps: 2 });
  });
});
