import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/access.js';
import type { Lead, LeadParty } from '../../../src/domain/lead.js';
import { isOverdue } from '../../../src/leads/clocks.js';
import { MemoryEndpointStore } from '../../../src/memory/endpoint-store.js';
import { MemoryLeadStore } from '../../../src/memory/lead-store.js';
import { MemoryReportStore } from '../../../src/memory/report-store.js';
import type { InboxItem, LeadView } from '../../../src/usecases/lead-use-cases.js';
import { type InboxDeps, readInbox } from '../../../src/usecases/leads/read-inbox.js';
import { idOf } from '../../support/conformance/lead-records.js';
import { makeEndpoint } from '../../support/conformance/webhook-records.js';
import {
  callerOf,
  dayAfter,
  LIANDU,
  makeLead,
  makeReport,
  START,
  step,
  TIANTAI,
  TONGXIANG,
  YIWU,
} from './reading-world.js';

/** A lead that waits for a side, with a clock that ends so many days after START; null for no limit. */
function waiting(number: number, party: LeadParty, dueInDays: number | null, change: Partial<Lead> = {}): Lead {
  const made = makeLead(number, change);
  const adcode = { source: made.sourceAdcode, host: made.hostAdcode, coordinator: null }[party];
  const dueAt = dueInDays === null ? null : dayAfter(dueInDays);
  const clock = { kind: 'response', startedAt: START, dueToldAt: null, overdueToldAt: null } as const;
  return { ...made, clocks: dueAt === null ? [] : [{ ...clock, dueAt }], waitsFor: { party, adcode, dueAt } };
}

async function world(leads: readonly Lead[], undecided = 0) {
  const leadStore = new MemoryLeadStore();
  const reportStore = new MemoryReportStore();
  const endpointStore = new MemoryEndpointStore();
  for (const lead of leads) await leadStore.insert(lead, []);
  for (let position = 1; position <= undecided; position += 1) await reportStore.append(makeReport(position), []);
  let now = START;
  const clock = { now: () => now };
  const deps: InboxDeps = {
    leadStore,
    reportStore,
    endpointStore,
    clock,
    views: { viewsOf: async (seen) => seen.map((lead) => ({ lead, overdue: isOverdue(lead, now) }) as LeadView) },
  };
  return {
    leadStore,
    endpointStore,
    setNow: (at: string) => {
      now = at;
    },
    read: (caller: Caller, cursor: string | null = null, limit = 100) => readInbox(deps, caller, cursor, limit),
    async walk(caller: Caller, limit: number): Promise<InboxItem[]> {
      const items: InboxItem[] = [];
      let cursor: string | null = null;
      do {
        const page = await readInbox(deps, caller, cursor, limit);
        if (cursor !== null) expect(cursor.length).toBeLessThanOrEqual(300);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && items.length < 1_000);
      return items;
    },
  };
}

function nameOf(item: InboxItem): number | string {
  if (item.kind === 'endpoint') return item.endpoint.id;
  return item.kind === 'lead' ? Number(item.view.lead.id.slice(5)) : `report ${Number(item.report.id.slice(7))}`;
}
const namesOf = (items: readonly InboxItem[]) => items.map(nameOf);

const COORDINATOR = callerOf('coordinator', null);

