import type { Collection } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { auditVerify } from '../../src/cli/audit-verify-command.js';
import type { AuditDocument } from '../../src/mongo/audit-schema.js';
import { MongoAuditStore } from '../../src/mongo/audit-store.js';
import { CHAIN_START, type ChainHead, sealEntries } from '../../src/ports/audit-chain.js';
import { useMongo } from '../mongo/mongo.js';
import { testDigest as digest } from '../support/conformance/audit-store.js';
import { makeChange } from '../support/conformance/changes.js';

const CHAIN = '330782';
const LENGTH = 12;
const connection = useMongo('audit_verify');

/** A store with two chains; what the command wrote and printed; and the collections for those who tamper. */
async function bench() {
  const mongo = await connection();
  const auditStore = new MongoAuditStore(mongo, { digest });
  for (const model of Object.values(mongo.models)) await model.createIndexes();
  await auditStore.append(
    CHAIN,
    Array.from({ length: LENGTH }, (_, index) => makeChange(index + 1)),
  );
  await auditStore.append('331102', [makeChange(1)]);
  const files = new Map<string, string>();
  return {
    auditStore,
    files,
    entries: mongo.collection<AuditDocument>('auditEntries'),
    heads: mongo.collection<ChainHead & { readonly _id: string }>('auditHeads'),
    async run(...args: string[]) {
      const printed: string[] = [];
      const complained: string[] = [];
      const code = await auditVerify({ auditStore: new MongoAuditStore(mongo, { digest }), digest }, args, {
        async readFile(file) {
          const text = files.get(file);
          if (text === undefined) throw new Error('ENOENT');
          return text;
        },
        async writeFile(file, text) {
          if (file.startsWith('missing/')) throw new Error('ENOENT');
          files.set(file, text);
        },
        print: (line) => printed.push(line),
        complain: (line) => complained.push(line),
      });
      return { code, printed, complained, line: printed.find((line) => line.startsWith(CHAIN)) ?? '' };
    },
  };
}

type Entries = Collection<AuditDocument>;
const at = async (entries: Entries, position: number): Promise<AuditDocument> => {
  const entry = await entries.findOne({ chain: CHAIN, position });
  if (entry === null) throw new Error(`nothing at ${position}`);
  return entry;
};

/** Writes entries anew from `position` on, each sealed on the one before; gives the new head. */
async function reseal(entries: Entries, position: number): Promise<ChainHead> {
  const changes = [];
  for (let place = position; place <= LENGTH; place += 1) changes.push((await at(entries, place)).change);
  const [first, ...rest] = changes;
  if (first === undefined) throw new Error('nothing to seal anew');
  const last = position === 1 ? CHAIN_START : await at(entries, position - 1);
  const anew = sealEntries(digest, CHAIN, last, [{ ...first, after: { investWan: 1 } }, ...rest]);
  for (const entry of anew) await entries.updateOne({ chain: CHAIN, position: entry.position }, { $set: entry });
  const { position: end, hash } = anew.at(-1) ?? CHAIN_START;
  return { position: end, hash };
}

