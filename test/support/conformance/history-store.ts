import { describe, expect, it } from 'vitest';
import type { MatchResult } from '../../../src/domain/match.js';
import type { HistoryEntry } from '../../../src/domain/rematch.js';
import { outlineOf } from '../../../src/matching/rematch/outline.js';
import { HISTORY_PAGE_MAX, type HistoryStep, type HistoryStore, stepOf } from '../../../src/ports/history-store.js';
import { outlineText } from '../../../src/ports/outline-text.js';
import { resultIdOf } from '../../../src/ports/result-store.js';
import { makeResult, needIdOf } from './records.js';

/** An entry of a need's history, from result n - 1 to result n. */
export function makeHistoryEntry(position: number, overrides: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    needId: needIdOf(1),
    position,
    at: new Date(Date.UTC(2026, 2, 1) + position * 1_000).toISOString(),
    needVersion: 1,
    changes: [{ kind: 'park', parkId: 'park-1', fact: 'energyTce', from: 500, to: 450 }],
    changesTotal: 1,
    fromResultId: position === 1 ? null : `r:${position - 1}`,
    toResultId: `r:${position}`,
    difference: {
      first: { from: 'park-1', to: 'park-2' },
      ranks: [{ parkId: 'park-1', from: 1, to: null }],
      gates: [{ parkId: 'park-1', gate: 'energyTce', from: 'pass', to: 'fail' }],
      statuses: [{ parkId: 'park-1', from: 'eligible', to: 'excluded' }],
      label: { from: 'firm', to: null },
    },
    announced: position % 2 === 0 ? 'match.changed' : null,
    ...overrides,
  };
}

/** A step to a result, with its outline. */
export function outlineStep(result: MatchResult, position = 1, overrides: Partial<HistoryStep> = {}): HistoryStep {
  const { needId } = result;
  const entry = makeHistoryEntry(position, { needId, toResultId: resultIdOf(result) });
  return { ...stepOf(entry), outline: outlineText(outlineOf(result)), ...overrides };
}

