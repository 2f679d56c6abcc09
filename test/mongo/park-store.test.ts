import { expect, it } from 'vitest';
import { EMPTY_CAPACITY } from '../../src/domain/hold.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { MongoParkStore } from '../../src/mongo/park-store.js';
import { describeParkStoreConformance, holdOfMu } from '../support/conformance/park-store.js';
import { makePark } from '../support/conformance/records.js';
import { useMongo } from './mongo.js';

const connection = useMongo('park');

describeParkStoreConformance('mongo', async () => {
  const mongo = await connection();
  return { store: new MongoParkStore(mongo), outbox: new MongoOutbox(mongo, 'parks') };
});

it('reads a document of before there were holds as one with nothing held, and lets the first hold in', async () => {
  const mongo = await connection();
  const store = new MongoParkStore(mongo);
  await store.seed([makePark('a')]);
  await mongo.collection('parks').updateOne({}, { $unset: { capacity: '' } });
  expect(await store.get('a')).toEqual(makePark('a'));
  expect(await store.versions()).toEqual([{ id: 'a', version: 1, capacityVersion: 0, holdsUntil: [] }]);
  expect(await store.withHoldsDue('9999', 10)).toEqual([]);
  const capacity = { ...EMPTY_CAPACITY, version: 1, holds: [holdOfMu(1, 20)] };
  const expected = { version: 1, capacityVersion: 0 };
  expect(await store.updateCapacity('a', expected, capacity, [])).toEqual({
    outcome: 'replaced',
    park: makePark('a', { capacity }),
  });
  expect(await store.updateCapacity('a', expected, capacity, [])).toEqual({ outcome: 'stale' });
  expect(await store.seed([makePark('a')])).toEqual({ added: 0, updated: 0, kept: 1 });
});
