import { describe, expect, it } from 'vitest';
import { createCronCheck } from '../../../src/calendar/cron-check.js';
import { type Caller, SYSTEM_CALLER } from '../../../src/domain/access.js';
import { type Change, PROVINCE_CHAIN } from '../../../src/domain/change.js';
import { MemoryHistoryStore } from '../../../src/memory/history-store.js';
import { MemoryNeedStore } from '../../../src/memory/need-store.js';
import { MemoryRematchQueue } from '../../../src/memory/rematch-queue.js';
import { MemoryRematchRunStore } from '../../../src/memory/rematch-run-store.js';
import { stepOf } from '../../../src/ports/history-store.js';
import { createRematchUseCases } from '../../../src/usecases/rematch/create-rematch-use-cases.js';
import { runView } from '../../../src/usecases/rematch/runs.js';
import { makeHistoryEntry } from '../../support/conformance/history-store.js';
import { makeStoredNeed, needIdOf } from '../../support/conformance/records.js';
import { makeRun, runIdOf } from '../../support/conformance/rematch-run-store.js';
import { countingIds } from '../bench.js';

const DEFAULT = '0 18 * * *';
const callerOf = (countyAdcode: string | null): Caller => ({
  requestId: 'request-1',
  actor: { ...SYSTEM_CALLER.actor, kind: 'user', id: 'user_1', countyAdcode },
});

function world() {
  const runStore = new MemoryRematchRunStore();
  const rematchQueue = new MemoryRematchQueue();
  const needStore = new MemoryNeedStore();
  const historyStore = new MemoryHistoryStore();
  const signalled: string[] = [];
  let second = 0;
  const deps = {
    ...{ runStore, rematchQueue, needStore, historyStore, defaultCron: DEFAULT, cronCheck: createCronCheck() },
    adcodes: async () => new Set(['330782', '330483']),
    clock: {
      now: () => {
        second += 1;
        return new Date(Date.UTC(2026, 3, 1) + second * 1_000).toISOString();
      },
    },
    ids: countingIds(),
    changes: { changed: (outbox: string, id: string) => void signalled.push(`${outbox} ${id}`) },
  };
  const as = (countyAdcode: string | null) => createRematchUseCases(deps, callerOf(countyAdcode));
  /** All that waits to be carried to the trail: the relay was told of each, and of nothing else. */
  async function changes(): Promise<readonly Change[]> {
    const told = await runStore.outbox.of(await runStore.outbox.waiting(100));
    expect(signalled).toEqual(told.map(({ object }) => `rematch ${object.id}`));
    return told;
  }
  return { runStore, rematchQueue, needStore, historyStore, as, changes };
}