/** What every HistoryStore must do. `makeStore` gives an empty store each time. */
export function describeHistoryStoreConformance(name: string, makeStore: () => Promise<HistoryStore>): void {
  describe(`HistoryStore: ${name}`, () => {
    const filled = async (count: number) => {
      const store = await makeStore();
      for (let position = 1; position <= count; position += 1) await store.append(stepOf(makeHistoryEntry(position)));
      return store;
    };

    it('gives back what was written, and nothing of other needs', async () => {
      const store = await makeStore();
      const first = makeHistoryEntry(1, {
        fromResultId: null,
        difference: null,
        announced: 'match.created',
        changes: [],
      });
      expect(await store.append(stepOf(first))).toBe(true);
      const other = makeHistoryEntry(1, { needId: needIdOf(2), toResultId: 'r:9' });
      expect(await store.append(stepOf(other))).toBe(true);
      expect(await store.last(first.needId)).toEqual(first);
      expect(await store.list(first.needId, null, 10)).toEqual({ items: [first], nextCursor: null });
      expect((await store.last(needIdOf(2)))?.toResultId).toBe('r:9');
      expect(await store.last(needIdOf(3))).toBeNull();
      expect(await store.list(needIdOf(3), null, 10)).toEqual({ items: [], nextCursor: null });
    });

    it('writes many, of a need each, and tells which stand', async () => {
      const store = await filled(1);
      const entries = [
        makeHistoryEntry(2),
        makeHistoryEntry(1, { needId: needIdOf(2) }),
        makeHistoryEntry(1, { needId: needIdOf(3) }),
      ];
      expect(await store.appendMany(entries.map(stepOf))).toEqual([true, true, true]);
      const others = [
        makeHistoryEntry(2),
        makeHistoryEntry(1, { needId: needIdOf(2), toResultId: 'r:other' }),
        makeHistoryEntry(2, { needId: needIdOf(3) }),
      ];
      expect(await store.appendMany(others.map(stepOf))).toEqual([true, false, true]);
      expect((await store.last(needIdOf(2)))?.toResultId).toBe('r:1');
      expect(await store.last(needIdOf(3))).toEqual(makeHistoryEntry(2, { needId: needIdOf(3) }));
      expect(await store.appendMany([])).toEqual([]);
    });

    it('gives the outline of a result a step brought, and none of others', async () => {
      const store = await makeStore();
      const results = [makeResult(1), makeResult(1, 0, { snapshot: 'bb22' }), makeResult(2, 200)];
      const [first, second, other] = results;
      if (first === undefined || second === undefined || other === undefined) throw new Error('no results');
      await store.append(outlineStep(first));
      await store.appendMany([outlineStep(second, 2), outlineStep(other)]);
      await store.append(outlineStep(makeResult(1, 3, { snapshot: 'cc33' }), 3, { outline: null }));
      for (const result of results) expect(await store.outline(resultIdOf(result))).toEqual(outlineOf(result));
      expect(await store.outline(resultIdOf(makeResult(1, 3, { snapshot: 'cc33' })))).toBeNull();
      expect(await store.outline(resultIdOf(makeResult(404)))).toBeNull();
      expect(await store.outline('')).toBeNull();
      const entry = makeHistoryEntry(2, { needId: second.needId, toResultId: resultIdOf(second) });
      expect((await store.list(second.needId, null, 10)).items[1]).toEqual(entry);
    });

    it('gives outlines of many results by their places, and leaves out what stands elsewhere', async () => {
      const store = await makeStore();
      const [first, second, other] = [makeResult(1), makeResult(1, 0, { snapshot: 'bb22' }), makeResult(2, 200)];
      const bare = makeResult(3);
      await store.append(outlineStep(first));
      await store.appendMany([outlineStep(second, 2), outlineStep(other), outlineStep(bare, 1, { outline: null })]);
      const place = (result: MatchResult, position: number) => ({ resultId: resultIdOf(result), position });
      expect(await store.outlines([place(second, 2), place(other, 1), place(bare, 1)])).toEqual(
        new Map([
          [resultIdOf(second), outlineOf(second)],
          [resultIdOf(other), outlineOf(other)],
          [resultIdOf(bare), null],
        ]),
      );
      expect(await store.outlines([place(first, 2), place(second, 1), place(other, 9), place(bare, 0)])).toEqual(
        new Map(),
      );
      expect(await store.outlines([place(first, 1), place(makeResult(404), 1), { resultId: '', position: 1 }])).toEqual(
        new Map([[resultIdOf(first), outlineOf(first)]]),
      );
      expect(await store.outlines([])).toEqual(new Map());
    });

    it('takes hundreds of steps at once, twice at the same time, and keeps the first outline of each', async () => {
      const store = await makeStore();
      const results = Array.from({ length: 300 }, (_, number) => makeResult(number, 2));
      const steps = results.map((result) => outlineStep(result));
      const later = results.map((result) => outlineStep({ ...result, generatedAt: '2031-01-01T00:00:00.000Z' }));
      expect(await store.appendMany(steps)).toEqual(steps.map(() => true));
      const again = await Promise.all([store.appendMany(later), store.appendMany(later.toReversed())]);
      expect(again.flat()).toEqual([...steps, ...steps].map(() => true));
      for (const result of [results[0], results[150], results[299]]) {
        if (result === undefined) throw new Error('no result');
        expect(await store.outline(resultIdOf(result))).toEqual(outlineOf(result));
      }
    });

    it('writes a position once, and takes the same result again as done', async () => {
      const store = await filled(1);
      const later = makeHistoryEntry(1, { at: '2026-04-01T00:00:00.000Z' });
      expect(await store.append(stepOf(later))).toBe(true);
      expect(await store.append(stepOf(makeHistoryEntry(1, { toResultId: 'r:other' })))).toBe(false);
      expect((await store.list(needIdOf(1), null, 10)).items).toEqual([makeHistoryEntry(1)]);
    });

    it('lets exactly one of 20 racing entries have a position', async () => {
      const store = await filled(2);
      const racers = Array.from({ length: 20 }, (_, number) => makeHistoryEntry(3, { toResultId: `r:3-${number}` }));
      const wrote = await Promise.all(racers.map((entry) => store.append(stepOf(entry))));
      expect(wrote.filter(Boolean)).toHaveLength(1);
      expect(await store.last(needIdOf(1))).toEqual(racers[wrote.indexOf(true)]);
    });

    it.each([1, 2, 3, 4, 7, 8, 9, 31, 45])('finds the last of %i entries', async (count) => {
      expect(await (await filled(count)).last(needIdOf(1))).toEqual(makeHistoryEntry(count));
    });

    it('lists newest first, page by page', async () => {
      const store = await filled(11);
      const positions: number[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: Awaited<ReturnType<HistoryStore['list']>> = await store.list(needIdOf(1), cursor, 4);
        positions.push(...page.items.map(({ position }) => position));
        cursor = page.nextCursor;
        pages += 1;
      } while (cursor !== null && pages < 9);
      expect(positions).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(pages).toBe(3);
      expect((await store.list(needIdOf(1), null, 11)).nextCursor).toBeNull();
    });

    it('gives no page of more than so many', async () => {
      const store = await filled(HISTORY_PAGE_MAX + 3);
      const page = await store.list(needIdOf(1), null, 5_000);
      expect(page.items).toHaveLength(HISTORY_PAGE_MAX);
      expect((await store.list(needIdOf(1), page.nextCursor, 5_000)).items.map(({ position }) => position)).toEqual([
        3, 2, 1,
      ]);
    });

    it.each(['x', '', '!!!', '{"$gt":""}'])('refuses the cursor %j', async (cursor) => {
      const store = await filled(2);
      await expect(store.list(needIdOf(1), cursor, 5)).rejects.toMatchObject({
        code: 'invalidInput',
        issues: [{ field: 'cursor' }],
      });
    });

    it('is not changed by what callers do to objects they handed in or got', async () => {
      const store = await makeStore();
      const entry = stepOf(makeHistoryEntry(1));
      await store.append(entry);
      Object.assign(entry.changes[0] ?? {}, { fact: 'other' });
      Object.assign((await store.last(entry.needId))?.changes[0] ?? {}, { fact: 'other' });
      expect((await store.last(entry.needId))?.changes[0]?.fact).toBe('energyTce');
    });
  });
}
