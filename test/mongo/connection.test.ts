import { afterEach, describe, expect, it } from 'vitest';
import { MongoConnection, MongoHealthProbe } from '../../src/mongo/connection.js';
import { MongoNeedStore } from '../../src/mongo/need-store.js';
import { MongoParkStore } from '../../src/mongo/park-store.js';
import { makeStoredNeed } from '../support/conformance/records.js';
import { realClock, until } from '../support/real-clock.js';
import { recordingLog } from '../support/recording-log.js';
import { openProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { databaseUri } from './mongo.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function throughProxy(): Promise<{ mongo: MongoConnection; proxy: TcpProxy; lines: { message: string }[] }> {
  const uri = new URL(databaseUri('connection'));
  const proxy = await openProxy({ host: uri.hostname, port: Number(uri.port) });
  cleanUp.push(() => proxy.close());
  uri.host = `127.0.0.1:${proxy.port}`;
  uri.searchParams.set('directConnection', 'true');
  await proxy.cut();
  const { log, lines } = recordingLog();
  const mongo = new MongoConnection({ uri: uri.href, log, clock: realClock });
  cleanUp.push(() => mongo.close());
  return { mongo, proxy, lines };
}

describe('MongoConnection', () => {
  it('raises storeUnavailable while the server is away from the beginning, and works once it is there', async () => {
    const { mongo, proxy } = await throughProxy();
    const store = new MongoNeedStore(mongo.connection);
    const probe = new MongoHealthProbe(mongo, realClock);
    expect(await mongo.ready(50)).toBe(false);
    expect(await probe.check(200)).toBe(false);
    await expect(store.get('need_x')).rejects.toMatchObject({ name: 'AppError', code: 'storeUnavailable' });
    await expect(store.insert(makeStoredNeed(1), [])).rejects.toMatchObject({ code: 'storeUnavailable' });

    await proxy.restore();
    expect(await mongo.ready(8_000)).toBe(true);
    expect(await probe.check(1_000)).toBe(true);
    expect(await store.insert(makeStoredNeed(1), [])).toEqual({ inserted: true });
    await mongo.connection.dropDatabase();
  });

  it('raises storeUnavailable when the server goes away, and works again when it is back', async () => {
    const { mongo, proxy } = await throughProxy();
    await proxy.restore();
    expect(await mongo.ready(8_000)).toBe(true);
    const store = new MongoNeedStore(mongo.connection);
    const probe = new MongoHealthProbe(mongo, realClock);
    await store.insert(makeStoredNeed(1), []);

    await proxy.cut();
    const began = performance.now();
    await expect(store.get(makeStoredNeed(1).id)).rejects.toMatchObject({ code: 'storeUnavailable' });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(await probe.check(300)).toBe(false);

    await proxy.restore();
    await until(() => probe.check(500), 30_000);
    expect(await store.get(makeStoredNeed(1).id)).toEqual(makeStoredNeed(1));
    await mongo.connection.dropDatabase();
  });

  it('is not ready while the server hangs', async () => {
    const { mongo, proxy } = await throughProxy();
    await proxy.restore();
    expect(await mongo.ready(8_000)).toBe(true);
    const probe = new MongoHealthProbe(mongo, realClock);
    proxy.freeze();
    const began = performance.now();
    expect(await probe.check(200)).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
    await proxy.restore();
  });

  it('creates the indexes that the stores declare', async () => {
    const { mongo, proxy } = await throughProxy();
    await proxy.restore();
    expect(await mongo.ready(8_000)).toBe(true);
    new MongoNeedStore(mongo.connection);
    new MongoParkStore(mongo.connection);
    await mongo.ensureIndexes();
    await mongo.ensureIndexes();
    const keys = (await mongo.connection.collection('needs').indexes()).map(({ key }) => key);
    expect(keys).toContainEqual({ createdAt: -1, _id: -1 });
    await mongo.connection.dropDatabase();
  });

  it('logs codes, never the address', async () => {
    const { mongo, lines } = await throughProxy();
    await mongo.ready(50);
    await until(() => lines.some(({ message }) => message.includes('not reachable')), 30_000);
    expect(JSON.stringify(lines)).not.toContain('127.0.0.1');
  });
});
