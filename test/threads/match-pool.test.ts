import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild, root } from '../../scripts/lib/index.mjs';
import type { MatchResult } from '../../src/domain/match.js';
import { outcomeText } from '../../src/domain/outcome-text.js';
import { MATCH_DEFAULTS, matchNeed } from '../../src/matching/match.js';
import { type Batch, SAME_FACTS } from '../../src/matching/match-batch.js';
import { outlineOfMade } from '../../src/matching/rematch/made-result.js';
import { shardOf } from '../../src/matching/rematch/need-shard.js';
import { outcomeOf } from '../../src/matching/rematch/outcome.js';
import { outlineOf } from '../../src/matching/rematch/outline.js';
import type { Snapshot } from '../../src/matching/snapshot.js';
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

/** A batch of needs that all belong to one share of two. */
function batchOf(snapshotId: string, count: number, change: Partial<Batch['needs'][number]> = {}): Batch {
  const ids = Array.from({ length: 200 }, (_, number) => `need_${number}`).filter((id) => shardOf(id, 2) === 0);
  const needs = ids.slice(0, count).map((needId, number) => ({
    ...{ needId, version: 1, asked: { need: tinyNeed({ energyTce: number * 60 }), text } },
    ...{ known: null, announced: null },
    ...change,
  }));
  const name = { snapshotId, frameKey: 'frame-1' };
  return { kind: 'whole', epoch: null, facts: name, needs, generatedAt, options: MATCH_DEFAULTS };
}

/** What matching in place gives for a need of a batch. */
function expectedOf(at: Snapshot, batch: Batch, index: number): MatchResult {
  const one = batch.needs[index];
  if (one === undefined || one.asked === null) throw new Error('an answer too many');
  return matchNeed(at, one.asked.need, text, { needId: one.needId, version: 1, generatedAt });
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

  async function matched(batch: Batch, whole = () => facts) {
    const answers = await pool.match(batch, whole);
    if (answers === null) throw new Error('lost');
    return answers;
  }

  it('matches what matching in place matches', async () => {
    const batch = batchOf('tiny', 6);
    const answers = await matched(batch);
    for (const [index, { needId, packed, made }] of answers.entries()) {
      expect(needId).toBe(batch.needs[index]?.needId);
      const expected = expectedOf(snapshot, batch, index);
      expect(unpacked(packed)).toEqual(expected);
      expect(made === null ? null : outlineOfMade(made)).toEqual(outlineOf(expected));
    }
    expect(answers).toHaveLength(6);
  });

  it('hands back outlines only where those are asked for', async () => {
    const batch: Batch = { ...batchOf('tiny', 6), kind: 'outline' };
    const answers = await matched(batch);
    for (const [index, { packed, made }] of answers.entries()) {
      expect(packed).toBeNull();
      expect(made === null ? null : outlineOfMade(made)).toEqual(outlineOf(expectedOf(snapshot, batch, index)));
    }
    expect(answers).toHaveLength(6);
  });

  it('hands back no result where the outcome is the known one, or the facts are', async () => {
    const [first] = await matched(batchOf('tiny', 1));
    const known = outcomeText(outcomeOf(unpacked(first?.packed ?? null)));
    expect(first?.outcome).toBe(known);
    for (const same of [known, SAME_FACTS]) {
      expect((await matched(batchOf('tiny', 1, { known: same })))[0]?.packed).toBeNull();
    }
    expect((await matched(batchOf('tiny', 1, { known: '[null,0,0,[],[]]' })))[0]?.packed).not.toBeNull();
  });

  it('asks for the facts only where a thread has none, and moves its needs on', async () => {
    let asked = 0;
    const whole = () => {
      asked += 1;
      return facts;
    };
    await pool.begin('e1', { snapshotId: 'tiny', frameKey: 'frame-1' }, whole);
    expect(asked).toBeLessThanOrEqual(2);
    asked = 0;
    await matched({ ...batchOf('tiny', 6), epoch: 'e1' }, whole);
    const p4 = tinyPark('p4', { factors: { energyTce: known(0) } });
    const name = { snapshotId: 'tiny-2', frameKey: 'frame-1' };
    const moved = await pool.move({ epoch: 'e1', fromId: 'tiny', facts: name, parks: [p4], rows: [3] });
    expect(moved.map((one) => one === null)).toEqual([false, false]);
    expect(moved[0]?.touched.length).toBeGreaterThan(0);
    expect(moved[1]?.touched).toEqual([]);
    const batch: Batch = { ...batchOf('tiny-2', 6), epoch: 'e1', kind: 'outline' };
    const held: Batch = { ...batch, needs: batch.needs.map((one) => ({ ...one, asked: null })) };
    const after = tinySnapshot([...parks.slice(0, 3), p4]);
    for (const [index, { outcome }] of (await matched(held, whole)).entries()) {
      expect(outcome).toBe(outcomeText(outcomeOf(expectedOf(after, batch, index))));
    }
    expect(asked).toBe(0);
    expect(await pool.weigh(0, 'e1', 10)).toEqual({ touched: [], doubtful: 0 });
    await pool.forget('e1', [held.needs[0]?.needId ?? '']);
    expect(await pool.match(held, whole)).toBeNull();
    expect(await pool.weigh(0, 'e2', 10)).toBeNull();
  });

  it('leaves out a need that cannot be matched, and matches the others of its batch', async () => {
    const batch = batchOf('tiny', 3);
    const lost = { ...tinyNeed(), firm: { name: '不可外传有限公司', countyAdcode: '999999' } };
    const needs = batch.needs.map((one, index) => (index === 1 ? { ...one, asked: { need: lost, text } } : one));
    const answers = await matched({ ...batch, needs });
    expect(answers.map(({ outcome }) => outcome !== null)).toEqual([true, false, true]);
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
