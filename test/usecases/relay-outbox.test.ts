import { describe, expect, it } from 'vitest';
import { type Change, PROVINCE_CHAIN } from '../../src/domain/change.js';
import { AppError } from '../../src/domain/errors.js';
import { MemoryAuditStore } from '../../src/memory/audit-store.js';
import { MemoryOutbox } from '../../src/memory/outbox.js';
import { type ChangeSink, createRelay } from '../../src/usecases/relay-outbox.js';
import { testDigest } from '../support/conformance/audit-store.js';
import { makeChange } from '../support/conformance/changes.js';
import { recordingLog } from '../support/recording-log.js';
import { ManualClock, settled } from './manual-clock.js';

const CHAIN = '330782';

function bench(sinks: readonly ChangeSink[] = []) {
  const clock = new ManualClock();
  const { log, lines } = recordingLog();
  const outboxes = {
    need: new MemoryOutbox(),
    lead: new MemoryOutbox(),
    park: new MemoryOutbox(),
    report: new MemoryOutbox(),
    account: new MemoryOutbox(),
    scheme: new MemoryOutbox(),
    endpoint: new MemoryOutbox(),
    rematch: new MemoryOutbox(),
  };
  const auditStore = new MemoryAuditStore({ digest: testDigest });
  const relayOf = () => createRelay({ outboxes, auditStore, clock, log, sinks });
  const relay = relayOf();
  return {
    ...{ clock, lines, outboxes, auditStore, relay, relayOf },
    /** As a store and its use case do. */
    change(name: keyof typeof outboxes, change: Change) {
      outboxes[name].push(change.object.id, [change]);
      relay.changed(name, change.object.id);
    },
    async carried(chain = CHAIN) {
      return (await auditStore.read(chain, 1, 10_000)).map(({ change }) => change.id);
    },
    async left() {
      return (await Promise.all(Object.values(outboxes).map((outbox) => outbox.waiting(100)))).flat();
    },
  };
}

