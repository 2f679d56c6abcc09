import type { Connection } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { MongoAuditStore } from '../../src/mongo/audit-store.js';
import { verifyChain } from '../../src/ports/audit-chain.js';
import { describeAuditStoreConformance, testDigest } from '../support/conformance/audit-store.js';
import { makeChange } from '../support/conformance/changes.js';
import { useMongo } from './mongo.js';

const connection = useMongo('audit');
const CHAIN = '330782';

async function storesOn(mongo: Connection, count: number): Promise<readonly MongoAuditStore[]> {
  const stores = Array.from({ length: count }, () => new MongoAuditStore(mongo, { digest: testDigest }));
  for (const model of Object.values(mongo.models)) await model.createIndexes();
  return stores;
}

describeAuditStoreConformance('mongo', async (count) => storesOn(await connection(), count));

describe('the head of a chain', () => {
  it('is mended where a process ended between the entries and the head', async () => {
    const mongo = await connection();
    const [store, other] = await storesOn(mongo, 2);
    if (store === undefined || other === undefined) throw new Error('no stores');
    await store.append(CHAIN, [makeChange(1)]);
    const behind = await store.head(CHAIN);
    await store.append(CHAIN, [makeChange(2), makeChange(3)]);
    const head = await store.head(CHAIN);
    await mongo.collection('auditHeads').updateOne({}, { $set: behind ?? {} });
    expect((await other.list({ chain: CHAIN }, null, 10)).items).toHaveLength(3);
    await other.append(CHAIN, [makeChange(3)]);
    expect(await other.head(CHAIN)).toEqual(head);
    await mongo.collection('auditHeads').deleteOne({});
    await store.append(CHAIN, [makeChange(2)]);
    expect(await store.head(CHAIN)).toEqual(head);
  });

  it('is never lowered by one that comes late', async () => {
    const mongo = await connection();
    const stores = await storesOn(mongo, 2);
    for (const [index, store] of [...stores, ...stores].entries()) await store.append(CHAIN, [makeChange(index + 1)]);
    expect(await stores[0]?.head(CHAIN)).toMatchObject({ position: 4 });
  });

  it('shows a tail that was cut off even after more was appended', async () => {
    const mongo = await connection();
    const [store, other] = await storesOn(mongo, 2);
    if (store === undefined || other === undefined) throw new Error('no stores');
    await store.append(
      CHAIN,
      [1, 2, 3].map((version) => makeChange(version)),
    );
    await mongo.collection('auditEntries').deleteOne({ position: 3 });
    await other.append(CHAIN, [makeChange(4)]);
    const entries = await store.read(CHAIN, 1, 10);
    const verdict = verifyChain(testDigest, CHAIN, entries, { head: await store.head(CHAIN) });
    expect(verdict.fault).toEqual({ position: 3, kind: 'missing' });
  });
});
