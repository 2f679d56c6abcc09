import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild, root } from '../../scripts/lib/index.mjs';
import type { MatchResult } from '../../src/domain/match.js';
import { CRITERIA } from '../../src/domain/match.js';
import { MATCH_DEFAULTS, matchNeed } from '../../src/matching/match.js';
import { type Batch, outcomeKey, SAME_FACTS } from '../../src/matching/match-batch.js';
import { type CountProblem, followCount } from '../../src/matching/rematch/count-problem.js';
import { outcomeOf } from '../../src/matching/rematch/outcome.js';
import { outlineOf } from '../../src/matching/rematch/outline.js';
import { labelSpan } from '../../src/matching/rematch/weighing.js';
import type { PackedResult } from '../../src/ports/result-store.js';
import { MatchPool } from '../../src/threads/match-pool.js';
import { DAY, known, tinyNeed, tinyPark, tinyReference, tinySnapshot } from '../matching/tiny.js';
import { recordingLog } from '../support/recording-log.js';

const parks = [1, 2, 3, 4].map((number) => tinyPark(`p${number}`, { factors: { energyTce: known(number * 100) } }));
const facts = { reference: tinyReference(), today: DAY, parks };
const snapshot = tinySnapshot(parks);
const text = {
  links: new Float64Array(snapshot.frame.graph.links.length),
  counties: new Float64Array(snapshot.frame.counties.length),
};
const generatedAt = '2026-01-01T00:00:00.000Z';

function batchOf(snapshotId: string, count: number, change: Partial<Batch['needs'][number]> = {}): Batch {
  const needs = Array.from({ length: count }, (_, number) => ({
    ...{ needId: `need_${number}`, version: 1, need: tinyNeed({ energyTce: number * 60 }), text },
    ...{ known: null, earlier: null, count: null },
    ...change,
  }));
  return { kind: 'whole', facts: { snapshotId, frameKey: 'frame-1' }, needs, generatedAt, options: MATCH_DEFAULTS };
}

function unpacked(packed: PackedResult | null): MatchResult {
  if (packed === null) throw new Error('no result');
  return JSON.parse(gunzipSync(packed.body).toString('utf8'));
}

