import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, expect, test } from 'vitest';
import { ensureMongoServer, type RunningServer, startMongo } from '../../scripts/lib/index.mjs';
import { randomFrom } from '../support/chaos.js';

interface Row {
  readonly _id: string;
  readonly at?: unknown;
  readonly state?: { readonly kind: string };
}
type Id = string | number | { readonly county: string } | mongoose.mongo.Double | mongoose.mongo.Long;
type Bound = '$gt' | '$gte' | '$lt' | '$lte';

const folder = mkdtempSync(join(tmpdir(), 'shanhai-embedded-'));
const servers: RunningServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(name: string): Promise<{ server: RunningServer; connection: Connection }> {
  const server = await startMongo({ dir: join(folder, name), logFile: join(folder, `${name}.log`) });
  servers.push(server);
  return { server, connection: await mongoose.createConnection(server.url, { retryWrites: false }).asPromise() };
}

async function isEmbedded(): Promise<boolean> {
  return (await ensureMongoServer()).value?.kind === 'embedded';
}

const holds: Record<Bound, (text: string, bound: string) => boolean> = {
  $gt: (text, bound) => text > bound,
  $gte: (text, bound) => text >= bound,
  $lt: (text, bound) => text < bound,
  $lte: (text, bound) => text <= bound,
};

/** Whether a value, or the one member of a list, is a text within all bounds. */
function isWithin(value: unknown, bounds: Partial<Record<Bound, string>>): boolean {
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' && Object.entries(bounds).every(([name, bound]) => holds[name as Bound](text, bound));
}

