import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParkInventory } from '../../src/domain/park.js';
import { failing, PARK_ID, park } from './fakes.js';
import { type Served, serve } from './served.js';

const INVENTORY = `/api/v1/parks/${PARK_ID}/inventory`;

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

describe('parks', () => {
  it('lists by county and by page', async () => {
    const reply = await server.call('GET', '/api/v1/parks?county=330802&limit=100');
    expect(reply).toMatchObject({ status: 200, body: { items: [{ id: PARK_ID }], nextCursor: null } });
    expect(server.asked.at(-1)).toEqual({ name: 'listParks', args: [{ countyAdcode: '330802' }, null, 100] });
  });

  it('gives one with its tag', async () => {
    const reply = await server.call('GET', `/api/v1/parks/${PARK_ID}`);
    const { capacity: _, ...shown } = park();
    expect(reply.body).toEqual(shown);
    expect(reply.headers.get('etag')).toBe('"1"');
  });

  it('changes what the edit names and leaves the rest', async () => {
    const headers = { 'if-match': '"1"' };
    const body = { factors: { energyTce: '５００', codT: null }, parcels: [] };
    const reply = await server.call('PATCH', INVENTORY, { headers, body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('"2"');
    const inventory = server.asked.at(-1)?.args[2] as ParkInventory;
    expect(inventory.factors.energyTce).toEqual({ value: 500, basis: 'reported', asOf: '2026-03-01' });
    expect(inventory.factors.codT.value).toBeNull();
    expect(inventory.factors.powerKva).toEqual({ value: 10, basis: 'sample', asOf: '2025-12-31' });
    expect(inventory.parcels).toEqual([]);
  });

  it('a park with no capacity at all is a park', async () => {
    const zero = { value: 0, basis: 'confirmed', asOf: '2026-01-01' };
    const names = 'energyTce powerKva waterM3PerDay codT nh3nT so2T noxT vocT workshopM2'.split(' ');
    const body = { parcels: [], factors: Object.fromEntries(names.map((name) => [name, zero])), labourAvailable: 0 };
    const reply = await server.call('PATCH', INVENTORY, { headers: { 'if-match': '"1"' }, body });
    expect(reply).toMatchObject({ status: 200, body: { inventory: { parcels: [], factors: { energyTce: zero } } } });
  });

  it('wants If-Match, of the current version', async () => {
    const body = { factors: { energyTce: 1 } };
    expect((await server.call('PATCH', INVENTORY, { body })).status).toBe(428);
    const stale = await server.call('PATCH', INVENTORY, { headers: { 'if-match': '"9"' }, body });
    expect(stale).toMatchObject({ status: 409, body: { currentVersion: 1 } });
    const raced = await serve({ updateInventory: failing('versionConflict', { params: { currentVersion: 2 } }) });
    const late = await raced.call('PATCH', INVENTORY, { headers: { 'if-match': '"1"' }, body });
    expect(late).toMatchObject({ status: 409, body: { currentVersion: 2 } });
    await raced.close();
  });

  it.each([
    [{}, { field: '', code: 'nothingToChange' }],
    [{ factors: {} }, { field: '', code: 'nothingToChange' }],
    [{ factors: { energyTce: -1 } }, { field: 'factors.energyTce', code: 'tooSmall' }],
    [{ factors: { energyTce: 'much' } }, { field: 'factors.energyTce', code: 'notANumber' }],
    [{ factors: { energy: 1 } }, { field: 'factors.energy', code: 'unknownField' }],
    [{ factors: { codT: { value: 1, basis: 'guess' } } }, { field: 'factors.codT.basis', code: 'notAllowed' }],
    [{ factors: { codT: { value: 1, asOf: '2026-03-02' } } }, { field: 'factors.codT.asOf', code: 'dateInFuture' }],
    [{ factors: { codT: { basis: 'public' } } }, { field: 'factors.codT.value', code: 'required' }],
    [{ factors: { codT: { value: 1, bases: 'public' } } }, { field: 'factors.codT.bases', mend: ['basis'] }],
    [{ parcels: [{ id: 'a', areaMu: 0, availableFrom: '2026-01-01' }] }, { field: 'parcels[0].areaMu' }],
    [
      { parcels: Array(2).fill({ id: 'a', areaMu: 1, availableFrom: '2026-01-01' }) },
      { field: 'parcels[1].id', code: 'duplicate', value: 'a' },
    ],
    [{ landPriceWanPerMu: 1e12 }, { field: 'landPriceWanPerMu', code: 'tooLarge', limit: 10_000 }],
  ])('refuses the edit %j', async (body, error) => {
    const reply = await server.call('PATCH', INVENTORY, { headers: { 'if-match': '"1"' }, body });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [error] } });
  });
});
