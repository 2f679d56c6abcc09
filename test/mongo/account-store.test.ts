import { describe, expect, it } from 'vitest';
import { MongoAccountStore, mongoAccountOutbox } from '../../src/mongo/account-store.js';
import { describeAccountStoreConformance, makeUser } from '../support/conformance/account-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('account');

describeAccountStoreConformance('mongo', async () => {
  const mongo = await connection();
  return { accounts: new MongoAccountStore(mongo), outbox: mongoAccountOutbox(mongo) };
});

describe('MongoAccountStore', () => {
  it('names a malformed document without showing what is in it', async () => {
    const mongo = await connection();
    const accounts = new MongoAccountStore(mongo);
    await accounts.insertUser(makeUser('a'), []);
    await mongo.collection('users').updateOne({}, { $set: { role: 'root' } });
    await expect(accounts.getUser(makeUser('a').id)).rejects.toMatchObject({
      code: 'internal',
      params: { collection: 'users', id: makeUser('a').id, reason: 'malformedDocument' },
    });
  });

  it('declares its indexes', async () => {
    const mongo = await connection();
    new MongoAccountStore(mongo);
    mongoAccountOutbox(mongo);
    for (const model of Object.values(mongo.models)) await model.createIndexes();
    const names = await Promise.all(
      ['users', 'sessions', 'api_tokens'].map(async (name) => (await mongo.collection(name).indexes()).length),
    );
    expect(names).toEqual([4, 3, 4]);
  });
});