test('ranges and equality over an indexed field find what plain filtering finds, whatever was written, also after SIGKILL', async () => {
  const fraction = randomFrom(20_250_711);
  const random = (below: number) => Math.floor(fraction() * below);
  const natural = await isEmbedded();
  const rows = new Map<string, Row>();
  const ids = () => [...rows.keys()].sort();
  const text = () => `t${String(random(60)).padStart(2, '0')}`;
  const anyRow = () => ids()[random(rows.size)] ?? 'none';
  const otherTypes = [7, null, true, [], {}, { kind: 'x' }, new Date(0), 't'];
  const value = (): unknown => {
    const kind = random(10);
    return kind < 6 ? text() : kind < 8 ? [text()] : otherTypes[random(otherTypes.length)];
  };
  let next = 0;

  const write = async (needs: mongoose.mongo.Collection<Row>) => {
    const _id = anyRow();
    const row = rows.get(_id);
    const way = row === undefined || rows.size < 60 ? 0 : random(9);
    if (way < 2) {
      const added = Array.from({ length: 4 }, (_, at): Row => {
        const base = { _id: `need_${(next * 37) % 1_000}_${next++}`, state: { kind: `k${random(4)}` } };
        return at === 3 ? base : { ...base, at: value() };
      });
      await needs.insertMany(added);
      for (const one of added) rows.set(one._id, one);
    } else if (way < 5) {
      const at = value();
      await needs.updateOne({ _id }, { $set: { at } });
      rows.set(_id, { ...row, _id, at });
    } else if (way === 5) {
      await needs.updateOne({ _id }, { $unset: { at: 1 } });
      const { at: _at, ...rest } = row ?? { _id };
      rows.set(_id, rest);
    } else if (way === 6) {
      await needs.deleteOne({ _id });
      rows.delete(_id);
    } else if (way === 7) {
      const bound = text();
      const kind = `k${random(4)}`;
      await needs.updateMany({ at: { $gte: bound, $lt: `${bound}~` } }, { $set: { state: { kind } } });
      for (const one of rows.values()) {
        if (isWithin(one.at, { $gte: bound, $lt: `${bound}~` })) rows.set(one._id, { ...one, state: { kind } });
      }
    } else {
      const at = text();
      await needs.findOneAndReplace({ _id }, { at });
      rows.set(_id, { _id, at });
    }
  };

  const check = async (needs: mongoose.mongo.Collection<Row>) => {
    const found = async (filter: object) => {
      const list = (await needs.find(filter).toArray()).map(({ _id }) => _id);
      return natural ? list : list.sort();
    };
    const expected = (wanted: (row: Row) => boolean) =>
      ids().filter((_id) => {
        const row = rows.get(_id);
        return row !== undefined && wanted(row);
      });
    const [low = '', high = ''] = [text(), text()].sort();
    const kind = `k${random(4)}`;
    expect(await found({ at: { $gte: low } })).toEqual(expected(({ at }) => isWithin(at, { $gte: low })));
    expect(await found({ at: { $gt: low, $lte: high } })).toEqual(
      expected(({ at }) => isWithin(at, { $gt: low, $lte: high })),
    );
    expect(await found({ at: { $gt: high, $lt: low } })).toEqual([]);
    expect(await found({ at: { $ne: null, $lt: low } })).toEqual(expected(({ at }) => isWithin(at, { $lt: low })));
    expect(await found({ at: low })).toEqual(expected(({ at }) => isWithin(at, { $gte: low, $lte: low })));
    expect(await found({ at: { $in: [high, low, high] } })).toEqual(
      expected(({ at }) => [low, high].some((one) => isWithin(at, { $gte: one, $lte: one }))),
    );
    expect(await found({ at: { $gte: 0 } })).toEqual(expected(({ at }) => typeof at === 'number'));
    expect(await found({ 'state.kind': kind, at: { $lt: high } })).toEqual(
      expected(({ at, state }) => state?.kind === kind && isWithin(at, { $lt: high })),
    );
    expect(await found({ $and: [{ at: { $gte: low } }, { _id: { $gte: 'need_5' } }] })).toEqual(
      expected(({ _id, at }) => _id >= 'need_5' && isWithin(at, { $gte: low })),
    );
    for (const direction of [1, -1] as const) {
      const skip = random(3);
      const page = await needs
        .find({ at: { $gte: low } })
        .sort({ at: direction, _id: 1 })
        .skip(skip)
        .limit(5)
        .toArray();
      const key = (id: string) => String(rows.get(id)?.at);
      const sorted = expected(({ at }) => isWithin(at, { $gte: low })).sort(
        (a, b) => direction * (Number(key(a) > key(b)) - Number(key(a) < key(b))) || (a < b ? -1 : 1),
      );
      expect(page.map(({ _id }) => _id)).toEqual(sorted.slice(skip, skip + 5));
    }
  };

  for (let round = 0; round < 2; round++) {
    const { server, connection } = await open('ranges');
    const needs = connection.collection<Row>('needs');
    await needs.createIndex({ at: 1, _id: 1 });
    await needs.createIndex({ 'state.kind': 1, at: 1 });
    if (round > 0) await check(needs);
    for (let step = 0; step < 80; step++) {
      await write(needs);
      if (step % 5 === 0) await check(needs);
    }
    // Most rows have texts only, from here on: the order of a sorted page is then that of the field.
    for (const [_id, row] of rows) {
      if (typeof row.at === 'string') continue;
      const at = text();
      await needs.updateOne({ _id }, { $set: { at } });
      rows.set(_id, { ...row, at });
    }
    for (let times = 0; times < 10; times++) await check(needs);
    expect(await needs.countDocuments()).toBe(rows.size);
    await server.kill();
    await connection.close(true);
  }
}, 120_000);

test('a field that many write at once is found under its last value', async () => {
  const { connection } = await open('at-once');
  const needs = connection.collection<Row>('needs');
  await needs.createIndex({ at: 1 });
  const ids = Array.from({ length: 80 }, (_, number) => `need_${String(number).padStart(2, '0')}`);
  await needs.insertMany(ids.map((_id, number) => ({ _id, at: `a${number}` })));
  let writing = true;
  const reader = async () => {
    while (writing) {
      await connection.db?.command({ count: 'needs', query: { at: { $gte: 'b' } } });
      expect((await needs.find({ at: { $lt: 'a' } }).toArray()).length).toBe(0);
    }
  };
  const readers = [reader(), reader()];
  await Promise.all(
    ids.map(async (_id, number) => {
      for (const letter of ['b', 'c', 'd']) await needs.updateOne({ _id }, { $set: { at: `${letter}${number}` } });
      if (number % 4 === 0) await needs.deleteOne({ _id });
    }),
  );
  writing = false;
  await Promise.all(readers);

  expect(await needs.find({ at: { $lt: 'd' } }).toArray()).toEqual([]);
  const last = await needs.find({ at: { $gte: 'd', $lt: 'd2' } }).toArray();
  expect(last.map(({ _id }) => _id).sort()).toEqual(
    ids.filter((_, number) => number % 4 !== 0 && `d${number}` < 'd2').sort(),
  );
  await needs.drop();
  await needs.insertOne({ _id: 'new', at: 'd1' });
  expect(await needs.find({ at: { $gte: 'a' } }).toArray()).toEqual([{ _id: 'new', at: 'd1' }]);
}, 60_000);