describe('startRematch', () => {
  it('starts a run of all needs, or of the caller’s county, and says so to the queue', async () => {
    const { as, rematchQueue } = world();
    const all = await as(null).startRematch();
    expect(all).toMatchObject({
      reason: 'manual',
      countyAdcode: null,
      state: 'waiting',
      percent: 0,
      needsPerSecond: null,
    });
    expect(all.id).toMatch(/^run_[a-z0-9]{24}$/);
    const county = await as('330782').startRematch();
    expect(county).toMatchObject({ countyAdcode: '330782' });
    expect(county.id).not.toBe(all.id);
    expect(rematchQueue.take().runs).toEqual([all.id, county.id]);
  });

  it('gives the one under way, also to ten who start at once, and another once that has ended', async () => {
    const { as, runStore } = world();
    const seen = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      const started = await Promise.all(Array.from({ length: 10 }, () => as(null).startRematch()));
      const [id = ''] = new Set(started.map((run) => run.id));
      expect(new Set(started.map((run) => run.id)).size).toBe(1);
      const run = await runStore.get(id);
      if (run === null) throw new Error('no run');
      await runStore.progress({ ...run, state: 'running' });
      expect((await as(null).startRematch()).id).toBe(id);
      await runStore.progress({ ...run, state: round % 2 === 0 ? 'done' : 'failed' });
      seen.add(id);
    }
    expect(seen.size).toBe(4);
  });

  it('leaves a change in the trail of the county, or of the province where the run is of all needs', async () => {
    const { as, changes } = world();
    const all = await as(null).startRematch();
    const county = await as('330782').startRematch();
    const { scopes: _, ...actor } = callerOf(null).actor;
    const told = {
      ...{ requestId: 'request-1', type: 'rematch.started', before: null, scheme: null },
      ...{ id: `${all.id}.1`, at: all.startedAt, actor, chains: [PROVINCE_CHAIN] },
      object: { kind: 'run', id: all.id, version: 1 },
      after: { reason: 'manual', countyAdcode: null },
    };
    expect(await changes()).toEqual([
      told,
      {
        ...{ ...told, id: `${county.id}.1`, at: county.startedAt, chains: ['330782'] },
        actor: { ...actor, countyAdcode: '330782' },
        object: { ...told.object, id: county.id },
        after: { reason: 'manual', countyAdcode: '330782' },
      },
    ]);
  });

  it('leaves one change for ten who start at once, and none where an open run is given back', async () => {
    const { as, changes, runStore } = world();
    await Promise.all(Array.from({ length: 10 }, () => as(null).startRematch()));
    const first = await changes();
    expect(first).toHaveLength(1);
    await as(null).startRematch();
    await runStore.insert(makeRun(2, { reason: 'nightly', countyAdcode: '330782' }), []);
    await as('330782').startRematch();
    expect(await changes()).toEqual(first);
  });

  it('takes an open run of another reason, but for the night that leaves counties out', async () => {
    const { as, runStore } = world();
    await runStore.insert(makeRun(1, { reason: 'nightly' }), []);
    expect((await as(null).startRematch()).reason).toBe('manual');
    await runStore.insert(makeRun(2, { reason: 'nightly', countyAdcode: '330782' }), []);
    expect((await as('330782').startRematch()).id).toBe(runIdOf(2));
  });

  it('stands in the store while the queue is away', async () => {
    const { as, rematchQueue, runStore } = world();
    rematchQueue.setAway(true);
    const { id } = await as(null).startRematch();
    expect((await runStore.unfinished()).map((run) => run.id)).toEqual([id]);
    rematchQueue.setAway(false);
    await as(null).startRematch();
    expect(rematchQueue.take().runs).toEqual([id]);
  });
});

describe('runs as they are shown', () => {
  it.each([
    [{}, 0, null],
    [{ state: 'running', total: 10_000 }, 0, null],
    [{ state: 'running', total: 10_000, done: 6_259, workedMs: 70_000 }, 62.5, 89.4],
    [{ state: 'running', total: 3, done: 3, workedMs: 10 }, 99.9, 300],
    [{ state: 'failed', total: 3, done: 4, workedMs: 0 }, 99.9, null],
    [{ state: 'done', total: 0 }, 100, null],
    [{ state: 'done', total: 7, done: 7, workedMs: 700 }, 100, 10],
  ] as const)('%j is %d percent at %j a second', (parts, percent, needsPerSecond) => {
    expect(runView(makeRun(1, parts))).toMatchObject({ percent, needsPerSecond });
  });

  it('are the caller’s and those of all needs', async () => {
    const { as, runStore } = world();
    for (const [number, countyAdcode] of [null, '330782', '330483'].entries()) {
      await runStore.insert(makeRun(number, { countyAdcode }), []);
    }
    const seen = async (county: string | null) => (await as(county).listRuns(null, 10)).items.map(({ id }) => id);
    expect(await seen(null)).toEqual([2, 1, 0].map(runIdOf));
    expect(await seen('330782')).toEqual([1, 0].map(runIdOf));
    expect((await as('330782').getRun(runIdOf(0))).countyAdcode).toBeNull();
    const foreign = await as('330782')
      .getRun(runIdOf(2))
      .catch((error: unknown) => error);
    const none = await as('330782')
      .getRun(runIdOf(9))
      .catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'notFound' });
    expect(foreign).toEqual(none);
  });
});

