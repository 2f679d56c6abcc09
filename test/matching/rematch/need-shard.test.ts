import { describe, expect, it } from 'vitest';
import { outcomeText } from '../../../src/domain/outcome-text.js';
import { MATCH_DEFAULTS, type MatchOptions } from '../../../src/matching/match.js';
import type { Batch, BatchAnswer, BatchNeed } from '../../../src/matching/match-batch.js';
import { changedRows } from '../../../src/matching/rematch/facts.js';
import { createNeedShard, type NeedShard, shardOf } from '../../../src/matching/rematch/need-shard.js';
import type { Snapshot } from '../../../src/matching/snapshot.js';
import type { Facts } from '../../../src/matching/snapshot-shelf.js';
import { createOutcomeMatcher, makeWorld, type World, type WorldNeed } from './world.js';

const OPTIONS: MatchOptions = { ...MATCH_DEFAULTS, robustness: { ...MATCH_DEFAULTS.robustness, samples: 1_000 } };
const nameOf = ({ id: snapshotId }: Snapshot) => ({ snapshotId, frameKey: 'frame-1' });
const factsOf = ({ frame, parks }: Snapshot): Facts => ({ reference: frame.reference, today: frame.today, parks });

interface Asking {
  readonly epoch?: string | null;
  readonly kind?: Batch['kind'];
  /** Only ids are given, as of needs the shard holds. */
  readonly held?: boolean;
  readonly version?: number;
  readonly known?: string;
  readonly options?: MatchOptions;
}

function batchOf(snapshot: Snapshot, needs: readonly WorldNeed[], asking: Asking = {}): Batch {
  const { epoch = 'e1', kind = 'whole', held = false, version = 1, known = null, options = OPTIONS } = asking;
  return {
    ...{ kind, epoch, facts: nameOf(snapshot), generatedAt: '2026-01-01T00:00:00.000Z', options },
    needs: needs.map(({ id: needId, need, text }): BatchNeed => {
      return { needId, version, asked: held ? null : { need, text }, known, announced: null };
    }),
  };
}

const asIs = (answer: BatchAnswer): BatchAnswer => answer;

function answersOf(shard: NeedShard, batch: Batch, facts: Facts | null = null) {
  const answers = shard.match(batch, facts, asIs);
  if (typeof answers === 'string') throw new Error(answers);
  return answers;
}

/** A shard that holds all needs of a world at its first facts. */
function filled(world: World, options = OPTIONS): NeedShard {
  const shard = createNeedShard();
  const { snapshot } = world;
  expect(shard.begin('e1', nameOf(snapshot), null)).toBe(false);
  expect(shard.begin('e1', nameOf(snapshot), factsOf(snapshot))).toBe(true);
  answersOf(shard, batchOf(snapshot, world.needs, { options }));
  return shard;
}

function moveTo(shard: NeedShard, before: Snapshot, after: Snapshot, epoch = 'e1') {
  const rows = changedRows(before, after);
  const parks = rows.flatMap((row) => after.parks[row] ?? []);
  return shard.move({ epoch, fromId: before.id, facts: nameOf(after), parks, rows });
}

