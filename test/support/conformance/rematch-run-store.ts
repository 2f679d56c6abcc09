import { describe, expect, it } from 'vitest';
import type { RematchRun } from '../../../src/domain/rematch.js';
import { HISTORY_PAGE_MAX, type RematchRunStore } from '../../../src/ports/history-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import { makeChange } from './changes.js';
import { changeOf } from './lead-records.js';

/** Id of a run for a small number. */
export function runIdOf(number: number): string {
  return `run_${String(number).padStart(24, '0')}`;
}

/** A run of all needs that waits. */
export function makeRun(number: number, overrides: Partial<RematchRun> = {}): RematchRun {
  const at = new Date(Date.UTC(2026, 2, 1) + number * 1_000).toISOString();
  return {
    id: runIdOf(number),
    reason: 'manual',
    countyAdcode: null,
    state: 'waiting',
    total: 0,
    done: 0,
    changed: 0,
    cursor: null,
    startedAt: at,
    updatedAt: at,
    finishedAt: null,
    workedMs: 0,
    ...overrides,
  };
}

export interface RematchRunStoreHarness {
  readonly store: RematchRunStore;
  readonly outbox: Outbox;
}

/** What every RematchRunStore must do. `make` gives an empty store and its outbox each time. */
export function describeRematchRunStoreConformance(name: string, make: () => Promise<RematchRunStoreHarness>): void {
  describe(`RematchRunStore: ${name}`, () => {
    it('takes a run once', async () => {
      const { store } = await make();
      expect(await store.insert(makeRun(1), [])).toBe(true);
      expect(await store.insert(makeRun(1, { reason: 'nightly' }), [])).toBe(false);
      expect(await store.get(runIdOf(1))).toEqual(makeRun(1));
      expect(await store.get(runIdOf(2))).toBeNull();
    });

    it('lets exactly one of 20 racing inserts in, with its change', async () => {
      const { store, outbox } = await make();
      const racers = Array.from({ length: 20 }, (_, number) => makeRun(1, { total: number }));
      const changeBy = ({ total }: RematchRun) => ({ ...changeOf('run', runIdOf(1), 1), requestId: `${total}` });
      const inserted = await Promise.all(racers.map((run) => store.insert(run, [changeBy(run)])));
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const winner = makeRun(1, { total: inserted.indexOf(true) });
      expect(await store.get(runIdOf(1))).toEqual(winner);
      expect(await outbox.of([runIdOf(1)])).toEqual([changeBy(winner)]);
    });

    it('moves a run on and never back, and leaves one that has ended', async () => {
      const { store } = await make();
      await store.insert(makeRun(1), []);
      const running = makeRun(1, { state: 'running', total: 10, done: 4, changed: 1, cursor: 'need_4', workedMs: 40 });
      await store.progress(running);
      expect(await store.get(runIdOf(1))).toEqual(running);
      await store.progress({ ...running, done: 3, cursor: 'need_3' });
      expect(await store.get(runIdOf(1))).toEqual(running);
      const ended = { ...running, state: 'done', done: 10, finishedAt: '2026-03-01T01:00:00.000Z' } as const;
      await store.progress(ended);
      await store.progress({ ...running, done: 11 });
      expect(await store.get(runIdOf(1))).toEqual(ended);
      await store.progress(makeRun(9, { state: 'running' }));
      expect(await store.get(runIdOf(9))).toBeNull();
    });

    it('keeps the change of a run for carrying on while the run goes on, and shows it to no reader', async () => {
      const { store, outbox } = await make();
      const change = changeOf('run', runIdOf(1), 1);
      await store.insert(makeRun(1), [change]);
      await store.insert(makeRun(2), []);
      const running = makeRun(1, { state: 'running', total: 10, done: 4 });
      await store.progress(running);
      expect(await store.get(runIdOf(1))).toEqual(running);
      expect(await store.unfinished()).toEqual([running, makeRun(2)]);
      const done = { ...running, state: 'done', done: 10 } as const;
      await store.progress(done);
      expect((await store.list(null, null, 5)).items).toEqual([makeRun(2), done]);
      expect(await outbox.waiting(5)).toEqual([runIdOf(1)]);
      expect(await outbox.of([runIdOf(1), runIdOf(2)])).toEqual([change]);
      await outbox.remove([change]);
      expect(await outbox.waiting(5)).toEqual([]);
      expect(await store.get(runIdOf(1))).toEqual(done);
    });

    it('names the runs that are not finished, oldest first', async () => {
      const { store } = await make();
      const states = ['running', 'done', 'waiting', 'failed', 'waiting'] as const;
      for (const [number, state] of [...states.entries()].reverse()) await store.insert(makeRun(number, { state }), []);
      expect((await store.unfinished()).map(({ id }) => id)).toEqual([0, 2, 4].map(runIdOf));
    });

    it('lists newest first, page by page; for a county its own and those of all', async () => {
      const { store } = await make();
      const counties = [null, '330782', '330483', null, '330782'];
      for (const [number, countyAdcode] of counties.entries()) {
        await store.insert(
          makeRun(number, { countyAdcode, startedAt: makeRun(number === 3 ? 2 : number).startedAt }),
          [],
        );
      }
      const all = await store.list(null, null, 3);
      expect(all.items.map(({ id }) => id)).toEqual([4, 3, 2].map(runIdOf));
      const rest = await store.list(null, all.nextCursor, 3);
      expect(rest.items.map(({ id }) => id)).toEqual([1, 0].map(runIdOf));
      expect(rest.nextCursor).toBeNull();
      const own = await store.list('330782', null, 2);
      expect(own.items.map(({ id }) => id)).toEqual([4, 3].map(runIdOf));
      expect((await store.list('330782', own.nextCursor, 5)).items.map(({ id }) => id)).toEqual([1, 0].map(runIdOf));
      await expect(store.list(null, '!', 5)).rejects.toMatchObject({ issues: [{ field: 'cursor' }] });
    });

    it('gives no page of more than so many', async () => {
      const { store } = await make();
      for (let number = 0; number <= HISTORY_PAGE_MAX; number += 1) await store.insert(makeRun(number), []);
      expect((await store.list(null, null, 5_000)).items).toHaveLength(HISTORY_PAGE_MAX);
    });

    it('keeps schedules by county and version', async () => {
      const { store } = await make();
      const first = { countyAdcode: '330782', cron: '0 18 * * *', version: 1 };
      expect(await store.schedules()).toEqual([]);
      const racing = await Promise.all(Array.from({ length: 10 }, () => store.putSchedule(first, 0, [])));
      expect(racing.filter(Boolean)).toHaveLength(1);
      expect(await store.putSchedule({ ...first, version: 3 }, 2, [])).toBe(false);
      expect(await store.putSchedule({ ...first, cron: '0 19 * * *', version: 2 }, 1, [])).toBe(true);
      expect(await store.putSchedule({ ...first, version: 2 }, 1, [])).toBe(false);
      expect(await store.putSchedule({ ...first, countyAdcode: '330483' }, 0, [])).toBe(true);
      expect(await store.schedules()).toEqual([
        { ...first, countyAdcode: '330483' },
        { ...first, cron: '0 19 * * *', version: 2 },
      ]);
    });

    it('keeps each change of a schedule for carrying on, those of a refused one not', async () => {
      const { store, outbox } = await make();
      const first = { countyAdcode: '330782', cron: '0 18 * * *', version: 1 };
      const [one, two] = [1, 2].map((version) => changeOf('schedule', '330782', version));
      if (one === undefined || two === undefined) throw new Error('no changes');
      const refused = makeChange(9, { objectId: '330782' });
      expect(await store.putSchedule(first, 0, [one])).toBe(true);
      expect(await store.putSchedule(first, 0, [refused])).toBe(false);
      expect(await store.putSchedule({ ...first, version: 3 }, 2, [refused])).toBe(false);
      expect(await store.putSchedule({ ...first, version: 2 }, 1, [two])).toBe(true);
      expect(await store.putSchedule({ ...first, countyAdcode: '330483' }, 0, [])).toBe(true);
      await store.insert(makeRun(1), [changeOf('run', runIdOf(1), 1)]);
      expect(await outbox.of(['330782'])).toEqual([one, two]);
      expect([...(await outbox.waiting(5))].sort()).toEqual(['330782', runIdOf(1)]);
      await outbox.remove([one]);
      expect(await outbox.of(['330782', '330483'])).toEqual([two]);
      expect(await store.schedules()).toEqual([
        { ...first, countyAdcode: '330483' },
        { ...first, version: 2 },
      ]);
    });
  });
}