describe('schedules', () => {
  it('are the default until a county has its own', async () => {
    const { as, rematchQueue } = world();
    const own = await as(null).putSchedule('330782', 0, '30 19 * * 1-5');
    expect(own).toEqual({ countyAdcode: '330782', cron: '30 19 * * 1-5', version: 1 });
    const other = { countyAdcode: '330483', cron: DEFAULT, version: 0 };
    expect(await as(null).listSchedules()).toEqual([other, own]);
    expect(await as('330483').listSchedules()).toEqual([other]);
    expect([...rematchQueue.take().schedules]).toEqual([['330782', '30 19 * * 1-5']]);
  });

  it('are changed on the version that is there only', async () => {
    const { as } = world();
    await as(null).putSchedule('330782', 0, DEFAULT);
    const refused = { code: 'versionConflict', params: { currentVersion: 1 } };
    await expect(as(null).putSchedule('330782', 0, DEFAULT)).rejects.toMatchObject(refused);
    await expect(as(null).putSchedule('330782', 4, DEFAULT)).rejects.toMatchObject(refused);
    expect((await as(null).putSchedule('330782', 1, '0 1 * * *')).version).toBe(2);
  });

  it('leave a change in the county’s trail', async () => {
    const { as, changes } = world();
    await as(null).putSchedule('330782', 0, DEFAULT);
    await as('330483').putSchedule('330483', 0, DEFAULT);
    const [first, other] = await changes();
    expect(first).toMatchObject({
      ...{ id: '330782.1', type: 'rematch.rescheduled', chains: ['330782'], requestId: 'request-1' },
      actor: { kind: 'user', id: 'user_1', countyAdcode: null },
      object: { kind: 'schedule', id: '330782', version: 1 },
      before: null,
      after: { cron: DEFAULT, version: 1 },
    });
    expect(other).toMatchObject({ id: '330483.1', chains: ['330483'], actor: { countyAdcode: '330483' } });
  });

  it('tell what they were before, and nothing where refused', async () => {
    const { as, changes } = world();
    for (const [county, version, cron] of [
      ['999999', 0, DEFAULT],
      ['330782', 0, 'often'],
      ['330782', 1, DEFAULT],
    ] as const) {
      await expect(as(null).putSchedule(county, version, cron)).rejects.toThrow();
    }
    await expect(as('330483').putSchedule('330782', 0, DEFAULT)).rejects.toThrow();
    expect(await changes()).toEqual([]);
    const racing = Array.from({ length: 10 }, () => as(null).putSchedule('330782', 0, DEFAULT));
    await Promise.allSettled(racing);
    expect(await changes()).toHaveLength(1);
    await as(null).putSchedule('330782', 1, '0 1 * * *');
    expect((await changes())[1]).toMatchObject({
      id: '330782.2',
      object: { version: 2 },
      before: { cron: DEFAULT, version: 1 },
      after: { cron: '0 1 * * *', version: 2 },
    });
  });

  it('are those of counties there are, and of the caller’s', async () => {
    const { as } = world();
    await expect(as(null).putSchedule('999999', 0, DEFAULT)).rejects.toMatchObject({ code: 'notFound' });
    await expect(as('330483').putSchedule('330782', 0, DEFAULT)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('are refused with the reason', async () => {
    const { as } = world();
    await expect(as(null).putSchedule('330782', 0, '*/30 * * * *')).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'cron', code: 'tooOften', limit: 60 }],
    });
    await expect(as(null).putSchedule('330782', 0, 'often')).rejects.toMatchObject({ issues: [{ code: 'badCron' }] });
  });
});

describe('readHistory', () => {
  it('shows a need’s history to those who see the need', async () => {
    const { as, needStore, historyStore } = world();
    await needStore.insert(makeStoredNeed(1), []);
    for (const position of [1, 2, 3]) await historyStore.append(stepOf(makeHistoryEntry(position)));
    const first = await as('330782').readHistory(needIdOf(1), null, 2);
    expect(first.items.map(({ position }) => position)).toEqual([3, 2]);
    expect((await as(null).readHistory(needIdOf(1), first.nextCursor, 2)).items).toEqual([makeHistoryEntry(1)]);
    const foreign = await as('330483')
      .readHistory(needIdOf(1), null, 2)
      .catch((error: unknown) => error);
    const none = await as('330483')
      .readHistory(needIdOf(2), null, 2)
      .catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'notFound' });
    expect(foreign).toEqual(none);
  });
});