test('an id stands once: within one insertMany, across them, in all types of a number, and after SIGKILL', async () => {
  const { Double, Long } = mongoose.mongo;
  for (const round of ['written', 'read again']) {
    const { server, connection } = await open('ids');
    const needs = connection.collection<{ _id: Id; word: string }>('needs');
    if (round === 'written') {
      const batch = ['a', 'b', 'a', 'c', 'b'].map((_id, number) => ({ _id, word: `w${number}` }));
      await expect(needs.insertMany(batch, { ordered: false })).rejects.toMatchObject({
        code: 11_000,
        writeErrors: [{ index: 2 }, { index: 4 }],
      });
      expect(await needs.countDocuments()).toBe(3);
      await needs.insertMany([{ _id: 1 }, { _id: { county: 'a' } }].map((id) => ({ ...id, word: 'w' })));
    }
    for (const _id of ['a', 'c', 1, new Double(1), Long.fromNumber(1), { county: 'a' }]) {
      await expect(needs.insertOne({ _id, word: 'again' }), String(_id)).rejects.toMatchObject({ code: 11_000 });
      expect((await needs.findOne({ _id }))?.word, String(_id)).toMatch(/^w/);
    }
    await expect(needs.insertOne({ _id: 'a', word: 'again' })).rejects.toThrow(/duplicate key.*_id_.*dup key.*"a"/);
    await expect(needs.updateOne({ _id: 'a' }, { $set: { _id: 'z' } })).rejects.toThrow(/immutable/);
    expect(await needs.find({ _id: /^[ac]/ }).toArray()).toHaveLength(2);
    expect(await needs.countDocuments()).toBe(5);

    expect((await needs.deleteOne({ _id: 'b' })).deletedCount).toBe(1);
    await needs.updateOne({ _id: 'b' }, { $set: { word: 'w back' } }, { upsert: true });
    expect((await needs.findOneAndUpdate({ _id: 'b' }, { $set: { word: 'w' } }))?.word).toBe('w back');
    await server.kill();
    await connection.close(true);
  }
}, 60_000);

test('a file in which the index on ids has a map of its own opens, and can be written', async () => {
  if (!(await isEmbedded())) return;
  const file = readFileSync(new URL('fixtures/store-with-id-map.h2.gz', import.meta.url));
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 'store.h2'), gunzipSync(file));
  for (let round = 1; round < 3; round++) {
    const { server, connection } = await open('old');
    const needs = connection.collection<{ _id: string; key: string; touchedAt: string }>('needs');
    const mixed = connection.collection<{ _id: Id }>('mixed');
    const last = await needs
      .find({ touchedAt: { $gte: '2025-01-24' } })
      .sort({ touchedAt: 1 })
      .limit(3)
      .toArray();
    expect(last.map(({ _id }) => _id)).toEqual(['need_04', 'need_03', 'need_02']);
    for (const again of [
      { _id: 'need_00', key: 'new' },
      { _id: 'new', key: 'key-0' },
    ]) {
      await expect(needs.insertOne({ ...again, touchedAt: 'x' })).rejects.toMatchObject({ code: 11_000 });
    }
    for (const _id of ['a', 1, 2.5, { county: 'a' }]) {
      await expect(mixed.insertOne({ _id })).rejects.toMatchObject({ code: 11_000 });
      expect(await mixed.find({ _id }).toArray()).toEqual([{ _id }]);
    }
    await needs.deleteOne({ _id: 'need_11' });
    await needs.insertOne({ _id: 'need_11', key: `later-${round}`, touchedAt: '2025-01-01' });
    expect(await needs.countDocuments()).toBe(12);
    expect(await mixed.countDocuments()).toBe(4);
    await connection.close();
    await server.stop();
  }
}, 60_000);
