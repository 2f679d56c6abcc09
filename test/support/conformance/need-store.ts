import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { StoredNeed } from '../../../src/domain/need.js';
import type { NeedStore } from '../../../src/ports/need-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import { makeChange } from './changes.js';
import {
  DIFFICULT_TEXT,
  failedWith,
  makeMatching,
  makeNeed,
  makeStoredNeed,
  needIdOf,
  readyWith,
  revise,
} from './records.js';

/** What every NeedStore must do. `makeStore` gives an empty store each time. */
export function describeNeedStoreConformance(
  name: string,
  makeHarness: () => Promise<{ readonly store: NeedStore; readonly outbox: Outbox }>,
): void {
  const makeStore = async () => (await makeHarness()).store;
  describe(`NeedStore: ${name}`, () => {
    it('gives back what was inserted, every character of it', async () => {
      const store = await makeStore();
      const need = makeNeed({ title: DIFFICULT_TEXT, description: DIFFICULT_TEXT.repeat(50), emissions: {} });
      const stored = makeStoredNeed(1, { need, firstBodyDigest: 'ab'.repeat(32) });
      expect(await store.insert(stored, [])).toEqual({ inserted: true });
      expect(await store.get(stored.id)).toEqual(stored);
    });

    it('knows nothing of a need that was not inserted', async () => {
      const store = await makeStore();
      expect(await store.get(needIdOf(404))).toBeNull();
      expect(await store.replace(makeStoredNeed(404, { version: 2 }), 1, [])).toEqual({ outcome: 'missing' });
      expect(await store.settle(needIdOf(404), 1, failedWith('internal'))).toBe(false);
    });

    it('refuses a second need under the same id and hands back the first', async () => {
      const store = await makeStore();
      const first = makeStoredNeed(1);
      const other = makeStoredNeed(1, { need: makeNeed({ title: '另一个' }) });
      await store.insert(first, []);
      expect(await store.insert(other, [])).toEqual({ inserted: false, existing: first });
      expect(await store.get(first.id)).toEqual(first);
    });

    it('lets exactly one of 20 racing inserts in and shows it to the others', async () => {
      const store = await makeStore();
      const racers = Array.from({ length: 20 }, (_, index) =>
        makeStoredNeed(1, { need: makeNeed({ title: `第${index}个` }) }),
      );
      const answers = await Promise.all(racers.map((racer) => store.insert(racer, [])));
      const winner = racers[answers.findIndex((answer) => answer.inserted)];
      expect(answers.filter((answer) => answer.inserted)).toHaveLength(1);
      for (const answer of answers) if (!answer.inserted) expect(answer.existing).toEqual(winner);
    });

    it('replaces the version expected and keeps the history', async () => {
      const store = await makeStore();
      const first = makeStoredNeed(1);
      await store.insert(first, []);
      const second = revise(first, makeNeed({ investWan: 1 }));
      expect(await store.replace(second, 1, [])).toEqual({ outcome: 'replaced' });
      expect(await store.get(first.id)).toEqual(second);
    });

    it('refuses a stale replacement and names the current version', async () => {
      const store = await makeStore();
      const first = makeStoredNeed(1);
      await store.insert(first, []);
      const second = revise(first, makeNeed());
      await store.replace(second, 1, []);
      expect(await store.replace(revise(first, makeNeed({ title: '迟到' })), 1, [])).toEqual({
        outcome: 'stale',
        currentVersion: 2,
      });
      expect(await store.get(first.id)).toEqual(second);
    });

    it('lets exactly one of 20 racing replacements win', async () => {
      const store = await makeStore();
      const first = makeStoredNeed(1);
      await store.insert(first, []);
      const racers = Array.from({ length: 20 }, (_, index) => revise(first, makeNeed({ title: `第${index}个` })));
      const answers = await Promise.all(racers.map((racer) => store.replace(racer, 1, [])));
      expect(answers.filter(({ outcome }) => outcome === 'replaced')).toHaveLength(1);
      expect(answers.filter(({ outcome }) => outcome === 'stale')).toHaveLength(19);
      expect(await store.get(first.id)).toEqual(racers[answers.findIndex(({ outcome }) => outcome === 'replaced')]);
    });

    it('lists newest first, page by page, also where many were created at the same moment', async () => {
      const store = await makeStore();
      const times = ['2025-03-01T08:00:00.000Z', '2025-03-01T08:00:00.001Z', '2025-03-01T08:00:00.001Z'];
      const needs = Array.from({ length: 11 }, (_, index) =>
        makeStoredNeed(index, { createdAt: times[index % 3] ?? '2025-03-01T08:00:00.001Z' }),
      );
      for (const need of needs) await store.insert(need, []);
      const expected = [...needs]
        .sort((left, right) => (left.createdAt + left.id < right.createdAt + right.id ? 1 : -1))
        .map(({ id }) => id);

      const seen: StoredNeed[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: Awaited<ReturnType<NeedStore['list']>> = await store.list(null, cursor, 4);
        seen.push(...page.items);
        cursor = page.nextCursor;
        pages += 1;
      } while (cursor !== null && pages < 10);
      expect(seen.map(({ id }) => id)).toEqual(expected);
      expect(pages).toBe(3);
    });

    it('lists the needs of one county only, page by page', async () => {
      const store = await makeStore();
      const counties = ['330782', '330483', '330782', '330782', '330483', '330782'];
      for (const [number, countyAdcode] of counties.entries()) {
        const need = makeNeed({ firm: { name: '测试企业', countyAdcode } });
        const createdAt = `2025-03-01T08:00:0${Math.floor(number / 2)}.000Z`;
        await store.insert(makeStoredNeed(number, { need, createdAt }), []);
      }
      const first = await store.list('330782', null, 3);
      const rest = await store.list('330782', first.nextCursor, 3);
      const numbers = [5, 3, 2, 0].map(needIdOf);
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(numbers);
      expect(rest.nextCursor).toBeNull();
      expect((await store.list('330483', null, 2)).nextCursor).toBeNull();
      expect(await store.list('330100', null, 5)).toEqual({ items: [], nextCursor: null });
      expect((await store.list(null, null, 10)).items).toHaveLength(6);
    });

    it('ends a list that fits its page exactly, and an empty one', async () => {
      const store = await makeStore();
      expect(await store.list(null, null, 5)).toEqual({ items: [], nextCursor: null });
      await store.insert(makeStoredNeed(1), []);
      expect((await store.list(null, null, 1)).nextCursor).toBeNull();
    });

    it.each(['x', '', '!!!', 'eyJhIjoxfQ', `${'A'.repeat(400)}`, '{"$gt":""}'])(
      'refuses the cursor %j',
      async (cursor) => {
        const store = await makeStore();
        const refused = await store.list(null, cursor, 5).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(AppError);
        expect(refused).toMatchObject({ code: 'invalidInput', issues: [{ field: 'cursor' }] });
      },
    );

    it('settles a version as ready, as often as asked', async () => {
      const store = await makeStore();
      const need = makeStoredNeed(1);
      await store.insert(need, []);
      const settled = { ...need, matching: makeMatching({ status: 'ready', resultId: 'r:1', failure: null }) };
      for (let times = 0; times < 3; times += 1) {
        expect(await store.settle(need.id, 1, readyWith('r:1'))).toBe(true);
        expect(await store.get(need.id)).toEqual(settled);
      }
    });

    it('refuses to settle a version that is no longer, or not yet, the current one', async () => {
      const store = await makeStore();
      const first = makeStoredNeed(1);
      await store.insert(first, []);
      const second = revise(first, makeNeed());
      await store.replace(second, 1, []);
      expect(await store.settle(first.id, 1, readyWith('old'))).toBe(false);
      expect(await store.settle(first.id, 3, readyWith('new'))).toBe(false);
      expect(await store.get(first.id)).toEqual(second);
    });

    it('lets a result follow a failure, and no failure hide a result', async () => {
      const store = await makeStore();
      const { id } = makeStoredNeed(1);
      await store.insert(makeStoredNeed(1), []);
      expect(await store.settle(id, 1, failedWith('timeout'))).toBe(true);
      expect((await store.get(id))?.matching).toEqual(
        makeMatching({ status: 'failed', resultId: null, failure: 'timeout' }),
      );
      expect(await store.settle(id, 1, readyWith('r'))).toBe(true);
      expect(await store.settle(id, 1, failedWith('timeout'))).toBe(false);
      expect((await store.get(id))?.matching).toEqual(makeMatching({ status: 'ready', resultId: 'r', failure: null }));
    });

    it('moves a need on from the result it was told of, and from no other', async () => {
      const { store, outbox } = await makeHarness();
      const need = makeStoredNeed(1);
      await store.insert(need, []);
      const told = (sequence: number) => makeChange(sequence, { id: `${need.id}.m${sequence}`, objectId: need.id });
      const announced = { parkId: 'park-1', score: 71.5 };
      const first = readyWith('r:1', { from: null, announced, sequence: 1, changes: [told(1)] });
      const second = readyWith('r:2', { from: 'r:1', announced, sequence: 2, changes: [told(2)] });
      expect(await store.settle(need.id, 1, { ...second, from: 'r:0' })).toBe(false);
      for (let times = 0; times < 2; times += 1) expect(await store.settle(need.id, 1, first)).toBe(true);
      for (let times = 0; times < 2; times += 1) expect(await store.settle(need.id, 1, second)).toBe(true);
      expect(await store.settle(need.id, 1, first)).toBe(false);
      expect(await store.settle(need.id, 1, readyWith('r:3', { from: 'r:1', changes: [told(3)] }))).toBe(false);
      expect((await store.get(need.id))?.matching).toEqual(
        makeMatching({ status: 'ready', resultId: 'r:2', previousResultId: 'r:1', announced, sequence: 2 }),
      );
      expect(await outbox.of([need.id])).toEqual([told(1), told(2)]);
      await outbox.remove([told(1), told(2)]);
      expect(await store.settle(need.id, 1, second)).toBe(true);
      expect(await outbox.of([need.id])).toEqual([]);
    });

    it('lets exactly one of 10 racing results follow the same one', async () => {
      const { store, outbox } = await makeHarness();
      const { id } = makeStoredNeed(1);
      await store.insert(makeStoredNeed(1), []);
      await store.settle(id, 1, readyWith('r'));
      const settled = await Promise.all(
        Array.from({ length: 10 }, (_, number) => {
          const change = makeChange(1, { id: `${id}.m1`, objectId: id, requestId: `r:${number}` });
          return store.settle(id, 1, readyWith(`r:${number}`, { from: 'r', sequence: 1, changes: [change] }));
        }),
      );
      expect(settled.filter(Boolean)).toHaveLength(1);
      const winner = `r:${settled.indexOf(true)}`;
      expect((await store.get(id))?.matching).toMatchObject({ resultId: winner, previousResultId: 'r', sequence: 1 });
      expect(await outbox.of([id])).toMatchObject([{ requestId: winner }]);
    });

    it('keeps what was announced when a job fails', async () => {
      const store = await makeStore();
      const announced = { parkId: null, score: null };
      const matching = makeMatching({ previousResultId: 'r:1', announced, sequence: 4 });
      await store.insert(makeStoredNeed(1, { matching }), []);
      expect(await store.settle(needIdOf(1), 1, failedWith('timeout'))).toBe(true);
      const failed = { ...matching, status: 'failed', failure: 'timeout' };
      expect((await store.get(needIdOf(1)))?.matching).toEqual(failed);
    });

    it('replaces a need only from where its matching stood, if told', async () => {
      const store = await makeStore();
      const need = makeStoredNeed(1);
      await store.insert(need, []);
      await store.settle(need.id, 1, readyWith('r:1', { sequence: 1 }));
      const next = revise(need, makeNeed({ investWan: 1 }));
      const stale = { outcome: 'stale', currentVersion: 1 };
      expect(await store.replace(next, 1, [], { resultId: null, sequence: 0 })).toEqual(stale);
      expect(await store.replace(next, 1, [], { resultId: 'r:1', sequence: 0 })).toEqual(stale);
      expect(await store.replace(next, 1, [], { resultId: 'r:2', sequence: 1 })).toEqual(stale);
      expect(await store.replace(next, 1, [], { resultId: 'r:1', sequence: 1 })).toEqual({ outcome: 'replaced' });
      const third = revise(next, makeNeed());
      expect(await store.replace(third, 2, [], { resultId: null, sequence: 0 })).toEqual({ outcome: 'replaced' });
    });

    it('hands out needs with a result by id, piece by piece, of one county where one is asked for', async () => {
      const store = await makeStore();
      const counties = ['330782', '330483', '330782', '330782', '330483', '330782', '330782'];
      for (const [number, countyAdcode] of counties.entries()) {
        await store.insert(
          makeStoredNeed(number, { need: makeNeed({ firm: { name: '测试企业', countyAdcode } }) }),
          [],
        );
        if (number !== 3) await store.settle(needIdOf(number), 1, readyWith(`r:${number}`));
      }
      await store.insert(makeStoredNeed(9), []);
      await store.settle(needIdOf(9), 1, failedWith('timeout'));
      const idsOf = async (...args: Parameters<NeedStore['settled']>) =>
        (await store.settled(...args)).map(({ id }) => id);
      expect(await idsOf(null, null, 4)).toEqual([0, 1, 2, 4].map(needIdOf));
      expect(await idsOf(null, needIdOf(4), 4)).toEqual([5, 6].map(needIdOf));
      expect(await idsOf('330782', null, 10)).toEqual([0, 2, 5, 6].map(needIdOf));
      expect(await idsOf('330782', needIdOf(2), 1)).toEqual([needIdOf(5)]);
      expect(await store.settled(null, needIdOf(6), 4)).toEqual([]);
      expect(await store.settled('330483', needIdOf(1), 4)).toEqual([await store.get(needIdOf(4))]);
    });

    it('settles many, each on its own: those that stand elsewhere are left, and said to be', async () => {
      const store = await makeStore();
      for (const number of [1, 2, 3]) await store.insert(makeStoredNeed(number), []);
      await store.settle(needIdOf(2), 1, readyWith('r:elsewhere'));
      const outcome = { ...readyWith('r:1'), from: null, steps: 1 };
      const many = [1, 2, 3, 404].map((number) => ({ id: needIdOf(number), version: 1, outcome }));
      expect(await store.settleMany(many)).toEqual([true, false, true, false]);
      expect((await store.get(needIdOf(1)))?.matching).toMatchObject({ status: 'ready', resultId: 'r:1', steps: 1 });
      expect((await store.get(needIdOf(2)))?.matching.resultId).toBe('r:elsewhere');
      expect(await store.settleMany(many)).toEqual([true, false, true, false]);
      const next = { ...readyWith('r:2'), from: 'r:1', steps: 2 };
      expect(await store.settleMany([{ id: needIdOf(3), version: 1, outcome: next }])).toEqual([true]);
      expect((await store.get(needIdOf(3)))?.matching).toMatchObject({
        ...{ resultId: 'r:2', previousResultId: 'r:1', steps: 2 },
      });
      expect(await store.settleMany([])).toEqual([]);
    });

    it('names needs changed or settled since a moment, oldest first', async () => {
      const store = await makeStore();
      const at = (second: number): string => `2025-03-01T08:00:0${second}.000Z`;
      for (const [number, second] of [4, 1, 2, 3].entries()) {
        await store.insert(makeStoredNeed(number, { updatedAt: at(second) }), []);
      }
      const seen = async (since: string, limit = 10) =>
        (await store.changedSince(since, limit)).map(({ id, touchedAt }) => [id, touchedAt]);
      const row = (number: number, second: number) => [needIdOf(number), at(second)];
      expect(await seen(at(2))).toEqual([row(2, 2), row(3, 3), row(0, 4)]);
      await store.settle(needIdOf(1), 1, readyWith('r', { at: at(5) }));
      await store.settle(needIdOf(2), 1, { ...failedWith('timeout'), at: at(6) });
      const revised = revise(makeStoredNeed(3), makeNeed(), at(7));
      await store.replace(revised, 1, []);
      expect(await seen(at(0))).toEqual([row(0, 4), row(1, 5), row(2, 6), row(3, 7)]);
      expect(await seen(at(5), 2)).toEqual([row(1, 5), row(2, 6)]);
      const { status, resultId } = revised.matching;
      expect(await store.changedSince(at(7), 5)).toEqual([
        { id: revised.id, version: 2, matching: { status, resultId }, touchedAt: at(7) },
      ]);
      expect(await store.changedSince(at(8), 5)).toEqual([]);
    });

    it('names pending needs, longest waiting first, and no others', async () => {
      const store = await makeStore();
      const at = (second: number): string => `2025-03-01T08:00:0${second}.000Z`;
      for (const [number, second] of [5, 3, 3, 1, 8].entries()) {
        await store.insert(makeStoredNeed(number, { updatedAt: at(second) }), []);
      }
      await store.settle(needIdOf(0), 1, readyWith('r'));
      await store.insert(makeStoredNeed(9, { updatedAt: at(0) }), []);
      await store.settle(needIdOf(9), 1, failedWith('internal'));
      const all = [3, 1, 2].map((number) => ({ needId: needIdOf(number), version: 1 }));
      expect(await store.pending(at(8), 10)).toEqual(all);
      expect(await store.pending(at(8), 2)).toEqual(all.slice(0, 2));
      expect(await store.pending(at(1), 10)).toEqual([]);
    });

    it('writes the changes with what they tell of, or not at all', async () => {
      const { store, outbox } = await makeHarness();
      const first = makeStoredNeed(1);
      const [submitted, revised, late] = [1, 2, 3].map((version) => makeChange(version, { objectId: first.id }));
      if (submitted === undefined || revised === undefined || late === undefined) throw new Error('no changes');
      expect(await store.insert(first, [submitted])).toEqual({ inserted: true });
      expect(await store.insert(first, [late])).toMatchObject({ inserted: false });
      const second = revise(first, makeNeed({ investWan: 1 }));
      expect(await store.replace(second, 1, [revised])).toEqual({ outcome: 'replaced' });
      expect(await store.replace(revise(first, makeNeed()), 1, [late])).toMatchObject({ outcome: 'stale' });
      expect(await store.replace(makeStoredNeed(404), 1, [late])).toEqual({ outcome: 'missing' });
      expect(await outbox.of([first.id, needIdOf(404)])).toEqual([submitted, revised]);
      // The outbox is the store's own affair.
      await store.settle(first.id, 2, readyWith('r'));
      const settled = { ...second, matching: makeMatching({ status: 'ready', resultId: 'r', failure: null }) };
      expect(await store.get(first.id)).toEqual(settled);
      expect((await store.list(null, null, 1)).items).toEqual([settled]);
      expect(await outbox.of([first.id])).toHaveLength(2);
      await outbox.remove([submitted, revised]);
      expect(await outbox.waiting(10)).toEqual([]);
      expect(await store.get(first.id)).toEqual(settled);
    });

    it('is not changed by what callers do to objects they handed in or got', async () => {
      const store = await makeStore();
      const handedIn = makeStoredNeed(1);
      await store.insert(handedIn, []);
      Object.assign(handedIn.need, { title: '改了' });
      Object.assign((await store.get(handedIn.id))?.need ?? {}, { title: '又改了' });
      expect((await store.get(handedIn.id))?.need.title).toBe('扩产项目');
    });
  });
}
