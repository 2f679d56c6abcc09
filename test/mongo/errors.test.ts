import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { outlineOf } from '../../src/matching/rematch/outline.js';
import { guarded, insertedNew, isDuplicateKey } from '../../src/mongo/errors.js';
import { MongoHistoryStore } from '../../src/mongo/history-store.js';
import { MongoNeedStore } from '../../src/mongo/need-store.js';
import { MongoParkStore } from '../../src/mongo/park-store.js';
import { MongoReferenceStore } from '../../src/mongo/reference-store.js';
import { MongoResultStore } from '../../src/mongo/result-store.js';
import { resultIdOf } from '../../src/ports/result-store.js';
import { outlineStep } from '../support/conformance/history-store.js';
import { makePark, makeReference, makeResult, makeStoredNeed } from '../support/conformance/records.js';
import { useMongo } from './mongo.js';

const { mongo } = mongoose;
const connection = useMongo('errors');

async function codeFor(error: Error): Promise<string> {
  const raised = await guarded(() => Promise.reject(error)).catch((caught: unknown) => caught);
  return raised instanceof AppError ? raised.code : 'not an AppError';
}

/** What an unordered insert raises that met these codes. */
function bulkError(codes: readonly number[], unconfirmed = false): Error {
  // The driver makes these two itself, of what the server answers.
  const concern = unconfirmed ? { code: 64, errmsg: 'x' } : undefined;
  const result = Object.assign(Object.create(null), { getWriteConcernError: () => concern });
  const error = new mongo.MongoBulkWriteError({ message: 'x', code: codes[0] ?? 0 }, result);
  const writeErrors = codes.map((code) => ({ code }));
  return Object.assign(error, { writeErrors }, codes.length === 0 ? { err: concern } : {});
}

describe('insertedNew', () => {
  it('passes over documents whose key is taken, and nothing else', async () => {
    const raised = async (error: Error) =>
      insertedNew(() => Promise.reject(error)).then(
        () => null,
        (caught: unknown) => caught,
      );
    expect(await raised(bulkError([11_000, 11_000]))).toBeNull();
    expect(await raised(new mongo.MongoServerError({ message: 'x', code: 11_000 }))).toBeNull();
    for (const error of [bulkError([11_000, 121]), bulkError([]), bulkError([11_000], true), new Error('x')]) {
      expect(await raised(error)).toBe(error);
    }
  });
});

describe('guarded', () => {
  it.each([
    ['a lost connection', new mongo.MongoNetworkError('x')],
    ['a time-out', new mongo.MongoNetworkTimeoutError('x')],
    ['a closed client', new mongo.MongoClientClosedError()],
    ['a server that is not the primary', new mongo.MongoServerError({ message: 'x', code: 10107 })],
    ['a server that shuts down', new mongo.MongoServerError({ message: 'x', code: 11600 })],
    ['a write that was not confirmed', new mongo.MongoServerError({ message: 'x', code: 64 })],
    ['many writes that were not confirmed', bulkError([], true)],
    ['a write to a socket the server has closed', Object.assign(new Error('x'), { code: 'EPIPE' })],
    ['no connection yet', new mongoose.Error('Cannot call x before initial connection is complete')],
  ])('takes %s for an outage', async (_what, error) => {
    expect(await codeFor(error)).toBe('storeUnavailable');
  });

  it.each([
    ['a refused command', new mongo.MongoServerError({ message: 'x', code: 9 })],
    ['a fault of the program', new TypeError('x')],
    ['a document that does not fit its schema', new mongoose.Error.ValidationError()],
  ])('takes %s for a fault', async (_what, error) => {
    expect(await codeFor(error)).toBe('internal');
  });

  it('lets errors of the domain through', async () => {
    expect(await codeFor(new AppError('notFound'))).toBe('notFound');
  });

  it('knows a duplicate key', () => {
    expect(isDuplicateKey(new mongo.MongoServerError({ message: 'x', code: 11000 }))).toBe(true);
    expect(isDuplicateKey(new mongo.MongoServerError({ message: 'x', code: 11600 }))).toBe(false);
    expect(isDuplicateKey(null)).toBe(false);
  });
});

