import { expect, it } from 'vitest';
import { FACTORS } from '../../src/domain/factors.js';
import { EMPTY_CAPACITY, type Hold } from '../../src/domain/hold.js';
import type { Lead } from '../../src/domain/lead.js';
import type { CurrentSnapshot } from '../../src/usecases/current-snapshot.js';
import { createOwnHolds } from '../../src/usecases/own-holds.js';
import { makeBench } from './bench.js';

const hold = (id: string, leadId: string, mu: number): Hold => ({
  id,
  leadId,
  kind: 'soft',
  amounts: { parcels: [{ parcelId: 'p1-1', mu }], factors: {} },
  placedAt: '2026-01-01T00:00:00.000Z',
  until: '2999-01-01T00:00:00.000Z',
  expiringToldAt: null,
  extensions: [],
});

/** The current facts with 10 mu of park p1 held for need A and 5 mu for need B. */
async function withHolds(): Promise<{
  current: CurrentSnapshot;
  asked: string[];
  leadStore: { get(id: string): Promise<Lead | null> };
}> {
  const { snapshots } = await makeBench();
  const base = await snapshots.current();
  const stock = base.stock.map((park) =>
    park.id === 'p1'
      ? {
          ...park,
          inventory: { ...park.inventory, parcels: [{ id: 'p1-1', areaMu: 40, availableFrom: '2026-01-01' }] },
          capacity: { ...EMPTY_CAPACITY, version: 2, holds: [hold('h1', 'lead_a', 10), hold('h2', 'lead_b', 5)] },
        }
      : park,
  );
  const asked: string[] = [];
  const needs = new Map([
    ['lead_a', 'need_a'],
    ['lead_b', 'need_b'],
  ]);
  const leadStore = {
    async get(id: string) {
      asked.push(id);
      return { needId: needs.get(id) } as Lead;
    },
  };
  return { current: { ...base, stock }, asked, leadStore };
}

it('a hold for a need does not keep the need itself out, nor gives it what others hold', async () => {
  const { current, leadStore } = await withHolds();
  const view = await createOwnHolds(leadStore).viewFor(current, 'need_a');
  expect(view.snapshot.largestMu[0]).toBe(35);
  expect(view.snapshot.id).toBe(current.snapshot.id);
  expect(view.stock[0]?.capacity.holds.map(({ id }) => id)).toEqual(['h2']);
  for (const factor of FACTORS) expect(view.snapshot.factors[factor][1]).toBe(current.snapshot.factors[factor][1]);
});

it('a need without holds gets the snapshot everybody gets, and leads are read once', async () => {
  const { current, asked, leadStore } = await withHolds();
  const ownHolds = createOwnHolds(leadStore);
  expect(await ownHolds.viewFor(current, 'need_c')).toBe(current);
  expect(await ownHolds.viewFor(current, 'need_b')).toBe(await ownHolds.viewFor(current, 'need_b'));
  await ownHolds.viewFor({ ...current, snapshot: { ...current.snapshot, id: 'later' } }, 'need_b');
  expect(asked.sort()).toEqual(['lead_a', 'lead_b']);
});