/** Lets time pass until everything that it sets going has run. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  await clock.advance(ms);
  for (let round = 0; round < 5; round += 1) await settled();
}

describe('relay', () => {
  it('carries changes to the trail of each county by itself and takes them out', async () => {
    const { clock, carried, left, ...relay } = bench();
    relay.change('need', makeChange(1));
    relay.change('lead', makeChange(1, { objectId: 'lead_1', chains: [CHAIN, '331102', CHAIN] }));
    relay.change('account', makeChange(1, { objectId: 'user_1', chains: [] }));
    await pass(clock, 14);
    expect(await carried()).toEqual([]);
    await pass(clock, 1);
    expect(await carried()).toEqual(['need_1.1', 'lead_1.1']);
    expect(await carried('331102')).toEqual(['lead_1.1']);
    expect(await carried(PROVINCE_CHAIN)).toEqual(['user_1.1']);
    expect(await left()).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });

  it('hands what follows from other changes to the sinks only', async () => {
    const sunk: string[] = [];
    const { clock, carried, left, ...relay } = bench([
      async (changes) => void sunk.push(...changes.map(({ id }) => id)),
    ]);
    relay.change('need', makeChange(1));
    relay.change('need', makeChange(1, { id: 'need_1.m1', type: 'match.created' }));
    relay.change('park', makeChange(1, { id: 'p1.s1', objectId: 'p1', type: 'park.inventory_stale' }));
    await pass(clock, 100);
    expect(await carried()).toEqual(['need_1.1', 'p1.s1']);
    expect(sunk.sort()).toEqual(['need_1.1', 'need_1.m1', 'p1.s1']);
    expect(await left()).toEqual([]);
  });

  it('goes on with what comes later, an append for each county and batch', async () => {
    const { clock, carried, auditStore, ...relay } = bench();
    const append = auditStore.append.bind(auditStore);
    const sizes: number[] = [];
    auditStore.append = async (chain, changes) => {
      sizes.push(changes.length);
      await append(chain, changes);
    };
    for (let number = 0; number < 5; number += 1) relay.change('need', makeChange(1, { objectId: `need_${number}` }));
    await pass(clock, 100);
    relay.change('need', makeChange(2, { objectId: 'need_0' }));
    await pass(clock, 100);
    expect(sizes).toEqual([5, 1]);
    expect(await carried()).toHaveLength(6);
  });

  it('keeps the order of an object’s changes over 450 objects and two processes', async () => {
    const { clock, carried, relayOf, outboxes, ...relay } = bench();
    const other = relayOf();
    for (let version = 1; version <= 3; version += 1) {
      for (let number = 0; number < 450; number += 1) {
        relay.change('need', makeChange(version, { objectId: `need_${number}` }));
        other.changed('need', `need_${number}`);
      }
      await pass(clock, 100);
    }
    await Promise.all([relay.relay.flush(), other.flush()]);
    const versions = new Map<string, number>();
    for (const id of await carried()) {
      const [object = '', version] = id.split('.');
      expect(Number(version)).toBe((versions.get(object) ?? 0) + 1);
      versions.set(object, Number(version));
    }
    expect([...versions.values()]).toEqual(Array.from({ length: 450 }, () => 3));
    expect(await outboxes.need.waiting(10)).toEqual([]);
  });

  it('loses nothing while the trail is away, tries on, and says so once', async () => {
    const { clock, carried, left, lines, auditStore, ...relay } = bench();
    const append = auditStore.append.bind(auditStore);
    let tries = 0;
    auditStore.append = () => {
      tries += 1;
      return Promise.reject(new AppError('storeUnavailable'));
    };
    relay.change('need', makeChange(1));
    await pass(clock, 100);
    await pass(clock, 999);
    expect(tries).toBe(1);
    await pass(clock, 1);
    expect(tries).toBe(2);
    expect(await relay.relay.flush()).toBe(false);
    expect(await left()).toEqual(['need_1']);
    auditStore.append = append;
    relay.change('need', makeChange(2));
    await pass(clock, 1_000);
    expect(await carried()).toEqual(['need_1.1', 'need_1.2']);
    expect(await left()).toEqual([]);
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { code: 'storeUnavailable' }],
      ['info', {}],
    ]);
  });

  it('is not held up for the others by one outbox that fails', async () => {
    const { clock, carried, outboxes, ...relay } = bench();
    outboxes.need.of = () => Promise.reject(new AppError('internal'));
    relay.change('need', makeChange(1));
    relay.change('lead', makeChange(1, { objectId: 'lead_1' }));
    await pass(clock, 100);
    expect(await carried()).toEqual(['lead_1.1']);
  });

  it('appends nothing twice after it ended between the trail and the outbox', async () => {
    const { clock, carried, left, outboxes, relayOf, ...relay } = bench();
    const remove = outboxes.need.remove.bind(outboxes.need);
    outboxes.need.remove = () => Promise.reject(new AppError('storeUnavailable'));
    relay.change('need', makeChange(1));
    relay.change('need', makeChange(2));
    await pass(clock, 100);
    expect(await carried()).toEqual(['need_1.1', 'need_1.2']);
    expect(await left()).toEqual(['need_1']);
    outboxes.need.remove = remove;
    expect(await relayOf().sweep(10)).toBe(1);
    expect(await carried()).toEqual(['need_1.1', 'need_1.2']);
    expect(await left()).toEqual([]);
  });

  it('sweeps up what nobody was told of', async () => {
    const { carried, outboxes, relay } = bench();
    for (let number = 0; number < 300; number += 1) {
      outboxes.park.push(`park-${number}`, [makeChange(1, { objectId: `park-${number}` })]);
    }
    outboxes.lead.push('lead_1', [makeChange(1, { objectId: 'lead_1' })]);
    expect(await relay.sweep(250)).toBe(251);
    expect(await relay.sweep(250)).toBe(50);
    expect(await relay.sweep(250)).toBe(0);
    expect(await carried()).toHaveLength(301);
  });

  it('gives sinks what the trail has, before it leaves the outbox, again until they take it', async () => {
    const seen: string[][] = [];
    let refuse = true;
    const { clock, carried, left, outboxes, ...relay } = bench([
      async (changes) => {
        seen.push(changes.map(({ id }) => id));
        expect(await carried()).toEqual(['need_1.1']);
        expect(await left()).toEqual(['need_1']);
        if (refuse) throw new AppError('queueUnavailable');
      },
    ]);
    relay.change('need', makeChange(1));
    await pass(clock, 100);
    expect(await left()).toEqual(['need_1']);
    refuse = false;
    await pass(clock, 1_000);
    expect(seen).toEqual([['need_1.1'], ['need_1.1']]);
    expect(await left()).toEqual([]);
    expect(await carried()).toEqual(['need_1.1']);
  });

  it('flushes when it is closed, and leaves the rest to the sweep', async () => {
    const { clock, carried, ...relay } = bench();
    relay.change('need', makeChange(1));
    await relay.relay.close();
    expect(await carried()).toEqual(['need_1.1']);
    relay.change('need', makeChange(2));
    await pass(clock, 10_000);
    expect(await carried()).toEqual(['need_1.1']);
    expect(clock.sleeping).toBe(0);
  });
});