describe('MatchPool', () => {
  let pool: MatchPool;
  beforeAll(async () => {
    await ensureBuild();
    const file = pathToFileURL(join(root, 'dist', 'src', 'threads', 'match-thread.js'));
    pool = new MatchPool(2, recordingLog().log, file);
  }, 60_000);
  afterAll(() => pool?.close());

  it('matches what matching in place matches', async () => {
    const batch = batchOf('tiny', 6);
    const answers = await pool.match(batch, () => facts);
    for (const [index, { needId, packed, outline }] of answers.entries()) {
      const asked = batch.needs[index];
      if (asked === undefined) throw new Error('an answer too many');
      const stamp = { needId: asked.needId, version: 1, generatedAt };
      expect(needId).toBe(asked.needId);
      const expected = matchNeed(snapshot, asked.need, text, stamp);
      expect(unpacked(packed)).toEqual(expected);
      expect(outline).toEqual(outlineOf(expected));
    }
    expect(answers).toHaveLength(6);
  });

  it('follows counts of weightings as following them in place does, in their order', async () => {
    const gaps = (lead: number) =>
      Float64Array.from(CRITERIA, (_, at) => (at < 4 ? lead * (at % 2 === 0 ? 1 : -0.8) : 0));
    const problems = [-0.02, 0.01, 0.05].map(
      (lead): CountProblem => ({
        ...{ seed: 7, samples: 1_000, count: { low: 800, high: 810 }, span: labelSpan('firm', 1_000) },
        rivals: [{ before: gaps(-0.01).map((gap) => gap - 0.05), after: gaps(lead), takes: true, gives: true }],
      }),
    );
    const counts = await pool.follow(problems);
    expect(counts).toEqual(problems.map(followCount));
    expect(counts).toContain(null);
    expect(await pool.follow([])).toEqual([]);
  });

  it('hands back outlines only where those are asked for', async () => {
    const batch: Batch = { ...batchOf('tiny', 6), kind: 'outline' };
    const answers = await pool.match(batch, () => facts);
    for (const [index, { packed, outline }] of answers.entries()) {
      const asked = batch.needs[index];
      if (asked === undefined) throw new Error('an answer too many');
      const stamp = { needId: asked.needId, version: 1, generatedAt };
      expect(packed).toBeNull();
      expect(outline).toEqual(outlineOf(matchNeed(snapshot, asked.need, text, stamp)));
    }
    expect(answers).toHaveLength(6);
  });

  it('hands back no result where the outcome is the known one, or the facts are', async () => {
    const [first] = await pool.match(batchOf('tiny', 1), () => facts);
    const key = outcomeKey(outcomeOf(unpacked(first?.packed ?? null)));
    expect(first?.matched?.key).toBe(key);
    expect((await pool.match(batchOf('tiny', 1, { known: key }), () => facts))[0]?.packed).toBeNull();
    expect((await pool.match(batchOf('tiny', 1, { known: SAME_FACTS }), () => facts))[0]?.packed).toBeNull();
    expect((await pool.match(batchOf('tiny', 1, { known: 'other' }), () => facts))[0]?.packed).not.toBeNull();
  });

  it('asks for the facts only where a thread has none, and follows a patch', async () => {
    let asked = 0;
    const whole = () => {
      asked += 1;
      return facts;
    };
    await Promise.all([1, 2, 3, 4].map(() => pool.match(batchOf('tiny', 2), whole)));
    expect(asked).toBeLessThanOrEqual(2);
    asked = 0;
    const [p4] = [tinyPark('p4', { factors: { energyTce: known(0) } })];
    const after = [...parks.slice(0, 3), p4];
    const patched = { ...batchOf('tiny-2', 6), patch: { snapshotIds: ['tiny'], parks: [p4] } };
    const answers = await pool.match(patched, whole);
    const expected = tinySnapshot(after);
    for (const [index, { packed }] of answers.entries()) {
      const asked = patched.needs[index];
      if (asked === undefined) throw new Error('no answer');
      const stamp = { needId: asked.needId, version: 1, generatedAt };
      expect(outcomeOf(unpacked(packed))).toEqual(outcomeOf(matchNeed(expected, asked.need, text, stamp)));
    }
    expect(asked).toBe(0);
  });

  it('leaves out a need that cannot be matched, and matches the others of its batch', async () => {
    const batch = batchOf('tiny', 3);
    const lost = { ...tinyNeed(), firm: { name: '不可外传有限公司', countyAdcode: '999999' } };
    const needs = batch.needs.map((one, index) => (index === 1 ? { ...one, need: lost } : one));
    const answers = await pool.match({ ...batch, needs }, () => facts);
    expect(answers.map(({ matched }) => matched !== null)).toEqual([true, false, true]);
  });

  it('refuses when it is closed, and gives up when asked to', async () => {
    const file = pathToFileURL(join(root, 'dist', 'src', 'threads', 'match-thread.js'));
    const other = new MatchPool(1, recordingLog().log, file);
    await expect(other.match(batchOf('tiny', 1), () => facts, AbortSignal.abort())).rejects.toThrow();
    await other.close();
    await expect(other.match(batchOf('tiny', 1), () => facts)).rejects.toMatchObject({ code: 'internal' });
  });

  it('gives up the work of a thread that cannot start', async () => {
    const { log } = recordingLog();
    const broken = new MatchPool(1, log, pathToFileURL(join(root, 'dist', 'no-such-thread.js')));
    await expect(broken.match(batchOf('tiny', 1), () => facts)).rejects.toThrow();
    await broken.close();
  });
});
