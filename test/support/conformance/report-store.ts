import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/domain/report.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import type { ReportStore } from '../../../src/ports/report-store.js';
import { changeOf, idOf, makeReport } from './lead-records.js';
import { DIFFICULT_TEXT } from './records.js';

export interface ReportStoreHarness {
  readonly store: ReportStore;
  readonly outbox: Outbox;
}

/** What every ReportStore must do. `make` gives an empty store and its outbox each time. */
export function describeReportStoreConformance(name: string, make: () => Promise<ReportStoreHarness>): void {
  describe(`ReportStore: ${name}`, () => {
    const appended = async (reports: readonly Report[]): Promise<ReportStoreHarness> => {
      const harness = await make();
      for (const report of reports) {
        expect(await harness.store.append(report, [])).toEqual({ outcome: 'appended' });
      }
      return harness;
    };

    it('gives back what was appended, every character of it, without its outbox', async () => {
      const { store, outbox } = await make();
      const report = makeReport(1, {
        creditCode: '91330782MA2EXAMPLE',
        firmName: DIFFICULT_TEXT,
        project: '',
        pushes: ['lead_1', 'lead_2'],
        standing: 'candidate',
        candidates: [
          {
            reportId: 'report_0',
            sourceAdcode: '330483',
            reportedAt: '2026-03-01T00:00:00.000Z',
            sameTime: false,
            reasons: [{ kind: 'project', likeness: 0.9 }],
          },
        ],
      });
      const change = changeOf('report', report.id, 1);
      expect(await store.lastPosition()).toBe(0);
      expect(await store.append(report, [change])).toEqual({ outcome: 'appended' });
      expect(await store.get(report.id)).toEqual(report);
      expect(await store.ofNeed(report.needId)).toEqual(report);
      expect(await store.lastPosition()).toBe(1);
      expect(await outbox.of([report.id])).toEqual([change]);
      expect(await outbox.waiting(5)).toEqual([report.id]);
      await outbox.remove([change]);
      expect(await outbox.waiting(5)).toEqual([]);
      expect(await store.get(report.id)).toEqual(report);
    });

    it('knows nothing of a report that was not appended', async () => {
      const { store } = await make();
      expect(await store.get(idOf('report', 404))).toBeNull();
      expect(await store.ofNeed('need_404')).toBeNull();
      expect(await store.replace(makeReport(404, { version: 2 }), 1, [])).toBe(false);
    });

    it('lets exactly one of 20 racing reports have a position', async () => {
      const { store, outbox } = await make();
      const racers = Array.from({ length: 20 }, (_, index) =>
        makeReport(1, { id: idOf('report', index), needId: idOf('need', index) }),
      );
      const answers = await Promise.all(racers.map((racer) => store.append(racer, [changeOf('report', racer.id, 1)])));
      expect(answers.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(answers.filter(({ outcome }) => outcome === 'positionTaken')).toHaveLength(19);
      const winner = racers[answers.findIndex(({ outcome }) => outcome === 'appended')];
      expect(await store.protectedAt('2026-03-03T00:00:00.000Z', 99)).toEqual([winner]);
      expect(await outbox.waiting(99)).toEqual([winner?.id]);
    });

    it('lets a need be reported once, however many ask and wherever the row has got to', async () => {
      const { store } = await make();
      const racers = Array.from({ length: 20 }, (_, index) => makeReport(1, { investWan: index }));
      const answers = await Promise.all(racers.map((racer) => store.append(racer, [])));
      const first = racers[answers.findIndex(({ outcome }) => outcome === 'appended')];
      expect(answers.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      for (const answer of answers) if (answer.outcome === 'reported') expect(answer.existing).toEqual(first);
      const later = makeReport(2, { id: first?.id ?? '', needId: first?.needId ?? '' });
      expect(await store.append(later, [])).toEqual({ outcome: 'reported', existing: first });
      expect(await store.lastPosition()).toBe(1);
    });

    it('keeps the order of positions beyond nine', async () => {
      const { store } = await appended(Array.from({ length: 12 }, (_, index) => makeReport(index + 1)));
      expect(await store.lastPosition()).toBe(12);
      const row = await store.protectedAt('2026-03-03T00:00:00.000Z', 11);
      expect(row.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });

    it('gives protected reports that stand or may repeat another, up to a position', async () => {
      const { store } = await appended([
        makeReport(1),
        makeReport(2, { protectedUntil: '2026-03-02T16:00:00.000Z' }),
        makeReport(3, { standing: 'candidate' }),
        makeReport(4, { standing: 'displaced' }),
        makeReport(5),
      ]);
      const positions = async (now: string, upTo: number) =>
        (await store.protectedAt(now, upTo)).map(({ position }) => position);
      expect(await positions('2026-03-02T16:00:00.001Z', 5)).toEqual([1, 3, 5]);
      expect(await positions('2026-03-02T16:00:00.000Z', 5)).toEqual([1, 2, 3, 5]);
      expect(await positions('2026-03-02T16:00:00.001Z', 4)).toEqual([1, 3]);
      expect(await positions('2026-03-02T16:00:00.001Z', 0)).toEqual([]);
    });

    it('lets exactly one of 20 racing replacements win, with its change', async () => {
      const { store, outbox } = await appended([makeReport(1)]);
      const racers = Array.from({ length: 20 }, (_, index) => makeReport(1, { version: 2, investWan: index }));
      const answers = await Promise.all(
        racers.map((racer, index) => store.replace(racer, 1, [changeOf('report', racer.id, index)])),
      );
      const winner = answers.indexOf(true);
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await store.get(idOf('report', 1))).toEqual(racers[winner]);
      expect((await outbox.of([idOf('report', 1)])).map(({ object }) => object.version)).toEqual([winner]);
    });

    it('lists undecided candidates, oldest first, page by page, of a county where one is given', async () => {
      const decision = { at: '2026-03-02T02:00:00.000Z', by: 'user_1', outcome: 'duplicate', reason: 'x' } as const;
      const { store } = await appended([
        makeReport(1),
        makeReport(2, { standing: 'candidate' }),
        makeReport(3, { standing: 'candidate', sourceAdcode: '330483' }),
        makeReport(4, { standing: 'candidate', decision }),
        makeReport(5, { standing: 'candidate' }),
      ]);
      const first = await store.undecided(null, null, 2);
      expect(first.items.map(({ position }) => position)).toEqual([2, 3]);
      const second = await store.undecided(null, first.nextCursor, 2);
      expect([second.items.map(({ position }) => position), second.nextCursor]).toEqual([[5], null]);
      expect((await store.undecided('330483', null, 9)).items.map(({ position }) => position)).toEqual([3]);
      await expect(store.undecided(null, 'x', 2)).rejects.toMatchObject({ code: 'invalidInput' });
    });
  });
}