describe('documents that were spoiled', () => {
  const spoiled = { name: 'AppError', code: 'internal', params: { reason: 'malformedDocument' } };

  it.each([
    { version: 'two' },
    { versions: 'text' },
    { versions: '[]' },
    { versions: '[{"version":1,"need":"text","at":"2026-01-01"}]' },
    { matching: { status: 'perhaps' } },
    { createdAt: 5 },
  ])('a need with %j is refused', async (change) => {
    const db = await connection();
    const store = new MongoNeedStore(db);
    const stored = makeStoredNeed(1);
    await store.insert(stored, []);
    await db.collection<{ _id: string }>('needs').updateOne({ _id: stored.id }, { $set: change });
    await expect(store.get(stored.id)).rejects.toMatchObject(spoiled);
  });

  it('a park without inventory is refused', async () => {
    const db = await connection();
    const store = new MongoParkStore(db);
    await store.seed([makePark('a')]);
    await db.collection<{ _id: string }>('parks').updateOne({ _id: 'a' }, { $unset: { inventory: 1 } });
    await expect(store.all()).rejects.toMatchObject(spoiled);
  });

  it('a result under the key of another is refused', async () => {
    const db = await connection();
    const store = new MongoResultStore(db);
    await store.put(makeResult(1));
    const other = await store.put(makeResult(2));
    const first = await db.collection<{ _id: string; body: Buffer }>('results').findOne({ _id: { $ne: other.id } });
    await db
      .collection<{ _id: string }>('results')
      .updateOne({ _id: other.id }, { $set: { body: first?.body ?? Buffer.alloc(0) } });
    await expect(store.get(other.id)).rejects.toMatchObject(spoiled);
  });

  it('an outline that is none, or under the key of another, is refused', async () => {
    const db = await connection();
    const store = new MongoHistoryStore(db);
    const results = [makeResult(1), makeResult(2), makeResult(3)];
    const outlines = results.map(outlineOf);
    await store.appendMany(results.map((result) => outlineStep(result)));
    const [first = '', second = '', third = ''] = outlines.map(resultIdOf);
    const stored = db.collection('needHistory');
    const spoil = (id: string, outline: string) => stored.updateOne({ toResultId: id }, { $set: { outline } });
    await spoil(first, JSON.stringify(outlines[2]));
    await spoil(second, '{"scores":[]}');
    await spoil(third, '{');
    for (const id of [first, second]) await expect(store.outline(id)).rejects.toMatchObject(spoiled);
    await expect(store.outline(third)).rejects.toMatchObject({ code: 'internal' });
    const fourth = makeResult(4);
    await store.append(outlineStep(fourth));
    const places = [first, second, third, resultIdOf(fourth)].map((resultId) => ({ resultId, position: 1 }));
    expect(await store.outlines(places)).toEqual(new Map([[resultIdOf(fourth), outlineOf(fourth)]]));
  });

  it('an edition with a part missing is refused, and mended when it is published again', async () => {
    const db = await connection();
    const store = new MongoReferenceStore(db);
    await store.publish('e1', makeReference('甲'));
    await db.collection<{ _id: string }>('referenceParts').deleteOne({ _id: 'e1:counties:0' });
    await expect(store.load()).rejects.toMatchObject(spoiled);
    expect(await store.publish('e1', makeReference('甲'))).toEqual({ changed: false });
    expect((await store.load())?.data).toEqual(makeReference('甲'));
  });

  it('a need that does not fit its schema is not stored', async () => {
    const store = new MongoNeedStore(await connection());
    await expect(store.insert({ ...makeStoredNeed(1), version: 0 }, [])).rejects.toMatchObject({ code: 'internal' });
    expect(await store.get(makeStoredNeed(1).id)).toBeNull();
  });

  it('editions before the last but one are removed', async () => {
    const db = await connection();
    const store = new MongoReferenceStore(db);
    for (const edition of ['e1', 'e2', 'e3', 'e4']) await store.publish(edition, makeReference(edition));
    const kept = await db.collection<{ edition: string }>('referenceParts').distinct('edition');
    expect(kept.sort()).toEqual(['e3', 'e4']);
  });
});
