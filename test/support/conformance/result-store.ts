import { describe, expect, it } from 'vitest';
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
      const answers = await Promise.all(
        racers.map((racer, at) => (at % 2 === 0 ? store.putPacked(packResult(racer)) : store.put(racer))),
      );
      expect(answers.filter(({ stored }) => stored)).toHaveLength(1);
      expect(await store.get(resultIdOf(makeResult(1)))).toEqual(racers[answers.findIndex(({ stored }) => stored)]);
    });

    it('reads what was packed elsewhere', async () => {
      const store = await makeStore();
      const [first, second, third] = [makeResult(1, 200), makeResult(2), makeResult(3)];
      expect(await store.putPacked(packResult(first))).toEqual({ id: resultIdOf(first), stored: true });
      expect(await store.putPacked(packResult(makeResult(1)))).toEqual({ id: resultIdOf(first), stored: false });
      await store.putPacked(packResult(second));
      // As it comes from a thread: bytes, perhaps of a larger piece of memory.
      await store.putPacked(structuredClone(packResult(third)));
      for (const result of [first, second, third]) expect(await store.get(resultIdOf(result))).toEqual(result);
      const text = Buffer.from((await store.getJson(resultIdOf(third))) ?? []).toString('utf8');
      expect(text.startsWith(`{"needId":"${third.needId}","version":1,`)).toBe(true);
    });

    it('takes many that were packed elsewhere at once, and keeps the first under a key', async () => {
      const store = await makeStore();
      const there = makeResult(7, 4);
      await store.put(there);
      const results = Array.from({ length: 300 }, (_, number) => makeResult(number, number % 3));
      await store.putPackedMany(results.map(packResult));
      for (const result of [results[0], results[150], results[299]]) {
        if (result === undefined) throw new Error('no result');
        expect(await store.get(resultIdOf(result))).toEqual(result);
      }
      expect(await store.get(resultIdOf(there))).toEqual(there);
      const later = results.map((result) => ({ ...result, generatedAt: '2031-01-01T00:00:00.000Z' }));
      await Promise.all([store.putPackedMany(later.map(packResult)), store.putPackedMany(later.map(packResult))]);
      expect(await store.get(resultIdOf(makeResult(150)))).toEqual(results[150]);
    });

    it('keeps the first of two under one key that come together, and all beside them', async () => {
      const store = await makeStore();
      const [first, second, other] = [makeResult(1, 2), makeResult(1, 5), makeResult(2)];
      await store.putPackedMany([first, second, other].map(packResult));
      expect(await store.get(resultIdOf(first))).toEqual(first);
      expect(await store.get(resultIdOf(other))).toEqual(other);
      expect(await store.put(second)).toEqual({ id: resultIdOf(first), stored: false });
    });

    it('takes none at once', async () => {
      await expect((await makeStore()).putPackedMany([])).resolves.toBeUndefined();
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