describe('NeedShard', () => {
  it('names every need whose answer is another, and matches it in outline from what it holds', () => {
    const world = makeWorld(31, 40, 24);
    const shard = filled(world);
    const match = createOutcomeMatcher(40, OPTIONS);
    const stored = new Map(world.needs.map((one) => [one.id, outcomeText(match(world.snapshot, one).outcome)]));
    let before = world.snapshot;
    let [moved, matched, weighed] = [0, 0, 0];
    for (let step = 0; step < 80; step += 1) {
      const after = world.next();
      const done = moveTo(shard, before, after);
      if (done === null) throw new Error('lost');
      expect(done.late).toEqual([]);
      const touched = new Set(done.touched);
      weighed += done.doubtful;
      for (let left = done.doubtful; left > 0; ) {
        const some = shard.weigh('e1', 5);
        if (some === null) throw new Error('lost');
        expect(some.doubtful).toBe(Math.max(0, left - 5));
        left = some.doubtful;
        for (const id of some.touched) touched.add(id);
      }
      const named = world.needs.filter(({ id }) => touched.has(id));
      const answers = answersOf(shard, batchOf(after, named, { kind: 'outline', held: true }));
      for (const { needId, outcome } of answers) if (outcome !== null) stored.set(needId, outcome);
      matched += answers.length;
      for (const one of world.needs) {
        const expected = outcomeText(match(after, one).outcome);
        expect({ step, id: one.id, outcome: stored.get(one.id) }).toEqual({ step, id: one.id, outcome: expected });
      }
      if (named.length > 0) moved += 1;
      before = after;
    }
    expect(moved).toBeGreaterThan(25);
    expect(weighed).toBeGreaterThan(10);
    expect(matched).toBeLessThan(80 * 24 * 0.7);
  }, 60_000);

  it('tells with the next change what the one before left in doubt', () => {
    const world = makeWorld(31, 40, 16);
    // Labels of few weightings are settled on the spot.
    const options = MATCH_DEFAULTS;
    const [weighing, leaving] = [filled(world, options), filled(world, options)];
    let before = world.snapshot;
    let late = 0;
    for (let step = 0; step < 60; step += 1) {
      const after = world.next();
      const [own, other] = [moveTo(weighing, before, after), moveTo(leaving, before, after)];
      if (own === null || other === null) throw new Error('lost');
      expect(own.late).toEqual([]);
      expect([...other.touched].sort()).toEqual([...new Set([...own.touched, ...other.late])].sort());
      late += other.late.length;
      weighing.weigh('e1', 1_000);
      for (const shard of [weighing, leaving]) {
        // What is in doubt with one is settled with the other: both are brought to the same.
        answersOf(shard, batchOf(after, world.needs, { kind: 'outline', held: true, options }));
      }
      const next = world.next();
      moveTo(weighing, after, next);
      moveTo(leaving, after, next);
      weighing.weigh('e1', 1_000);
      before = next;
    }
    expect(late).toBeGreaterThan(0);
  }, 60_000);

  it('matches against facts of the past without a trace', () => {
    const world = makeWorld(33, 40, 12);
    const [shard, plain] = [filled(world), filled(world)];
    const past = world.snapshot;
    const middle = world.next();
    const after = world.next();
    for (const one of [shard, plain]) {
      moveTo(one, past, middle);
      moveTo(one, middle, after);
    }
    const asked = batchOf(past, world.needs, { epoch: null });
    expect(shard.match(asked, null, asIs)).toBe('facts');
    expect(answersOf(shard, asked, factsOf(past))).toEqual(answersOf(filled(world), asked, null));
    const last = world.next();
    expect(moveTo(shard, after, last)).toEqual(moveTo(plain, after, last));
  });

  it('says so where it does not hold what it should', () => {
    const world = makeWorld(34, 20, 6);
    const { snapshot, needs } = world;
    const shard = filled(world);
    const next = world.next();
    const empty = createNeedShard();
    expect(moveTo(empty, snapshot, next)).toBeNull();
    expect(empty.weigh('e1', 10)).toBeNull();
    expect(moveTo(shard, snapshot, next, 'e2')).toBeNull();
    expect(moveTo(shard, next, snapshot)).toBeNull();
    expect(shard.match(batchOf(snapshot, needs, { kind: 'outline', held: true, version: 2 }), null, asIs)).toBe('lost');
    shard.forget('e1', [needs[0]?.id ?? '']);
    expect(shard.match(batchOf(snapshot, needs, { kind: 'outline', held: true }), null, asIs)).toBe('lost');
    const others = needs.slice(1);
    expect(answersOf(shard, batchOf(snapshot, others, { kind: 'outline', held: true }))).toHaveLength(5);
  });

  it('leaves out a need that cannot be matched, and drops it', () => {
    const world = makeWorld(35, 20, 3);
    const shard = filled(world);
    const { snapshot, needs } = world;
    const [first, second, third] = needs;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no needs');
    const lost = { ...second, need: { ...second.need, firm: { name: '不可外传有限公司', countyAdcode: '999999' } } };
    for (const kind of ['whole', 'outline'] as const) {
      const answers = answersOf(shard, batchOf(snapshot, [first, lost, third], { kind, version: 2 }));
      expect(answers.map(({ outcome }) => outcome !== null)).toEqual([true, false, true]);
    }
    expect(shard.match(batchOf(snapshot, [second], { kind: 'outline', held: true }), null, asIs)).toBe('lost');
  });

  it('hands back no result where the outcome is the known one', () => {
    const world = makeWorld(36, 20, 1);
    const shard = filled(world);
    const { snapshot, needs } = world;
    const [{ outcome, made, result } = {}] = answersOf(shard, batchOf(snapshot, needs));
    expect([made === null, result === null]).toEqual([false, false]);
    for (const kind of ['whole', 'outline'] as const) {
      for (const known of [outcome ?? '', 'same']) {
        const [answer] = answersOf(shard, batchOf(snapshot, needs, { kind, known }));
        expect(answer).toEqual({ needId: needs[0]?.id, outcome, made: null, result: null });
      }
    }
  });
});

describe('shardOf', () => {
  it('spreads needs evenly, each always to the same', () => {
    const counts = [0, 0, 0];
    for (let number = 0; number < 3_000; number += 1) {
      const id = `need_${number.toString(36).padStart(24, '0')}`;
      const shard = shardOf(id, 3);
      expect(shardOf(id, 3)).toBe(shard);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(900);
  });
});
