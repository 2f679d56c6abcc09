import { describe, expect, it } from 'vitest';
import { LEAD_STAGES, type Lead } from '../../../src/domain/lead.js';
import type { LeadFilter, LeadStore } from '../../../src/ports/lead-store.js';
import type { Page } from '../../../src/ports/need-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import { changeOf, idOf, makeLead, makeRegisteredLead, pushedStep } from './lead-records.js';
import { DIFFICULT_TEXT } from './records.js';

export interface LeadStoreHarness {
  readonly store: LeadStore;
  readonly outbox: Outbox;
}

const ALL: LeadFilter = { visibleTo: null };

async function everyPage(
  read: (cursor: string | null) => Promise<Page<Lead>>,
): Promise<{ readonly ids: string[]; readonly pages: number }> {
  const ids: string[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: Page<Lead> = await read(cursor);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== null && pages < 20);
  return { ids, pages };
}

/** What every LeadStore must do. `make` gives an empty store and its outbox each time. */
export function describeLeadStoreConformance(name: string, make: () => Promise<LeadStoreHarness>): void {
  describe(`LeadStore: ${name}`, () => {
    const inserted = async (leads: readonly Lead[]): Promise<LeadStoreHarness> => {
      const harness = await make();
      for (const lead of leads) await harness.store.insert(lead, []);
      return harness;
    };
    const idsOf = async (store: LeadStore, filter: LeadFilter) =>
      (await store.list(filter, null, 100)).items.map(({ id }) => id).sort();

    it('gives back what was inserted, every character of it, without its outbox', async () => {
      const { store, outbox } = await make();
      const lead = makeLead(1, {
        history: [pushedStep('331102', { note: DIFFICULT_TEXT })],
        claim: { holdId: 'hold_1', parkId: 'park-1', state: 'placing', at: '2026-03-02T01:00:00.000Z' },
      });
      const change = changeOf('lead', lead.id, 1);
      expect(await store.insert(lead, [change])).toEqual({ inserted: true });
      expect(await store.get(lead.id)).toEqual(lead);
      expect((await store.list(ALL, null, 5)).items).toEqual([lead]);
      expect(await outbox.of([lead.id])).toEqual([change]);
      expect(await outbox.waiting(5)).toEqual([lead.id]);
    });

    it('knows nothing of a lead that was not inserted', async () => {
      const { store, outbox } = await make();
      expect(await store.get(idOf('lead', 404))).toBeNull();
      expect(await store.replace(makeLead(404, { version: 2 }), 1, [changeOf('lead', idOf('lead', 404), 2)])).toBe(
        false,
      );
      expect(await store.ofNeed('need_404')).toEqual([]);
      expect(await outbox.waiting(5)).toEqual([]);
    });

    it('lets exactly one of 20 racing inserts in, shows it to the others, and keeps its change alone', async () => {
      const { store, outbox } = await make();
      const racers = Array.from({ length: 20 }, (_, index) => makeLead(1, { investWan: index }));
      const answers = await Promise.all(
        racers.map((racer, index) => store.insert(racer, [changeOf('lead', racer.id, index)])),
      );
      const winner = answers.findIndex((answer) => answer.inserted);
      expect(answers.filter((answer) => answer.inserted)).toHaveLength(1);
      for (const answer of answers) if (!answer.inserted) expect(answer.existing).toEqual(racers[winner]);
      expect((await outbox.of([idOf('lead', 1)])).map(({ object }) => object.version)).toEqual([winner]);
    });

    it('lets exactly one of 20 racing replacements win, with its change', async () => {
      const { store, outbox } = await inserted([makeLead(1)]);
      const racers = Array.from({ length: 20 }, (_, index) => makeLead(1, { version: 2, investWan: index }));
      const answers = await Promise.all(
        racers.map((racer, index) => store.replace(racer, 1, [changeOf('lead', racer.id, index)])),
      );
      const winner = answers.indexOf(true);
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await store.get(idOf('lead', 1))).toEqual(racers[winner]);
      expect((await outbox.of([idOf('lead', 1)])).map(({ object }) => object.version)).toEqual([winner]);
    });

    it('adds changes behind those that wait', async () => {
      const { store, outbox } = await make();
      const id = idOf('lead', 1);
      await store.insert(makeLead(1), [changeOf('lead', id, 1)]);
      await store.replace(makeLead(1, { version: 2 }), 1, [changeOf('lead', id, 2), changeOf('lead', id, 3)]);
      await store.replace(makeLead(1, { version: 3 }), 2, []);
      expect((await outbox.of([id])).map((change) => change.id)).toEqual([`${id}.1`, `${id}.2`, `${id}.3`]);
    });

    it('shows the source county all its leads and the host those that were pushed to it', async () => {
      const { store } = await inserted([
        makeLead(1),
        makeRegisteredLead(2),
        makeRegisteredLead(3, { stage: 'ended', waitsFor: null }),
        makeLead(4, { hostAdcode: '331123', history: [pushedStep('331102'), pushedStep('331123')] }),
        makeLead(5, { stage: 'ended', waitsFor: null }),
      ]);
      const of = (...numbers: number[]) => numbers.map((number) => idOf('lead', number));
      expect(await idsOf(store, { visibleTo: '330782' })).toEqual(of(1, 2, 3, 4, 5));
      expect(await idsOf(store, { visibleTo: '331102' })).toEqual(of(1, 5));
      expect(await idsOf(store, { visibleTo: '331123' })).toEqual(of(4));
      expect(await idsOf(store, { visibleTo: '330110' })).toEqual([]);
      expect(await store.count({ visibleTo: '331102' }, 10)).toBe(2);
      expect((await store.inbox({ visibleTo: '331102' }, null, 10)).items.map(({ id }) => id)).toEqual(of(1));
    });

    it('shows the new host a lead from the moment it is transferred, and the former one no more', async () => {
      const { store } = await inserted([makeLead(1)]);
      const moved = makeLead(1, {
        hostAdcode: '331123',
        history: [pushedStep('331102'), pushedStep('331123')],
        version: 2,
      });
      await store.replace(moved, 1, []);
      expect(await idsOf(store, { visibleTo: '331102' })).toEqual([]);
      expect(await idsOf(store, { visibleTo: '331123' })).toEqual([moved.id]);
    });

    it('narrows by every condition, and by all of them at once', async () => {
      const { store } = await inserted([
        makeLead(1),
        makeLead(2, { needId: 'need_2', parkId: 'park-2', stage: 'accepted' }),
        makeLead(3, { sourceAdcode: '330483', createdAt: '2026-03-05T00:00:00.000Z' }),
        makeLead(4, { hostAdcode: '331123', waitsFor: { party: 'source', adcode: '330782', dueAt: null } }),
        makeLead(5, { waitsFor: { party: 'coordinator', adcode: null, dueAt: null } }),
      ]);
      const expectIds = async (filter: Omit<LeadFilter, 'visibleTo'>, ...numbers: number[]) =>
        expect(await idsOf(store, { visibleTo: null, ...filter })).toEqual(
          numbers.map((number) => idOf('lead', number)),
        );
      await expectIds({ needId: 'need_2' }, 2);
      await expectIds({ parkId: 'park-2' }, 2);
      await expectIds({ stage: 'accepted' }, 2);
      await expectIds({ sourceAdcode: '330483' }, 3);
      await expectIds({ hostAdcode: '331123' }, 4);
      await expectIds({ county: '330483' }, 3);
      await expectIds({ county: '331102' }, 1, 2, 3, 5);
      await expectIds({ county: '331102', sourceAdcode: '330483' }, 3);
      await expectIds({ from: '2026-03-05T00:00:00.000Z' }, 3);
      await expectIds({ to: '2026-03-02T01:00:00.000Z' }, 1, 2, 4, 5);
      await expectIds({ waitsFor: { parties: ['source', 'host'], adcode: '330782' } }, 4);
      await expectIds({ waitsFor: { parties: ['source', 'host'], adcode: null } }, 1, 2, 3, 4);
      await expectIds({ waitsFor: { parties: ['coordinator'], adcode: null } }, 5);
      await expectIds({ stage: 'pushed', from: '2026-03-05T00:00:00.000Z', sourceAdcode: '330782' });
    });

    it('lists newest first, page by page, also where many were created at the same moment', async () => {
      const times = ['2026-03-01T08:00:00.000Z', '2026-03-01T08:00:00.001Z', '2026-03-01T08:00:00.001Z'];
      const leads = Array.from({ length: 11 }, (_, index) => makeLead(index, { createdAt: times[index % 3] ?? '' }));
      const { store } = await inserted(leads);
      const expected = [...leads]
        .sort((left, right) => (left.createdAt + left.id < right.createdAt + right.id ? 1 : -1))
        .map(({ id }) => id);
      expect(await everyPage((cursor) => store.list(ALL, cursor, 4))).toEqual({ ids: expected, pages: 3 });
    });

    it('orders what waits by when it is due, no limit last, page by page, and leaves out what waits for nobody', async () => {
      const due = (day: number | null) =>
        ({
          waitsFor: { party: 'host', adcode: '331102', dueAt: day === null ? null : `2026-03-0${day}T16:00:00.000Z` },
        }) as const;
      const days = [5, 3, null, 3, 1, null, 9];
      const { store } = await inserted([
        ...days.map((day, index) => makeLead(index, due(day))),
        makeLead(7, { waitsFor: null, stage: 'production' }),
      ]);
      const expected = [4, 1, 3, 0, 6, 2, 5].map((number) => idOf('lead', number));
      for (const limit of [1, 2, 3, 7, 50]) {
        expect((await everyPage((cursor) => store.inbox(ALL, cursor, limit))).ids).toEqual(expected);
      }
    });

    it.each(['x', '', '!!!', '{"$gt":""}'])('refuses the cursor %j', async (cursor) => {
      const { store } = await make();
      const expected = { code: 'invalidInput', issues: [{ field: 'cursor' }] };
      await expect(store.list(ALL, cursor, 5)).rejects.toMatchObject(expected);
      await expect(store.inbox(ALL, cursor, 5)).rejects.toMatchObject(expected);
    });

    it('counts up to a limit', async () => {
      const { store } = await inserted([1, 2, 3].map((number) => makeLead(number)));
      expect(await Promise.all([0, 1, 2, 3, 9].map((atMost) => store.count(ALL, atMost)))).toEqual([0, 1, 2, 3, 3]);
    });

    it('gives every lead of a need, oldest first', async () => {
      const { store } = await inserted([
        makeLead(3, { createdAt: '2026-03-03T00:00:00.000Z' }),
        makeLead(1, { createdAt: '2026-03-05T00:00:00.000Z' }),
        makeLead(2, { needId: 'need_other' }),
      ]);
      expect((await store.ofNeed(idOf('need', 1))).map(({ id }) => id)).toEqual([idOf('lead', 3), idOf('lead', 1)]);
    });

    it('names leads whose clock is due, soonest first', async () => {
      const next = (nextClockAt: string | null) => ({ nextClockAt });
      const { store } = await inserted([
        makeLead(1, next('2026-03-03T01:00:00.000Z')),
        makeLead(2, next(null)),
        makeLead(3, next('2026-03-02T01:00:00.000Z')),
        makeLead(4, next('2026-03-03T01:00:00.001Z')),
      ]);
      const now = '2026-03-03T01:00:00.000Z';
      expect(await store.clocksDue(now, 10)).toEqual([idOf('lead', 3), idOf('lead', 1)]);
      expect(await store.clocksDue(now, 1)).toEqual([idOf('lead', 3)]);
      expect(await store.clocksDue('2026-03-01T00:00:00.000Z', 10)).toEqual([]);
    });

    it('names leads whose claim is not settled since long', async () => {
      const claim = (state: 'placing' | 'placed' | 'waiting', second: number) => ({
        claim: { holdId: 'h', parkId: 'p', state, at: `2026-03-03T01:00:0${second}.000Z` },
      });
      const { store } = await inserted([
        makeLead(1, claim('placing', 3)),
        makeLead(2, claim('placed', 1)),
        makeLead(3, claim('placing', 1)),
        makeLead(4, claim('waiting', 1)),
        makeLead(5, claim('placing', 5)),
        makeLead(6),
      ]);
      expect(await store.unsettledClaims('2026-03-03T01:00:05.000Z', 10)).toEqual([idOf('lead', 3), idOf('lead', 1)]);
      expect(await store.unsettledClaims('2026-03-03T01:00:05.000Z', 1)).toEqual([idOf('lead', 3)]);
    });

    it('names the needs that have a place: with a lead that is signed or further, and not ended', async () => {
      const stages = LEAD_STAGES.map((stage, number) => makeLead(number, { stage, needId: idOf('need', number) }));
      const again = makeLead(40, { stage: 'pushed', needId: idOf('need', LEAD_STAGES.indexOf('signed')) });
      const twice = makeLead(41, { stage: 'construction', needId: idOf('need', LEAD_STAGES.indexOf('signed')) });
      const { store } = await inserted([again, twice, ...stages]);
      const signed = ['signed', 'landSupplied', 'construction', 'completed', 'production'] as const;
      expect(await store.signedNeeds()).toEqual(signed.map((stage) => idOf('need', LEAD_STAGES.indexOf(stage))).sort());
      expect(await (await inserted([])).store.signedNeeds()).toEqual([]);
    });

    it('is not changed by what callers do to objects they handed in or got', async () => {
      const { store } = await make();
      const handedIn = makeLead(1);
      await store.insert(handedIn, []);
      Object.assign(handedIn, { stage: 'ended' });
      Object.assign((await store.get(handedIn.id)) ?? {}, { stage: 'ended' });
      expect((await store.get(handedIn.id))?.stage).toBe('pushed');
    });
  });
}
