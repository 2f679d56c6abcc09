import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { StoredNeed } from '../../../src/domain/need.js';
import type { NeedStore } from '../../../src/ports/need-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import { makeChange } from './changes.js';
import { DIFFICULT_TEXT, makeNeed, makeStoredNeed, needIdOf, revise } from './records.js';

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
      expect(await store.settle(needIdOf(404), 1, { status: 'failed', failure: 'internal' })).toBe(false);
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
      const settled = { ...need, matching: { status: 'ready', resultId: 'r:1', failure: null } };
      for (let times = 0; times < 3; times += 1) {
        expect(await store.settle(need.id, 1, { status: 'ready', resultId: 'r:1' })).toBe(true);
        expect(await store.get(need.id)).toEqual(settled);
      }
    });

    it('refuses to settle a version that is no longer, or not yet, the current one', async () => {
      const store = await makeStore();
      const first = makeStoredNeed(1);
      await store.insert(first, []);
      const second = revise(first, makeNeed());
      await store.replace(second, 1, []);
      expect(await store.settle(first.id, 1, { status: 'ready', resultId: 'old' })).toBe(false);
      expect(await store.settle(first.id, 3, { status: 'ready', resultId: 'new' })).toBe(false);
      expect(await store.get(first.id)).toEqual(second);
    });

    it('lets a result follow a failure, and no failure hide a result', async () => {
      const store = await makeStore();
      const { id } = makeStoredNeed(1);
      await store.insert(makeStoredNeed(1), []);
      expect(await store.settle(id, 1, { status: 'failed', failure: 'timeout' })).toBe(true);
      expect((await store.get(id))?.matching).toEqual({ status: 'failed', resultId: null, failure: 'timeout' });
      expect(await store.settle(id, 1, { status: 'ready', resultId: 'r' })).toBe(true);
      expect(await store.settle(id, 1, { status: 'failed', failure: 'timeout' })).toBe(false);
      expect((await store.get(id))?.matching).toEqual({ status: 'ready', resultId: 'r', failure: null });
    });

    it('names pending needs, longest waiting first, and no others', async () => {
      const store = await makeStore();
      const at = (second: number): string => `2025-03-01T08:00:0${second}.000Z`;
      for (const [number, second] of [5, 3, 3, 1, 8].entries()) {
        await store.insert(makeStoredNeed(number, { updatedAt: at(second) }), []);
      }
      await store.settle(needIdOf(0), 1, { status: 'ready', resultId: 'r' });
      await store.insert(makeStoredNeed(9, { updatedAt: at(0) }), []);
      await store.settle(needIdOf(9), 1, { status: 'failed', failure: 'internal' });
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
      await store.settle(first.id, 2, { status: 'ready', resultId: 'r' });
      const settled = { ...second, matching: { status: 'ready', resultId: 'r', failure: null } };
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
