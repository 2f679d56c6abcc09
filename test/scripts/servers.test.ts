import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { afterAll, expect, test } from 'vitest';
import {
  ensureMongoServer,
  freePort,
  likelyCause,
  type RunningServer,
  SetupError,
  startMongo,
  startRedis,
  startServices,
} from '../../scripts/lib/index.mjs';
import { workshop } from './helpers.js';

const { folder, clean } = workshop();
const servers: RunningServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  clean();
});

async function kept(starting: Promise<RunningServer>): Promise<RunningServer> {
  const server = await starting;
  servers.push(server);
  return server;
}

async function faultOf(starting: Promise<unknown>): Promise<SetupError> {
  const fault = await starting.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof SetupError)) throw new Error(`expected a SetupError, got ${String(fault)}`);
  return fault;
}

test('Redis: what was written is there after SIGKILL and a start on the same folder and port', async () => {
  const dir = join(folder, 'redis');
  const first = await kept(startRedis({ dir, fsync: 'always' }));
  const client = new Redis(first.url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.set('need', 'stored');
  await first.kill();

  const second = await kept(startRedis({ dir, port: first.port, fsync: 'always' }));

  expect(second.url).toBe(first.url);
  expect(await client.get('need')).toBe('stored');
  expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  client.disconnect();
});

test('MongoDB: three kills under load lose no acknowledged insert and leave no key without its document', async () => {
  const dir = join(folder, 'mongo-kills');
  const acknowledged: number[] = [];
  const port = await freePort();
  let next = 0;
  for (let round = 0; round < 3; round++) {
    const server = await kept(startMongo({ dir, port }));
    const connection = await mongoose
      .createConnection(server.url, { serverSelectionTimeoutMS: 2_000, retryWrites: false })
      .asPromise();
    const needs = connection.collection<{ _id: number; key: string; text: string }>('needs');
    await needs.createIndex({ key: 1 }, { unique: true });
    const before = acknowledged.length;
    let down = false;
    const writer = async () => {
      while (!down) {
        const id = next++;
        try {
          await needs.insertOne({ _id: id, key: `key-${id}`, text: 'x'.repeat(500) });
          acknowledged.push(id);
        } catch {
          down = true;
        }
      }
    };
    const writers = Array.from({ length: 8 }, writer);
    while (acknowledged.length < before + 150) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.kill();
    down = true;
    await Promise.all(writers);
    await connection.close(true);
  }

  const server = await kept(startMongo({ dir, port }));
  const connection = await mongoose.createConnection(server.url).asPromise();
  const needs = connection.collection<{ _id: number; key: string; text: string }>('needs');
  const stored = new Set((await needs.find().toArray()).map(({ _id }) => _id));
  expect(acknowledged.length).toBeGreaterThanOrEqual(450);
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  // Inserts the kills cut off, sent again: none may meet its own unique key without a document.
  const cutOff = Array.from({ length: next }, (_, id) => id).filter((id) => !stored.has(id));
  for (const id of cutOff) await needs.insertOne({ _id: id, key: `key-${id}`, text: 'again' });
  expect(await needs.countDocuments()).toBe(next);
  await connection.close();
}, 120_000);

test('MongoDB: writers that wait at the same time share a commit, and a clean stop says so', async () => {
  const { value } = await ensureMongoServer();
  const server = await kept(startMongo({ dir: join(folder, 'group'), logFile: join(folder, 'group.log') }));
  const connection = await mongoose.createConnection(server.url, { maxPoolSize: 32 }).asPromise();
  const needs = connection.collection('needs');
  await Promise.all(
    Array.from({ length: 32 }, async (_, writer) => {
      for (let i = 0; i < 10; i++) await needs.insertOne({ writer, i });
    }),
  );
  expect(await needs.countDocuments()).toBe(320);
  await connection.close();
  await server.stop();

  if (value?.kind === 'embedded') {
    const [, writes, commits] =
      /stopped after (\d+) writes in (\d+) commits/.exec(readFileSync(server.logFile, 'utf8')) ?? [];
    expect(Number(writes)).toBeGreaterThanOrEqual(320);
    expect(Number(commits)).toBeLessThan(Number(writes));
  }
}, 60_000);

test('MongoDB: unique keys of every form are found, and refused a second time, also after a restart', async () => {
  const dir = join(folder, 'keys');
  const texts = ['', 'a', 'b', 'aa', 'z', 'é', '线索', 'a\u0000', '\u007f', '\u0080', 'x'.repeat(300), '0', 'A', 'ab'];
  const many = Array.from({ length: 1_500 }, (_, number) => `${'k'.repeat(number % 7)}${(number * 7_919) % 1_500}`);
  const keys = [...new Set([...texts, ...many])];
  type Need = { _id: string; county: string; number: number };
  for (const round of ['written', 'read again']) {
    const server = await kept(startMongo({ dir }));
    const connection = await mongoose.createConnection(server.url).asPromise();
    const needs = connection.collection<Need>('needs');
    if (round === 'written') {
      await needs.createIndex({ county: 1, number: 1 }, { unique: true });
      await needs.insertMany(keys.map((_id, number) => ({ _id, county: _id, number })));
    }
    for (const [number, key] of keys.entries()) {
      if (number % 9 !== 0 && number >= texts.length) continue;
      expect((await needs.findOne({ _id: key }))?.number, JSON.stringify(key)).toBe(number);
      const again = { _id: `other ${key}`, county: key, number };
      await expect(needs.insertOne(again), JSON.stringify(key)).rejects.toMatchObject({ code: 11_000 });
    }
    expect(await needs.countDocuments()).toBe(keys.length);
    await connection.close();
    await server.stop();
  }
}, 120_000);

test('MongoDB: an id in a query narrows it down and changes nothing about what is found', async () => {
  const server = await kept(startMongo({ dir: join(folder, 'ids') }));
  const connection = await mongoose.createConnection(server.url).asPromise();
  const needs = connection.collection<{ _id: string; version: number; county: string }>('needs');
  const ids = Array.from({ length: 60 }, (_, number) => `need_${String(number).padStart(2, '0')}`);
  await needs.insertMany(ids.map((_id, number) => ({ _id, version: number % 3, county: number % 2 ? 'a' : 'b' })));
  const found = async (filter: object) => (await needs.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  const expected = (wanted: (id: string, number: number) => boolean) => ids.filter(wanted);

  expect(await found({ _id: 'need_07', version: 1 })).toEqual(['need_07']);
  expect(await found({ _id: 'need_07', version: 2 })).toEqual([]);
  expect(await found({ _id: { $in: ['need_09', 'need_03', 'need_03', 'none'] }, county: 'a' })).toEqual([
    'need_03',
    'need_09',
  ]);
  expect(await found({ _id: { $gte: 'need_10', $lt: 'need_20' }, version: 0 })).toEqual(
    expected((_, number) => number >= 10 && number < 20 && number % 3 === 0),
  );
  expect(await found({ _id: { $gt: 'need_57' } })).toEqual(['need_58', 'need_59']);
  expect(await found({ _id: { $lte: 'need_01' } })).toEqual(['need_00', 'need_01']);
  expect(await found({ _id: { $gt: 'need_30', $lt: 'need_20' } })).toEqual([]);
  expect(await found({ $and: [{ version: 1 }, { _id: { $gte: 'need_50' } }] })).toEqual(
    expected((_, number) => number >= 50 && number % 3 === 1),
  );
  expect(await found({ $or: [{ _id: 'need_00' }, { version: 9 }] })).toEqual(['need_00']);
  expect(await found({ _id: { $ne: 'need_00' }, version: 0 })).toEqual(
    expected((_, number) => number > 0 && number % 3 === 0),
  );
  const newest = needs.find({ _id: { $lt: 'need_30' }, county: 'b' });
  expect((await newest.sort({ _id: -1 }).limit(2).toArray()).map(({ _id }) => _id)).toEqual(['need_28', 'need_26']);

  const changed = await needs.updateOne({ _id: 'need_05', version: 2 }, { $set: { version: 3 } });
  expect(changed.modifiedCount).toBe(1);
  expect((await needs.updateOne({ _id: 'need_05', version: 2 }, { $set: { version: 4 } })).matchedCount).toBe(0);
  expect((await needs.findOneAndUpdate({ _id: 'need_05', version: 3 }, { $set: { county: 'c' } }))?.county).toBe('a');
  expect(
    (await needs.updateOne({ _id: 'x', version: 1 }, { $set: { county: 'd' } }, { upsert: true })).upsertedId,
  ).toBe('x');
  expect((await needs.deleteMany({ _id: { $gte: 'need_55' }, version: { $gt: 0 } })).deletedCount).toBe(5);
  expect(await needs.countDocuments({ _id: { $gte: 'need_55' } })).toBe(1);
  await connection.close();
}, 60_000);

test('a server whose data are damaged shows the end of its log and the likely cause', async () => {
  const dir = join(folder, 'damaged');
  mkdirSync(join(dir, 'appendonlydir'), { recursive: true });
  writeFileSync(join(dir, 'appendonlydir', 'appendonly.aof.manifest'), 'file appendonly.aof.1.incr.aof seq 1 type i\n');
  writeFileSync(join(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'), 'this is no append-only file\r\n');

  const fault = await faultOf(startRedis({ dir }));

  expect(fault.code).toBe('damaged');
  expect(fault.message).toMatch(/Bad file format/);
  expect(fault.message).toContain('redis.log');
});

test('a port that another program holds is named', async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));

  const fault = await faultOf(startMongo({ dir: join(folder, 'taken'), port }));

  other.close();
  expect(fault.code).toBe('port');
  expect(fault.message).toContain(String(port));
});

test('a data folder that cannot be made is named', async () => {
  writeFileSync(join(folder, 'a-file'), '');

  const fault = await faultOf(startServices({ dataDir: join(folder, 'a-file', 'data'), env: {} }));

  expect(fault.code).toBe('permission');
  expect(fault.message).toContain(join('a-file', 'data'));
});

test('data in use by another server are refused with that cause', async () => {
  const dir = join(folder, 'twice');
  await kept(startMongo({ dir }));

  expect((await faultOf(startMongo({ dir, logFile: join(folder, 'second.log') }))).code).toBe('locked');
});

test('two copies on one data folder: the second is told who has it', async () => {
  const dataDir = join(folder, 'copies');
  const services = await startServices({ dataDir, env: {}, purpose: 'first' });

  const fault = await faultOf(startServices({ dataDir, env: {} }));

  await services.stop();
  expect(fault.code).toBe('locked');
  expect(fault.holder?.purpose).toBe('first');
  const again = await startServices({ dataDir, env: {} });
  await again.stop();
});

test('servers that the environment names are used and not started', async () => {
  const env = { MONGODB_URI: 'mongodb://db.example/x', REDIS_URL: 'redis://queue.example' };

  const services = await startServices({ dataDir: join(folder, 'named'), env });

  expect(services).toMatchObject({ mongoUri: env.MONGODB_URI, redisUrl: env.REDIS_URL, pids: [] });
});

test('a supervised server comes back on its port after a kill', async () => {
  const lines: string[] = [];
  const server = await kept(
    startRedis({ dir: join(folder, 'supervised'), supervise: true, onLine: (line) => lines.push(line) }),
  );
  const client = new Redis(server.url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  const pid = server.pid;

  await server.kill();

  expect(await client.ping()).toBe('PONG');
  // The client may find it before it is known to have started.
  await expect.poll(() => server.pid).not.toBe(pid);
  expect(lines[0]).toContain('Redis');
  client.disconnect();
});

test.each([
  ['# Failed listening on port 6379 (tcp), aborting.', 'port'],
  ['cannot start: The file is locked: /data/store.h2 [2.3.232/7]', 'locked'],
  ["Can't chdir to '/data': Permission denied", 'permission'],
  ['java.lang.UnsupportedClassVersionError: shanhai/MongoLauncher', 'java'],
  ['Error occurred during initialization of VM: Could not reserve enough space for object heap', 'memory'],
  ['write error: No space left on device', 'space'],
  ['something else', 'unknown'],
])('the log line %j means %s', (line, code) => {
  expect(likelyCause([line]).code).toBe(code);
});
