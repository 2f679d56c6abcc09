import { expect, it } from 'vitest';
import { resultModel } from '../../src/mongo/result-schema.js';
import { MongoResultStore } from '../../src/mongo/result-store.js';
import { resultIdOf } from '../../src/ports/result-store.js';
import { packResult } from '../../src/threads/pack-result.js';
import { makeResult } from '../support/conformance/records.js';
import { describeResultStoreConformance } from '../support/conformance/result-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('result');

describeResultStoreConformance('mongo', async () => new MongoResultStore(await connection()));

it.each([0, 30])('a result of %i parks stands stored as its schema has it', async (parks) => {
  const db = await connection();
  const result = makeResult(1, parks);
  const { id: _id, ...packed } = packResult(result);
  // Bytes of a larger piece of memory, as they come from a thread.
  const body = new Uint8Array([0, ...packed.body, 0]).subarray(1, -1);
  const raw = () => db.collection<{ _id: string }>('results').findOne({ _id }, { promoteValues: false });
  await resultModel(db).create({ _id, ...packed, body: Buffer.from(body) });
  const expected = await raw();
  await db.collection<{ _id: string }>('results').deleteOne({ _id });
  await new MongoResultStore(db).putPackedMany([{ id: _id, ...packed, body }]);
  const stored = await raw();
  expect(_id).toBe(resultIdOf(result));
  expect(expected).not.toBeNull();
  expect(stored).toEqual(expected);
  expect(Object.keys(stored ?? {})).toEqual(Object.keys(expected ?? {}));
});