describe('the inbox', () => {
  const leads = [
    waiting(1, 'host', 5),
    waiting(2, 'host', 2),
    waiting(3, 'source', null),
    waiting(4, 'host', 3, { hostAdcode: TIANTAI, sourceAdcode: TONGXIANG }),
    waiting(5, 'coordinator', null),
    waiting(6, 'host', -1),
    makeLead(7, { history: [step('startProduction', 'production', 0)] }),
    waiting(8, 'source', null, { history: [] }),
  ];

  it('of staff has what waits for their side of their county, soonest first', async () => {
    const { read } = await world(leads, 1);
    expect(namesOf((await read(callerOf('hostStaff', LIANDU))).items)).toEqual([6, 2, 1]);
    expect(namesOf((await read(callerOf('sourceStaff', YIWU))).items)).toEqual([3, 8]);
    expect(namesOf((await read(callerOf('hostStaff', TIANTAI))).items)).toEqual([4]);
    expect(namesOf((await read(callerOf('sourceStaff', TONGXIANG))).items)).toEqual([]);
    expect(namesOf((await read(callerOf('sourceStaff', LIANDU))).items)).toEqual([]);
  });

  it('of the coordinator has what waits for the province, what is late anywhere, and reports to decide', async () => {
    const { read, setNow } = await world(leads, 2);
    expect(namesOf((await read(COORDINATOR)).items)).toEqual([6, 5, 'report 1', 'report 2']);
    setNow(dayAfter(3));
    const { items } = await read(COORDINATOR);
    expect(namesOf(items)).toEqual([6, 2, 4, 5, 'report 1', 'report 2']);
    expect(items.map(({ overdue }) => overdue)).toEqual([true, true, true, false, false, false]);
    expect(items.map(({ dueAt }) => dueAt)).toEqual([dayAfter(-1), dayAfter(2), dayAfter(3), null, null, null]);
  });

  it('judges what is late by the time the walk began', async () => {
    const { read, setNow } = await world(leads, 1);
    const first = await read(COORDINATOR, null, 1);
    expect(namesOf(first.items)).toEqual([6]);
    setNow(dayAfter(9));
    expect(namesOf((await read(COORDINATOR, first.nextCursor)).items)).toEqual([5, 'report 1']);
  });

  it('of auditors and programs is what they may read along', async () => {
    const { read } = await world(leads, 1);
    expect(namesOf((await read(callerOf('auditor', YIWU))).items)).toEqual([3, 8]);
    expect(namesOf((await read(callerOf('auditor', LIANDU))).items)).toEqual([6, 2, 1]);
    for (const role of ['auditor', 'integration'] as const) {
      expect(namesOf((await read(callerOf(role, null))).items)).toEqual([6, 5, 'report 1']);
    }
    expect(namesOf((await read(callerOf('integration', TIANTAI))).items)).toEqual([4]);
  });

  it('tells who manages webhooks of its own endpoints that were disabled, after all else', async () => {
    const { read, walk, endpointStore } = await world(leads, 1);
    const disabled = { state: 'disabled', disabledReason: 'failing' } as const;
    for (const number of [1, 2, 3])
      await endpointStore.insert(makeEndpoint(number, { countyAdcode: LIANDU, ...disabled }), []);
    await endpointStore.insert(makeEndpoint(4, { countyAdcode: LIANDU }), []);
    await endpointStore.insert(makeEndpoint(5, { countyAdcode: null, ...disabled }), []);
    const own = [1, 2, 3].map((number) => idOf('ep', number));
    for (const limit of [1, 2, 10]) {
      expect(namesOf(await walk(callerOf('hostStaff', LIANDU), limit))).toEqual([6, 2, 1, ...own]);
    }
    expect(namesOf((await read(COORDINATOR)).items).slice(-2)).toEqual(['report 1', idOf('ep', 5)]);
    expect(namesOf((await read(callerOf('hostStaff', TIANTAI))).items)).toEqual([4]);
    expect(namesOf((await read(callerOf('auditor', LIANDU))).items)).toEqual([6, 2, 1]);
    expect(JSON.stringify(await read(COORDINATOR))).not.toContain('sealed');
  });

  it('names no firm of a report', async () => {
    const { read } = await world([], 1);
    expect(JSON.stringify(await read(COORDINATOR))).not.toContain('秘密');
  });

  it('refuses a cursor of somebody whose inbox is made otherwise', async () => {
    const { read } = await world(leads, 1);
    const { nextCursor } = await read(COORDINATOR, null, 1);
    await expect(read(callerOf('hostStaff', LIANDU), nextCursor)).rejects.toMatchObject({ code: 'invalidInput' });
  });

  const dues = fc.option(fc.integer({ min: -4, max: 4 }), { nil: null });
  const parties = fc.constantFrom<LeadParty>('source', 'host', 'coordinator');
  const some = fc.array(fc.tuple(parties, dues), { maxLength: 25 });

  it('gives each item once and in order over all its pages', async () => {
    await fc.assert(
      fc.asyncProperty(some, fc.nat({ max: 6 }), fc.integer({ min: 1, max: 8 }), async (made, undecided, limit) => {
        const waitingLeads = made.map(([party, due], index) => waiting(index, party, due));
        const { read, walk } = await world(waitingLeads, undecided);
        const items = await walk(COORDINATOR, limit);
        const names = namesOf(items);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toEqual(namesOf((await read(COORDINATOR)).items));
        const late = waitingLeads.filter(
          ({ waitsFor }) =>
            waitsFor?.party === 'coordinator' || (waitsFor?.dueAt !== null && (waitsFor?.dueAt ?? '') <= START),
        );
        expect(names.length).toBe(late.length + undecided);
        const keys = items.map(({ kind, dueAt }) => (kind === 'report' ? '~~' : (dueAt ?? '~')));
        expect(keys).toEqual([...keys].sort());
      }),
      { numRuns: 100 },
    );
  });
});
