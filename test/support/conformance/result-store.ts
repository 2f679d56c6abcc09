import { describe, expect, it } from 'vitest';
import { outlineOf } from '../../../src/matching/rematch/outline.js';
import { type ResultStore, resultIdOf } from '../../../src/ports/result-store.js';
import { packResult } from '../../../src/threads/pack-result.js';
import { makeResult } from './records.js';

/** What every ResultStore must do. `makeStore` gives an empty store each time. */
export function describeResultStoreConformance(name: string, makeStore: () => Promise<ResultStore>): void {
  describe(`ResultStore: ${name}`, () => {
    it('gives back what was put, under the key of need, version, profile and snapshot', async () => {
      const store = await makeStore();
      const result = makeResult(1);
      expect(await store.put(result)).toEqual({ id: resultIdOf(result), stored: true });
      expect(await store.get(resultIdOf(result))).toEqual(result);
    });

    it('gives the JSON text of what was put, need and version first', async () => {
      const store = await makeStore();
      const { needId, version, ...rest } = makeResult(1);
      const id = resultIdOf({ needId, version, ...rest });
      await store.put({ ...rest, version, needId });
      const text = Buffer.from((await store.getJson(id)) ?? []).toString('utf8');
      expect(text.startsWith(`{"needId":"${needId}","version":${version},`)).toBe(true);
      expect(JSON.parse(text)).toEqual({ needId, version, ...rest });
      expect(await store.getJson(resultIdOf(makeResult(404)))).toBeNull();
    });

    it('knows nothing of a result that was not put', async () => {
      const store = await makeStore();
      expect(await store.get(resultIdOf(makeResult(404)))).toBeNull();
    });

    it('keeps the first result under a key', async () => {
      const store = await makeStore();
      const first = makeResult(1);
      const second = makeResult(1, 5, { generatedAt: '2025-03-09T00:00:00.000Z' });
      await store.put(first);
      expect(await store.put(second)).toEqual({ id: resultIdOf(first), stored: false });
      expect(await store.get(resultIdOf(first))).toEqual(first);
    });

    it('keeps results apart that differ in one part of the key', async () => {
      const store = await makeStore();
      const results = [
        makeResult(1),
        makeResult(2),
        makeResult(1, 3, { version: 2 }),
        makeResult(1, 3, { profile: 'standard@1+custom' }),
        makeResult(1, 3, { snapshot: 'bb22' }),
      ];
      for (const result of results) expect((await store.put(result)).stored).toBe(true);
      for (const result of results) expect(await store.get(resultIdOf(result))).toEqual(result);
    });

    it('stores one of 20 racing results', async () => {
      const store = await makeStore();
      const racers = Array.from({ length: 20 }, (_, index) => makeResult(1, index));
      const answers = await Promise.all(racers.map((racer) => store.put(racer)));
      expect(answers.filter(({ stored }) => stored)).toHaveLength(1);
      expect(await store.get(resultIdOf(makeResult(1)))).toEqual(racers[answers.findIndex(({ stored }) => stored)]);
    });

    it('keeps an outline that is no result yet', async () => {
      const store = await makeStore();
      const results = [makeResult(1), makeResult(2, 0), makeResult(1, 3, { snapshot: 'bb22' })];
      await store.putOutlines(results.map(outlineOf));
      for (const result of results) {
        const id = resultIdOf(result);
        expect(await store.outline(id)).toEqual(outlineOf(result));
        expect([await store.get(id), await store.getJson(id)]).toEqual([null, null]);
      }
      expect(await store.outline(resultIdOf(makeResult(404)))).toBeNull();
    });

    it('makes an outline whole once, and keeps the outline', async () => {
      const store = await makeStore();
      const [result, other] = [makeResult(1), makeResult(1, 9)];
      const id = resultIdOf(result);
      await store.putOutlines([outlineOf(result), outlineOf(makeResult(2))]);
      await store.complete(result);
      await store.complete(other);
      await store.completePacked(packResult(other));
      expect(await store.get(id)).toEqual(result);
      expect(JSON.parse(Buffer.from((await store.getJson(id)) ?? []).toString('utf8'))).toEqual(result);
      expect(await store.outline(id)).toEqual(outlineOf(result));
      expect(await store.get(resultIdOf(makeResult(2)))).toBeNull();
    });

    it('completes nothing where no outline is', async () => {
      const store = await makeStore();
      await store.complete(makeResult(1));
      await store.completePacked(packResult(makeResult(2)));
      expect(await store.get(resultIdOf(makeResult(1)))).toBeNull();
      expect(await store.get(resultIdOf(makeResult(2)))).toBeNull();
    });

    it('makes an outline whole by a put, the first one', async () => {
      const store = await makeStore();
      const result = makeResult(1);
      const id = resultIdOf(result);
      await store.putOutlines([outlineOf(result)]);
      expect(await store.put(result)).toEqual({ id, stored: true });
      expect(await store.put(makeResult(1, 9))).toEqual({ id, stored: false });
      expect(await store.get(id)).toEqual(result);
    });

    it('passes over outlines of results that are there, and stores the others', async () => {
      const store = await makeStore();
      const [whole, outlined, fresh] = [makeResult(1), makeResult(2), makeResult(3)];
      await store.put(whole);
      await store.putOutlines([outlineOf(outlined)]);
      await store.putOutlines([]);
      const later = { generatedAt: '2025-03-09T00:00:00.000Z' };
      const again = [whole, outlined, fresh, fresh].map((result) => outlineOf({ ...result, ...later }));
      await store.putOutlines(again);
      expect(await store.get(resultIdOf(whole))).toEqual(whole);
      expect(await store.outline(resultIdOf(outlined))).toEqual(outlineOf(outlined));
      expect(await store.outline(resultIdOf(fresh))).toEqual(outlineOf({ ...fresh, ...later }));
    });

    it('takes hundreds of outlines at once, twice at the same time', async () => {
      const store = await makeStore();
      const outlines = Array.from({ length: 300 }, (_, number) => outlineOf(makeResult(number, 2)));
      await Promise.all([store.putOutlines(outlines), store.putOutlines(outlines.toReversed())]);
      for (const outline of [outlines[0], outlines[150], outlines[299]]) {
        expect(await store.outline(outline === undefined ? '' : resultIdOf(outline))).toEqual(outline);
      }
    });

    it('makes an outline whole with one of 20 racing results', async () => {
      const store = await makeStore();
      const id = resultIdOf(makeResult(1));
      await store.putOutlines([outlineOf(makeResult(1))]);
      const racers = Array.from({ length: 20 }, (_, index) => makeResult(1, index));
      await Promise.all(racers.map((racer, at) => (at % 2 === 0 ? store.complete(racer) : store.put(racer))));
      const stands = await store.get(id);
      expect(racers).toContainEqual(stands);
      await store.complete(makeResult(1, 50));
      expect(await store.get(id)).toEqual(stands);
    });

    it('reads what was packed elsewhere', async () => {
      const store = await makeStore();
      const [first, second, third] = [makeResult(1, 200), makeResult(2), makeResult(3)];
      expect(await store.putPacked(packResult(first))).toEqual({ id: resultIdOf(first), stored: true });
      expect(await store.putPacked(packResult(makeResult(1)))).toEqual({ id: resultIdOf(first), stored: false });
      await store.putOutlines([second, third].map(outlineOf));
      await store.completePacked(packResult(second));
      // As it comes from a thread: bytes, perhaps of a larger piece of memory.
      await store.completePacked(structuredClone(packResult(third)));
      for (const result of [first, second, third]) expect(await store.get(resultIdOf(result))).toEqual(result);
      const text = Buffer.from((await store.getJson(resultIdOf(third))) ?? []).toString('utf8');
      expect(text.startsWith(`{"needId":"${third.needId}","version":1,`)).toBe(true);
    });

    it('holds a result over 200 parks, and one over none', async () => {
      const store = await makeStore();
      for (const result of [makeResult(1, 200), makeResult(2, 0)]) {
        await store.put(result);
        expect(await store.get(resultIdOf(result))).toEqual(result);
      }
    });
  });
}
