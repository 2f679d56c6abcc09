import { describe, expect, it } from 'vitest';
import type { Caller, Role } from '../../../src/domain/access.js';
import { createWebhookUseCases, ENDPOINTS_AT_MOST } from '../../../src/usecases/webhooks/create-webhook-use-cases.js';
import { makeAttempt, makeDelivery } from '../../support/conformance/webhook-records.js';
import { countingIds } from '../bench.js';
import { makeWebhookWorld } from './webhook-world.js';

const [SOURCE, HOST] = ['330782', '331102'];
const caller = (role: Role, countyAdcode: string | null): Caller => ({
  actor: { kind: 'user', id: `user_${role}`, role, countyAdcode, scopes: [] },
  requestId: 'request-1',
});
const host = caller('hostStaff', HOST);
const source = caller('sourceStaff', SOURCE);
const province = caller('coordinator', null);

function makeUseCaseWorld() {
  const world = makeWebhookWorld();
  const ids = countingIds();
  const adcodes = async () => new Set([SOURCE, HOST]);
  const as = (who: Caller) => createWebhookUseCases({ ...world.deps, ids, adcodes }, who);
  const create = (who: Caller, more: Partial<Parameters<ReturnType<typeof as>['createEndpoint']>[0]> = {}) =>
    as(who).createEndpoint({
      ...{ url: 'https://hooks.example.cn/a?token=private', types: [], description: '', signature: 'v1' },
      countyAdcode: null,
      ...more,
    });
  const changes = async () => world.endpointStore.outbox.of(await world.endpointStore.outbox.waiting(100));
  return { ...world, as, create, changes };
}

const notFound = { code: 'notFound' };

