import { describe, expect, it } from 'vitest';
import { MemoryOutbox } from '../../src/memory/outbox.js';
import { MongoAuditStore } from '../../src/mongo/audit-store.js';
import { MongoNeedStore } from '../../src/mongo/need-store.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { createRelay } from '../../src/usecases/relay-outbox.js';
import { verifyAudit } from '../../src/usecases/verify-audit.js';
import { testDigest as digest } from '../support/conformance/audit-store.js';
import { makeChange } from '../support/conformance/changes.js';
import { makeNeed, makeStoredNeed, needIdOf, revise } from '../support/conformance/records.js';
import { realClock } from '../support/real-clock.js';
import { recordingLog } from '../support/recording-log.js';
import { useMongo } from './mongo.js';

const connection = useMongo('relay');
const NEEDS = 20;

async function bench() {
  const mongo = await connection();
  const needStore = new MongoNeedStore(mongo);
  const outbox = new MongoOutbox(mongo, 'needs');
  const auditStore = new MongoAuditStore(mongo, { digest });
  for (const model of Object.values(mongo.models)) await model.createIndexes();
  const none = new MemoryOutbox();
  const relayOf = (need = outbox) =>
    createRelay({
      outboxes: {
        ...{ need, lead: none, park: none, report: none, account: none, scheme: none, endpoint: none },
        rematch: none,
      },
      // A process has a store of its own.
      auditStore: new MongoAuditStore(mongo, { digest }),
      clock: realClock,
      log: recordingLog().log,
    });
  return { mongo, needStore, outbox, auditStore, relayOf };
}

describe('the relay over MongoDB', () => {
  it('carries every change once and in order with four processes at it, two of which end before they take out', async () => {
    const { mongo, needStore, outbox, auditStore, relayOf } = await bench();
    const ending = new MongoOutbox(mongo, 'needs');
    ending.remove = () => Promise.reject(new Error('ended'));
    const relays = [relayOf(), relayOf(ending), relayOf(), relayOf(ending)];
    await Promise.all(
      Array.from({ length: NEEDS }, async (_, number) => {
        const id = needIdOf(number);
        let stored = makeStoredNeed(number);
        await needStore.insert(stored, [makeChange(1, { objectId: id })]);
        for (let version = 1; version <= 3; version += 1) {
          const relay = relays[(number + version) % relays.length];
          relay?.changed('need', id);
          if (version % 2 === 1) await relay?.flush();
          const next = revise(stored, makeNeed({ workers: version }));
          await needStore.replace(next, version, [makeChange(version + 1, { objectId: id })]);
          stored = next;
        }
      }),
    );
    for (const relay of relays) await relay.close();
    await relayOf().sweep(NEEDS);
    expect(await outbox.waiting(1)).toEqual([]);
    const [verdict] = await verifyAudit({ auditStore, digest });
    expect(verdict).toMatchObject({ entries: NEEDS * 4, head: { position: NEEDS * 4 }, fault: null });
    const versions = new Map<string, number>();
    for (const { change } of await auditStore.read('330782', 1, 1_000)) {
      expect(change.object.version).toBe((versions.get(change.object.id) ?? 0) + 1);
      versions.set(change.object.id, change.object.version);
    }
  });
});