describe('audit:verify', () => {
  it('finds whole chains whole, a line for each', async () => {
    const { run, auditStore } = await bench();
    const { code, printed, complained } = await run();
    const head = await auditStore.head(CHAIN);
    expect({ code, complained }).toEqual({ code: 0, complained: [] });
    expect(printed[0]).toBe(`${CHAIN}  12 条, 链头 12 ${head?.hash}  完好 ok`);
    expect(printed[1]).toMatch(/^331102 {2}1 条, 链头 1 [0-9a-f]{64} {2}完好 ok$/);
    expect(printed[2]).toBe('2 条链共 13 条记录, 全部完好');
    expect(printed[3]).toContain('--against');
  });

  it.each<[string, (entries: Entries) => Promise<unknown>, string]>([
    [
      'a changed fact',
      (entries) => entries.updateOne({ chain: CHAIN, position: 4 }, { $set: { 'change.after.version': 9 } }),
      '第 4 条内容与哈希不符, 被改过  有问题 changed',
    ],
    [
      'a changed time',
      (entries) =>
        entries.updateOne({ chain: CHAIN, position: 1 }, { $set: { 'change.at': '2020-01-01T00:00:00.000Z' } }),
      '第 1 条内容与哈希不符, 被改过  有问题 changed',
    ],
    [
      'a field added',
      (entries) => entries.updateOne({ chain: CHAIN, position: 12 }, { $set: { 'change.before.extra': true } }),
      '第 12 条内容与哈希不符, 被改过  有问题 changed',
    ],
    [
      'an entry taken out of the middle',
      (entries) => entries.deleteOne({ chain: CHAIN, position: 5 }),
      '第 5 条缺失  有问题 missing',
    ],
    [
      'the first entry taken out',
      (entries) => entries.deleteOne({ chain: CHAIN, position: 1 }),
      '第 1 条缺失  有问题 missing',
    ],
    [
      'the tail cut off',
      (entries) => entries.deleteMany({ chain: CHAIN, position: { $gt: 9 } }),
      '第 10 条起的尾部被截去  有问题 cut',
    ],
    ['all entries taken out', (entries) => entries.deleteMany({ chain: CHAIN }), '第 1 条起的尾部被截去  有问题 cut'],
    [
      'two entries that changed places',
      async (entries) => {
        const [{ _id: third, ...one }, { _id: seventh, ...other }] = [await at(entries, 3), await at(entries, 7)];
        await entries.updateOne({ _id: third }, { $set: { ...other, key: 'aside' } });
        await entries.updateOne({ _id: seventh }, { $set: one });
        await entries.updateOne({ _id: third }, { $set: { key: other.key } });
      },
      '第 3 条顺序被换  有问题 reordered',
    ],
    [
      'everything sealed anew from an entry on',
      (entries) => reseal(entries, 6),
      '第 12 条与链头不符, 或链头不在  有问题 headBroken',
    ],
    [
      'one entry sealed anew',
      async (entries) => {
        const { change } = await at(entries, 6);
        const [anew] = sealEntries(digest, CHAIN, await at(entries, 5), [{ ...change, after: null }]);
        await entries.updateOne({ chain: CHAIN, position: 6 }, { $set: anew ?? {} });
      },
      '第 7 条不接前一条, 或同一序号有两条  有问题 forked',
    ],
  ])('finds %s', async (_what, tamper, told) => {
    const { run, entries, files } = await bench();
    await tamper(entries);
    const { code, line, printed } = await run('--heads', 'heads.json');
    expect(code).toBe(1);
    expect(line).toContain(told);
    expect(printed.at(-1)).toBe('2 条链中 1 条有问题');
    expect(files.size).toBe(0);
  });

  it('finds a head that was taken away', async () => {
    const { run, heads } = await bench();
    await heads.deleteOne({ _id: CHAIN });
    expect(await run()).toMatchObject({ code: 1, line: expect.stringContaining('headBroken') });
  });

  it.each<
    [string, (entries: Entries, heads: Collection<ChainHead & { readonly _id: string }>) => Promise<unknown>, string]
  >([
    [
      'a tail cut off together with its head',
      async (entries, heads) => {
        await entries.deleteMany({ chain: CHAIN, position: { $gt: 9 } });
        const { position, hash } = await at(entries, 9);
        await heads.updateOne({ _id: CHAIN }, { $set: { position, hash } });
      },
      '第 10 条起的尾部被截去  有问题 cut',
    ],
    [
      'everything sealed anew together with the head',
      async (entries, heads) => heads.updateOne({ _id: CHAIN }, { $set: await reseal(entries, 6) }),
      '第 12 条与此前保存的链头不符, 此条或更早的被重写  有问题 rewritten',
    ],
    [
      'a chain taken away altogether',
      async (entries, heads) => {
        await entries.deleteMany({ chain: CHAIN });
        await heads.deleteOne({ _id: CHAIN });
      },
      '第 1 条起的尾部被截去  有问题 cut',
    ],
  ])('finds %s by heads kept elsewhere, and by nothing else', async (_what, tamper, told) => {
    const { run, entries, heads } = await bench();
    expect((await run('--heads', 'kept.json')).code).toBe(0);
    await tamper(entries, heads);
    expect((await run()).code).toBe(0);
    const { code, line } = await run('--against', 'kept.json', '--heads', 'new.json');
    expect(code).toBe(1);
    expect(line).toContain(told);
  });

  it('takes heads of several days, while the chains go on', async () => {
    const { run, auditStore, files } = await bench();
    expect((await run('--heads', 'monday.json')).code).toBe(0);
    await auditStore.append(CHAIN, [makeChange(13)]);
    expect((await run('--heads', 'tuesday.json')).code).toBe(0);
    await auditStore.append(CHAIN, [makeChange(14)]);
    const { code, printed } = await run('--against', 'monday.json', '--against', 'tuesday.json');
    expect(code).toBe(0);
    expect(printed.join()).not.toContain('--against');
    expect(JSON.parse(files.get('monday.json') ?? '')).toEqual({
      heads: [
        { chain: CHAIN, position: 12, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { chain: '331102', position: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    });
  });

  it('fails with 3 where there is nothing to check', async () => {
    const { run, entries, heads } = await bench();
    await entries.deleteMany({});
    await heads.deleteMany({});
    expect(await run()).toMatchObject({ code: 3, complained: [expect.stringContaining('没有可核对的记录')] });
  });

  it.each([
    ['an unknown option', ['--all']],
    ['a word too many', ['330782']],
    ['a file that is not there', ['--against', 'nowhere.json']],
    ['a file that is something else', ['--against', 'other.json']],
    ['a place where nothing can be written', ['--heads', 'missing/heads.json']],
  ])('refuses %s with 2', async (_what, args) => {
    const { run, files } = await bench();
    files.set('other.json', '{"heads":[{}]}');
    const { code, complained } = await run(...args);
    expect(code).toBe(2);
    expect(complained).toHaveLength(1);
  });
});
