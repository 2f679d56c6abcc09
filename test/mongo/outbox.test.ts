import { type Model, Schema } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { MongoOutbox, OUTBOX_FIELD, type OutboxDocument, outboxOf, outboxPush } from '../../src/mongo/outbox.js';
import { joinOutboxes } from '../../src/ports/outbox.js';
import { makeChange } from '../support/conformance/changes.js';
import { describeOutboxConformance } from '../support/conformance/outbox.js';
import { useMongo } from './mongo.js';

interface Thing extends OutboxDocument {
  readonly version: number;
}

const schema = new Schema<Thing>(
  { _id: { type: String, required: true }, version: { type: Number, required: true }, outbox: OUTBOX_FIELD },
  { collection: 'things', strict: 'throw', minimize: false, versionKey: false, id: false },
);
const connection = useMongo('outbox');

async function things(): Promise<{ readonly model: Model<Thing>; readonly outbox: MongoOutbox }> {
  const mongo = await connection();
  const model = mongo.model<Thing>('Thing', schema);
  const outbox = new MongoOutbox(mongo, 'things');
  for (const declared of Object.values(mongo.models)) await declared.createIndexes();
  return { model, outbox };
}

describeOutboxConformance('mongo', async () => {
  const { model, outbox } = await things();
  return {
    outbox,
    async write(_id, changes) {
      await model.updateOne({ _id }, { $set: { version: 1 }, ...outboxPush(changes) }, { upsert: true });
    },
  };
});

describeOutboxConformance('mongo, two collections as one', async () => {
  const { model, outbox } = await things();
  const empty = new MongoOutbox(model.db, 'otherThings');
  return {
    outbox: joinOutboxes([empty, outbox]),
    async write(_id, changes) {
      await model.updateOne({ _id }, { $set: { version: 1 }, ...outboxPush(changes) }, { upsert: true });
    },
  };
});

describe('the outbox of a document', () => {
  it('is written by create, updateOne and findOneAndUpdate, with the change or not at all', async () => {
    const { model, outbox } = await things();
    const [first, second, third] = [1, 2, 3].map((version) => makeChange(version));
    if (first === undefined || second === undefined || third === undefined) throw new Error('no changes');
    await model.create({ _id: 'need_1', version: 1, ...outboxOf([first]) });
    await model.updateOne({ _id: 'need_1', version: 1 }, { $set: { version: 2 }, ...outboxPush([second]) });
    const stale = await model.updateOne(
      { _id: 'need_1', version: 1 },
      { $set: { version: 9 }, ...outboxPush([second]) },
    );
    expect(stale.matchedCount).toBe(0);
    const after = await model
      .findOneAndUpdate(
        { _id: 'need_1', version: 2 },
        { $set: { version: 3 }, ...outboxPush([third]) },
        { returnDocument: 'after' },
      )
      .lean();
    expect(after).toEqual({ _id: 'need_1', version: 3, outbox: [first, second, third] });
    expect(await outbox.of(['need_1'])).toEqual([first, second, third]);
  });

  it('is not there where nothing was written, and an update without changes leaves it alone', async () => {
    const { model, outbox } = await things();
    await model.create({ _id: 'need_1', version: 1, ...outboxOf([]) });
    await model.updateOne({ _id: 'need_1' }, { $set: { version: 2 }, ...outboxPush([]) });
    expect(await model.findById('need_1').lean()).toEqual({ _id: 'need_1', version: 2 });
    await model.updateOne({ _id: 'need_1' }, outboxPush([makeChange(2)]));
    await model.updateOne({ _id: 'need_1' }, { $set: { version: 3 }, ...outboxPush([]) });
    expect(await outbox.of(['need_1'])).toEqual([makeChange(2)]);
  });

  it('loses none of 20 changes written at once', async () => {
    const { model, outbox } = await things();
    await model.create({ _id: 'need_1', version: 1 });
    const changes = Array.from({ length: 20 }, (_, index) => makeChange(index + 1));
    await Promise.all(changes.map((change) => model.updateOne({ _id: 'need_1' }, outboxPush([change]))));
    expect(new Set((await outbox.of(['need_1'])).map(({ id }) => id)).size).toBe(20);
  });

  it('may be another document than the changed object', async () => {
    const { model } = await things();
    const outbox = new MongoOutbox(model.db, 'things', ({ after }) => String(after?.['parkId']));
    const change = makeChange(1, { objectId: 'lead_1', after: { parkId: 'park-1' } });
    await model.create({ _id: 'park-1', version: 1, ...outboxOf([change]) });
    await outbox.remove([change]);
    expect(await outbox.waiting(10)).toEqual([]);
  });
});
