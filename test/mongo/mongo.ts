import type { Connection } from 'mongoose';
import { afterAll, beforeAll, inject } from 'vitest';
import { MongoConnection } from '../../src/mongo/connection.js';
import { realClock } from '../support/real-clock.js';
import { recordingLog } from '../support/recording-log.js';

/** The address of a database of its own on the test server. */
export function databaseUri(name: string): string {
  const uri = new URL(inject('mongoUri'));
  uri.pathname = `/test_${name}_${process.pid}_${Date.now().toString(36)}`;
  return uri.href;
}

/** A connection to a database of its own for one test file; each call of the function given back empties it. */
export function useMongo(name: string): () => Promise<Connection> {
  let mongo: MongoConnection | undefined;
  beforeAll(async () => {
    mongo = new MongoConnection({ uri: databaseUri(name), log: recordingLog().log, clock: realClock });
    if (!(await mongo.ready(10_000))) throw new Error('MongoDB is not there');
  });
  afterAll(async () => {
    await mongo?.connection.dropDatabase();
    await mongo?.close();
  });
  return async () => {
    if (mongo === undefined) throw new Error('not connected');
    for (const collection of Object.values(mongo.connection.collections)) await collection.deleteMany({});
    for (const model of mongo.connection.modelNames()) mongo.connection.deleteModel(model);
    return mongo.connection;
  };
}
