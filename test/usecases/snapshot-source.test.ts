import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import type { Park } from '../../src/domain/park.js';
import { type CurrentSnapshot, createSnapshotSource, snapshotId } from '../../src/usecases/current-snapshot.js';
import { OTHER_HOST, tinyPark, tinyReference } from '../matching/tiny.js';
import { type Bench, countingIds, makeBench } from './bench.js';
import { settled } from './manual-clock.js';

/** Edits a park's parcels and gives what the store then holds. */
async function edit(bench: Bench, id: string, areaMu: number): Promise<Park> {
  const park = await bench.useCases.getPark(id);
  const parcels = [{ id: 'a', areaMu, availableFrom: '2026-01-01' }];
  return bench.useCases.updateInventory(id, park.version, { ...park.inventory, parcels });
}

const largest = ({ snapshot }: CurrentSnapshot) => [...snapshot.largestMu];

/** Makes reads of the parks wait until they are let go, one gate a read. */
function gated(bench: Bench) {
  const gates: (() => void)[] = [];
  const all = bench.parkStore.all.bind(bench.parkStore);
  bench.parkStore.all = async () => {
    const parks = await all();
    await new Promise<void>((resolve) => gates.push(resolve));
    return parks;
  };
  return gates;
}

describe('snapshot source', () => {
  it('compiles again only when something changed', async () => {
    const bench = await makeBench();
    const { snapshots } = bench;
    const first = await snapshots.current();
    expect(await snapshots.current()).toBe(first);
    expect(largest(first)).toEqual([100, 100]);
    await edit(bench, 'p2', 70);
    const second = await snapshots.current();
    expect(second.snapshot.id).not.toBe(first.snapshot.id);
    expect(largest(second)).toEqual([100, 70]);
    // The places are the same: only inventories were read anew.
    expect(second.snapshot.frame).toBe(first.snapshot.frame);
    expect(await snapshots.current()).toBe(second);
  });

  it('compiles anew for another day, edition or park', async () => {
    const bench = await makeBench();
    const seen = [await bench.snapshots.current()];
    await bench.clock.advance(86_400_000);
    seen.push(await bench.snapshots.current());
    await bench.referenceStore.publish('edition-2', tinyReference({ pairings: [] }));
    await bench.clock.advance(5_000);
    seen.push(await bench.snapshots.current());
    await bench.parkStore.seed([tinyPark('p3', {}, OTHER_HOST)]);
    seen.push(await bench.snapshots.current());
    expect(new Set(seen.map(({ snapshot }) => snapshot.id)).size).toBe(4);
    expect(new Set(seen.map(({ snapshot }) => snapshot.frame)).size).toBe(4);
    expect(seen.map(({ snapshot, edition }) => [snapshot.frame.today, edition.name, snapshot.size])).toEqual([
      ['2026-03-01', 'edition-1', 2],
      ['2026-03-02', 'edition-1', 2],
      ['2026-03-02', 'edition-2', 2],
      ['2026-03-02', 'edition-2', 3],
    ]);
  });

  it('gives nobody facts older than the call: who comes during a look gets the next one', async () => {
    const bench = await makeBench();
    const gates = gated(bench);
    const early = bench.snapshots.current();
    await settled();
    expect(gates).toHaveLength(1);
    // The first look has read the parks already; these calls come after the edit and must see it.
    await edit(bench, 'p1', 60);
    const late = [bench.snapshots.current(), bench.snapshots.current(), bench.snapshots.current()];
    await settled();
    expect(gates).toHaveLength(1);
    gates[0]?.();
    expect(largest(await early)).toEqual([100, 100]);
    const [first, ...others] = await Promise.all(late);
    expect(first === undefined ? [] : largest(first)).toEqual([60, 100]);
    for (const other of others) expect(other).toBe(first);
    // Only the park that changed was read anew.
    expect(gates).toHaveLength(1);
  });

  it('names what it compiled, also when a park changes between its two reads', async () => {
    const bench = await makeBench();
    const versions = bench.parkStore.versions.bind(bench.parkStore);
    let edits = 0;
    bench.parkStore.versions = async () => {
      const seen = await versions();
      if (edits === 0) {
        edits += 1;
        await edit(bench, 'p1', 60);
      }
      return seen;
    };
    const torn = await bench.snapshots.current();
    expect(largest(torn)).toEqual([60, 100]);
    // The second look finds the versions it was compiled from: nothing to do.
    expect(await bench.snapshots.current()).toBe(torn);
  });

  it('recovers from a store that was away, for callers that waited as well', async () => {
    const bench = await makeBench();
    const all = bench.parkStore.all.bind(bench.parkStore);
    let failures = 1;
    bench.parkStore.all = () => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new AppError('storeUnavailable')) : all();
    };
    const failing = bench.snapshots.current();
    const waiting = bench.snapshots.current();
    await expect(failing).rejects.toMatchObject({ code: 'storeUnavailable' });
    expect(largest(await waiting)).toEqual([100, 100]);
    expect(largest(await bench.snapshots.current())).toEqual([100, 100]);
  });

  it('is of no park where there is none', async () => {
    const bench = await makeBench({ parks: [] });
    expect((await bench.snapshots.current()).snapshot.size).toBe(0);
  });

  it('is the same for two sources over the same stores', async () => {
    const bench = await makeBench();
    const other = createSnapshotSource(bench);
    expect((await other.current()).snapshot.id).toBe((await bench.snapshots.current()).snapshot.id);
  });
});

describe('snapshotId', () => {
  const ids = countingIds();
  const NOW = '2026-03-01T00:00:00.000Z';
  const park = (id: string, version: number, capacityVersion = 0, ...holdsUntil: string[]) => ({
    ...{ id, version, capacityVersion, holdsUntil },
  });
  const parks = [park('p1', 1), park('p2', 3)];

  it('begins with the day and does not depend on the order of the parks', () => {
    const id = snapshotId(ids, '2026-03-01', 'e1', parks, NOW);
    expect(id).toMatch(/^2026-03-01\.[0-9a-f]{16}$/);
    expect(snapshotId(ids, '2026-03-01', 'e1', [...parks].reverse(), NOW)).toBe(id);
  });

  it('differs for another day, edition, park or version, for other holds and for one that has run out', () => {
    const holding = [park('p1', 1, 2, NOW, '2026-03-02T00:00:00.000Z')];
    const all = [
      snapshotId(ids, '2026-03-01', 'e1', parks, NOW),
      snapshotId(ids, '2026-03-02', 'e1', parks, NOW),
      snapshotId(ids, '2026-03-01', 'e2', parks, NOW),
      snapshotId(ids, '2026-03-01', 'e1', parks.slice(1), NOW),
      snapshotId(ids, '2026-03-01', 'e1', [park('p1', 1), park('p2', 4)], NOW),
      snapshotId(ids, '2026-03-01', 'e1', [park('p1', 1), park('p2', 3, 1)], NOW),
      snapshotId(ids, '2026-03-01', 'e1', holding, '2026-02-28T23:59:59.999Z'),
      snapshotId(ids, '2026-03-01', 'e1', holding, NOW),
      snapshotId(ids, '2026-03-01', 'e1', holding, '2026-03-02T00:00:00.000Z'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('stays the same while time passes and no hold ends', () => {
    const holding = [park('p1', 1, 2, NOW, '2026-03-02T00:00:00.000Z')];
    const at = (now: string) => snapshotId(ids, '2026-03-01', 'e1', holding, now);
    expect(at('2026-03-01T23:59:59.999Z')).toBe(at(NOW));
  });
});
