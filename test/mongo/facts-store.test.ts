import { describe, expect, it } from 'vitest';
import { MongoFactsStore } from '../../src/mongo/facts-store.js';
import { describeFactsStoreConformance, makeFacts } from '../support/conformance/facts-store.js';
import { makeReference } from '../support/conformance/records.js';
import { useMongo } from './mongo.js';

const connection = useMongo('facts');

describeFactsStoreConformance('mongo', async () => new MongoFactsStore(await connection()));

describe('documents that do not have their form', () => {
  const spoiled = { code: 'internal', params: { reason: 'malformedDocument' } };

  it('are refused', async () => {
    const db = await connection();
    const store = new MongoFactsStore(db);
    await store.putEdition('e1', makeReference('甲'));
    await store.putFacts(makeFacts('s1', 1));
    await store.putFacts(makeFacts('s2', 1));
    await store.note({ id: 'n1', snapshotId: 's1', resultIds: ['a'] });
    const named = (name: string) => db.collection<{ _id: string; body: Buffer }>(name);
    const edition = await named('factEditions').findOne({ _id: 'e1' });
    const parks = await named('snapshotFacts').findOne({ _id: 's1' });
    const bodyOf = (document: { readonly body: Buffer } | null) => document?.body ?? Buffer.alloc(0);
    await named('snapshotFacts').updateOne({ _id: 's1' }, { $set: { body: bodyOf(edition) } });
    await named('snapshotFacts').updateOne({ _id: 's2' }, { $unset: { edition: 1 } });
    await named('factEditions').updateOne({ _id: 'e1' }, { $set: { body: bodyOf(parks) } });
    await named('outlineNotes').updateOne({ _id: 'n1' }, { $unset: { resultIds: 1 } });
    await expect(store.facts('s1')).rejects.toMatchObject(spoiled);
    await expect(store.facts('s2')).rejects.toMatchObject(spoiled);
    await expect(store.edition('e1')).rejects.toMatchObject(spoiled);
    await expect(store.notes(5)).rejects.toMatchObject(spoiled);
  });
});
