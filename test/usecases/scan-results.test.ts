import { describe, expect, it } from 'vitest';
import type { MatchResult } from '../../src/domain/match.js';
import type { StoredNeed } from '../../src/domain/need.js';
import { MemoryNeedStore } from '../../src/memory/need-store.js';
import { MemoryResultStore } from '../../src/memory/result-store.js';
import type { Clock } from '../../src/ports/clock.js';
import { scanResults } from '../../src/usecases/scan-results.js';
import { testDigest } from '../support/conformance/audit-store.js';
import { makeMatching, makeResult, makeStoredNeed } from '../support/conformance/records.js';

async function filled(count: number, everyMs = 1_000) {
  const needStore = new MemoryNeedStore();
  const resultStore = new MemoryResultStore();
  for (let number = 0; number < count; number += 1) {
    const { id: resultId } = await resultStore.put(makeResult(number, 1));
    const createdAt = new Date(Date.UTC(2026, 0, 1) + number * everyMs).toISOString();
    await needStore.insert(
      makeStoredNeed(number, { createdAt, matching: makeMatching({ status: 'ready', resultId }) }),
      [],
    );
  }
  return { needStore, resultStore, ids: { digest: testDigest } };
}

/** Each look at a result takes `busyMs`; sleeping takes no time and is counted. */
function slowClock(busyMs: number) {
  let now = 0;
  const turns: number[] = [];
  let since = 0;
  const clock: Pick<Clock, 'monotonicMs' | 'sleep'> = {
    monotonicMs: () => now,
    sleep: async () => {
      turns.push(now - since);
      since = now;
    },
  };
  const seen: string[] = [];
  const look = (_result: MatchResult, { id }: StoredNeed) => {
    now += busyMs;
    seen.push(id);
  };
  return { clock, look, seen, turns };
}

describe('scanResults', () => {
  it.each([
    ['', 1_000],
    [', created at one moment', 0],
    [', created ten at a moment', 0.1],
  ])('sees every need once over any pages%s', async (_what, everyMs) => {
    const stores = await filled(137, everyMs);
    for (const limit of [1, 7, 50, 51, 500]) {
      const { clock, look, seen } = slowClock(0);
      let cursor: string | null = null;
      let scanned = 0;
      do {
        const end = await scanResults({ ...stores, clock }, cursor, limit, look);
        expect(end.scanned).toBeLessThanOrEqual(limit);
        expect(end.truncated).toBe(end.nextCursor !== null);
        scanned += end.scanned;
        cursor = end.nextCursor;
      } while (cursor !== null);
      expect(scanned).toBe(137);
      expect(new Set(seen).size).toBe(137);
      expect(seen).toHaveLength(137);
    }
  });

  it('gives the event loop its turn, so that nothing waits 20 ms', async () => {
    const stores = await filled(60);
    const { clock, look, turns } = slowClock(3);
    await scanResults({ ...stores, clock }, null, 60, look);
    expect(turns.length).toBeGreaterThan(8);
    expect(Math.max(...turns)).toBeLessThan(20);
  });

  it('answers with what it has when it took too long, and goes on from there', async () => {
    const stores = await filled(40);
    const { clock, look, seen } = slowClock(400);
    const first = await scanResults({ ...stores, clock }, null, 40, look);
    expect(first.truncated).toBe(true);
    expect(first.scanned).toBeLessThan(20);
    const rest = await scanResults({ ...stores, clock: slowClock(0).clock }, first.nextCursor, 40, look);
    expect(first.scanned + rest.scanned).toBe(40);
    expect(new Set(seen).size).toBe(40);
  });

  it('names no need in a cursor', async () => {
    const stores = await filled(9);
    const { clock, look, seen } = slowClock(0);
    const { nextCursor } = await scanResults({ ...stores, clock }, null, 4, look);
    const text = atob((nextCursor ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    expect(text).toMatch(/^2026-01-01T00:00:05.000Z [0-9a-f]{24}$/);
    for (const id of seen) expect(text).not.toContain(id.replace('need_', ''));
    await expect(scanResults({ ...stores, clock }, 'x', 4, look)).rejects.toMatchObject({ code: 'invalidInput' });
  });

  it('a result that is gone counts as not settled', async () => {
    const stores = await filled(2);
    const { clock, look, seen } = slowClock(0);
    const end = await scanResults({ ...stores, resultStore: new MemoryResultStore(), clock }, null, 9, look);
    expect(end).toMatchObject({ scanned: 2, unsettled: 2 });
    expect(seen).toEqual([]);
  });
});