describe('endpoints', () => {
  it('shows a new secret once, seals it, and never tells it or the address to the trail', async () => {
    const world = makeUseCaseWorld();
    const { endpoint, secret } = await world.create(host, { types: ['lead.pushed', 'lead.pushed'] });
    expect(secret).toMatch(/^whsec_/);
    expect(endpoint).toMatchObject({ countyAdcode: HOST, state: 'active', version: 1, types: ['lead.pushed'] });
    const shown = JSON.stringify([await world.as(host).getEndpoint(endpoint.id), await world.changes(), world.lines]);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain('sealed');
    expect(JSON.stringify(await world.changes())).not.toMatch(/hooks\.example|private/);
    const stored = await world.endpointStore.get(endpoint.id);
    expect(JSON.stringify(stored)).not.toContain(secret?.slice('whsec_'.length) ?? '');
    expect(world.keys.secretBox.open(stored?.keys[0]?.sealed ?? '')).toBe(secret);
  });

  it('gives a public key and no secret where the signature is Ed25519', async () => {
    const world = makeUseCaseWorld();
    const { endpoint, secret } = await world.create(host, { signature: 'v1a' });
    expect(secret).toBeNull();
    expect(endpoint.keys[0]?.publicKey).toMatch(/^whpk_/);
  });

  it('refuses an address that must not be sent to, also when it is changed, without repeating it', async () => {
    const world = makeUseCaseWorld();
    const bad = 'http://169.254.169.254/latest';
    world.sender.refuse(bad, 'address');
    const issues = [{ field: 'url', code: 'address' }];
    await expect(world.create(host, { url: bad })).rejects.toMatchObject({ code: 'invalidInput', issues });
    const { endpoint } = await world.create(host);
    await expect(world.as(host).updateEndpoint(endpoint.id, 1, { url: bad })).rejects.toMatchObject({ issues });
    expect((await world.as(host).getEndpoint(endpoint.id)).version).toBe(1);
  });

  it('belong to the county of who makes them; the province may make them for any', async () => {
    const world = makeUseCaseWorld();
    expect((await world.create(province)).endpoint.countyAdcode).toBeNull();
    expect((await world.create(province, { countyAdcode: SOURCE })).endpoint.countyAdcode).toBe(SOURCE);
    expect((await world.create(host, { countyAdcode: HOST })).endpoint.countyAdcode).toBe(HOST);
    await expect(world.create(host, { countyAdcode: SOURCE })).rejects.toMatchObject({ code: 'invalidInput' });
    await expect(world.create(province, { countyAdcode: '999999' })).rejects.toMatchObject({
      issues: [{ field: 'countyAdcode', code: 'unknownCounty' }],
    });
  });

  it('are so many a county at most', async () => {
    const world = makeUseCaseWorld();
    for (let count = 0; count < ENDPOINTS_AT_MOST; count += 1) await world.create(host);
    await expect(world.create(host)).rejects.toMatchObject({ code: 'invalidInput' });
    await world.create(source);
    await world.create(province);
  });

  it('of another county are not there', async () => {
    const world = makeUseCaseWorld();
    const { endpoint } = await world.create(host);
    const ofProvince = (await world.create(province)).endpoint;
    for (const { id } of [endpoint, ofProvince]) {
      const foreign = world.as(source);
      const range = { endpointId: id, from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
      for (const asked of [
        foreign.getEndpoint(id),
        foreign.updateEndpoint(id, 1, { state: 'paused' }),
        foreign.removeEndpoint(id),
        foreign.rotateKey(id),
        foreign.testEndpoint(id),
        foreign.replayDeliveries({ ...range, failedOnly: false }),
      ]) {
        await expect(asked).rejects.toMatchObject(notFound);
      }
    }
    expect((await world.as(source).listEndpoints(null, 10)).items).toEqual([]);
    expect((await world.as(province).listEndpoints(null, 10)).items).toHaveLength(2);
    expect((await world.as(province).getEndpoint(endpoint.id)).id).toBe(endpoint.id);
  });

  it('are changed only in the version that was read; activating one clears why it was disabled, and wakes it', async () => {
    const world = makeUseCaseWorld();
    const { endpoint } = await world.create(host);
    const mine = world.as(host);
    const stored = await world.endpointStore.get(endpoint.id);
    if (stored === null) throw new Error('no endpoint');
    await world.endpointStore.replace(
      { ...stored, state: 'disabled', disabledReason: 'failing', failingSince: stored.createdAt, version: 2 },
      1,
      [],
    );
    await expect(mine.updateEndpoint(endpoint.id, 1, { state: 'active' })).rejects.toMatchObject({
      ...{ code: 'versionConflict', params: { currentVersion: 2 } },
    });
    expect(await mine.updateEndpoint(endpoint.id, 2, { state: 'active' })).toMatchObject({
      ...{ state: 'active', disabledReason: null, failingSince: null, version: 3 },
    });
    expect(world.deliverySignal.wakes).toEqual([{ endpointId: endpoint.id, at: null }]);
    const described = await mine.updateEndpoint(endpoint.id, 3, { description: '值班室', types: ['hold.placed'] });
    expect(described).toMatchObject({ url: endpoint.url, description: '值班室', types: ['hold.placed'], version: 4 });
    expect((await world.changes()).map(({ type }) => type)).toEqual([
      ...['endpoint.created', 'endpoint.updated', 'endpoint.updated'],
    ]);
  });

  it('sign with two keys for a day after a rotation, and never with three', async () => {
    const world = makeUseCaseWorld();
    const { endpoint, secret } = await world.create(host);
    const first = await world.as(host).rotateKey(endpoint.id);
    expect(first.secret).not.toBe(secret);
    expect(first.endpoint.keys).toHaveLength(2);
    expect(first.endpoint.keys[1]?.validUntil).toBe('2026-03-03T00:00:00.000Z');
    const second = await world.as(host).rotateKey(endpoint.id);
    expect(second.endpoint.keys).toHaveLength(2);
    expect(second.endpoint.keys[0]?.validUntil).toBeNull();
    expect(second.endpoint.version).toBe(3);
  });

  it('that are removed take what was pending with them', async () => {
    const world = makeUseCaseWorld();
    const { endpoint } = await world.create(host);
    const delivery = await world.as(host).testEndpoint(endpoint.id);
    await world.as(host).removeEndpoint(endpoint.id);
    await expect(world.as(host).getEndpoint(endpoint.id)).rejects.toMatchObject(notFound);
    expect((await world.as(host).getDelivery(delivery.id)).state).toBe('cancelled');
    expect((await world.changes()).map(({ type }) => type)).toContain('endpoint.removed');
  });
});

describe('deliveries', () => {
  /** An endpoint with three: delivered, failed, pending. */
  async function withThree() {
    const world = makeUseCaseWorld();
    const { endpoint } = await world.create(host);
    const made = [501, 502, 503].map((event) =>
      makeDelivery(event, 1, {
        endpointId: endpoint.id,
        id: `${makeDelivery(event, 1).eventId}.${endpoint.id}`,
      }),
    );
    await world.deliveryStore.add(made);
    const [delivered, failed, pending] = made;
    if (delivered === undefined || failed === undefined || pending === undefined) throw new Error('not three');
    const attempt = makeAttempt('2026-03-01T10:00:00.000Z');
    await world.deliveryStore.settle([
      { delivery: delivered, attempt, next: { state: 'delivered' } },
      { delivery: failed, attempt, next: { state: 'failed' } },
    ]);
    return { ...world, endpoint, delivered, failed, pending };
  }

  it('are listed and read by their county and the province', async () => {
    const world = await withThree();
    expect((await world.as(host).listDeliveries({}, null, 10)).items).toHaveLength(3);
    expect((await world.as(host).listDeliveries({ state: 'failed' }, null, 10)).items).toHaveLength(1);
    expect((await world.as(province).listDeliveries({ endpointId: world.endpoint.id }, null, 10)).items).toHaveLength(
      3,
    );
    expect((await world.as(source).listDeliveries({}, null, 10)).items).toEqual([]);
    expect((await world.as(source).listDeliveries({ endpointId: world.endpoint.id }, null, 10)).items).toEqual([]);
    await expect(world.as(source).getDelivery(world.failed.id)).rejects.toMatchObject(notFound);
    await expect(world.as(source).replayDelivery(world.failed.id)).rejects.toMatchObject(notFound);
    await expect(world.as(host).getDelivery('evt_x.ep_y')).rejects.toMatchObject(notFound);
    expect((await world.deliveryStore.get(world.failed.id))?.state).toBe('failed');
  });

  it('are replayed one by one under the same id', async () => {
    const world = await withThree();
    const replayed = await world.as(host).replayDelivery(world.failed.id);
    expect(replayed).toMatchObject({ id: world.failed.id, state: 'pending', nextAt: world.clock.now() });
    expect(replayed.attempts).toHaveLength(1);
    expect(world.deliverySignal.wakes).toEqual([{ endpointId: world.endpoint.id, at: null }]);
  });

  it('are replayed by their time, all or those that failed', async () => {
    const world = await withThree();
    const range = { endpointId: world.endpoint.id, from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T01:00:00.000Z' };
    expect(await world.as(host).replayDeliveries({ ...range, failedOnly: true })).toEqual({ replayed: 1, more: false });
    expect(await world.as(province).replayDeliveries({ ...range, failedOnly: false })).toEqual({
      ...{ replayed: 1, more: false },
    });
    expect(await world.as(host).replayDeliveries({ ...range, to: range.from, failedOnly: false })).toEqual({
      ...{ replayed: 0, more: false },
    });
    expect(await world.states()).toEqual({ pending: 3 });
  });

  it('tell a test to one endpoint only', async () => {
    const world = await withThree();
    await world.create(host);
    const delivery = await world.as(host).testEndpoint(world.endpoint.id);
    expect(delivery).toMatchObject({ type: 'endpoint.test', endpointId: world.endpoint.id, state: 'pending' });
    expect(JSON.parse(delivery.payload)).toEqual({
      ...{ type: 'endpoint.test', timestamp: world.clock.now(), data: { endpointId: world.endpoint.id } },
    });
    expect(world.deliverySignal.wakes.at(-1)).toEqual({ endpointId: world.endpoint.id, at: null });
    expect((await world.as(host).listDeliveries({ type: 'endpoint.test' }, null, 10)).items).toHaveLength(1);
  });
});
