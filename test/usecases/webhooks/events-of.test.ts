import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/change.js';
import { EVENT_TYPES, TEST_EVENT, type WebhookEvent } from '../../../src/domain/webhook.js';
import { MOVE_RULES } from '../../../src/leads/machine.js';
import { EVENT_SCHEMAS } from '../../../src/schemas/webhook-event-schemas.js';
import { systemIds } from '../../../src/system.js';
import { eventsOf, TOLD_CHANGES } from '../../../src/usecases/webhooks/events-of.js';
import { makeChange } from '../../support/conformance/changes.js';
import { idOf } from '../../support/conformance/lead-records.js';
import { HOST, OTHER_HOST, SECRETS, SOURCE } from '../leads/writing-world.js';
import { holdChanges, leadChanges, matchChanges, staleChanges } from './told-changes.js';

const deps = { ids: systemIds };
const one = (change: Change): WebhookEvent => {
  const [event, ...more] = eventsOf(deps, change);
  if (event === undefined || more.length > 0) throw new Error(`${change.type}: not one event`);
  return event;
};
const dataOf = (event: WebhookEvent): Record<string, unknown> => JSON.parse(event.payload).data;

let changes: readonly Change[] = [];
let events: readonly WebhookEvent[] = [];
beforeAll(async () => {
  const made = await Promise.all([leadChanges(), holdChanges(), matchChanges(), staleChanges()]);
  changes = made.flat();
  events = changes.flatMap((change) => eventsOf(deps, change));
});
const ofType = (type: string) => changes.filter((change) => change.type === type);
const firstOf = (type: string): Change => {
  const [change] = ofType(type);
  if (change === undefined) throw new Error(`no ${type}`);
  return change;
};

describe('events of changes', () => {
  it('are made of everything that is really written, in every type there is', () => {
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(EVENT_TYPES));
  });

  it('fit their schemas', () => {
    for (const event of events) {
      const parsed = EVENT_SCHEMAS[event.type].safeParse(JSON.parse(event.payload));
      expect(parsed.success, `${event.type} ${event.payload} ${JSON.stringify(parsed.error?.issues)}`).toBe(true);
      expect(event.payload.length).toBeLessThan(2_000);
    }
    const test = { type: TEST_EVENT, timestamp: '2026-03-01T00:00:00.000Z', data: { endpointId: idOf('ep', 1) } };
    expect(EVENT_SCHEMAS[TEST_EVENT].safeParse(test).success).toBe(true);
    expect(EVENT_SCHEMAS[TEST_EVENT].safeParse({ ...test, firm: 'x' }).success).toBe(false);
  });

  it('hold no word of a firm, a person or a note', () => {
    const text = JSON.stringify(events);
    for (const secret of [...SECRETS, 'user_', '公司', '测试', 'token_']) expect(text).not.toContain(secret);
    // Codes, ids, numbers and dates only.
    expect(text).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('have the same id for the same change, another for each other one', () => {
    const ids = events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(changes.flatMap((change) => eventsOf(deps, structuredClone(change))).map(({ id }) => id)).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^evt_[a-z0-9]{24}$/);
  });

  it('tell of each move that changes the stage, and of no other', () => {
    const told = new Set(TOLD_CHANGES);
    for (const { event, to } of MOVE_RULES) expect(told.has(event), event).toBe(to !== 'same');
  });

  it.each([
    ['need.submitted'],
    ['lead.registered'],
    ['lead.disclosed'],
    ['lead.claim_changed'],
    ['hold.fenced'],
    ['endpoint.disabled'],
    ['rematch.started'],
    ['rematch.rescheduled'],
    ['toString'],
    ['constructor'],
  ])('tell nothing of %s', (type) => {
    expect(eventsOf(deps, makeChange(1, { type }))).toEqual([]);
  });

  it('go to the source alone until a lead is pushed, then to both', () => {
    expect(firstOf('lead.registered').chains).toEqual([SOURCE]);
    expect(one(firstOf('lead.pushed')).counties).toEqual([SOURCE, HOST]);
    expect(one(firstOf('lead.accepted')).counties).toEqual([SOURCE, HOST]);
    expect(one(firstOf('lead.overdue')).counties).toEqual([SOURCE, HOST]);
    expect(one(firstOf('match.created')).counties).toHaveLength(1);
  });

  it('tell a lead that goes to another county as pushed, with where it comes from', () => {
    const event = one(firstOf('lead.transferred'));
    expect(event.type).toBe('lead.pushed');
    expect(new Set(event.counties)).toEqual(new Set([SOURCE, HOST, OTHER_HOST]));
    expect(dataOf(event)).toMatchObject({ stage: 'pushed', hostAdcode: OTHER_HOST, fromHostAdcode: HOST });
    expect(dataOf(one(firstOf('lead.pushed')))).toMatchObject({ fromStage: 'registered', fromHostAdcode: null });
  });

  it('number the events of a lead in the order in which things happened', () => {
    const byLead = new Map<string, number[]>();
    for (const change of changes) {
      for (const event of eventsOf(deps, change)) {
        const { leadId, sequence } = dataOf(event);
        if (!event.type.startsWith('lead.')) continue;
        byLead.set(String(leadId), [...(byLead.get(String(leadId)) ?? []), Number(sequence)]);
      }
    }
    expect(byLead.size).toBe(3);
    for (const sequences of byLead.values()) expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    const matches = events.filter(({ type }) => type.startsWith('match.')).map((event) => dataOf(event)['sequence']);
    expect(matches).toEqual([1, 2, 3]);
  });

  it('tell of a hold what and until when, and of its release what is free again', () => {
    const placed = one(firstOf('hold.placed'));
    expect(dataOf(placed)).toMatchObject({ kind: 'soft', amountsTotal: expect.any(Number), parkId: 'p1' });
    expect(Object.keys(dataOf(placed)['amounts'] as object)[0]).toMatch(/^parcel:/);
    expect(dataOf(one(firstOf('hold.released')))).toMatchObject({
      reason: 'expired',
      holdId: dataOf(placed)['holdId'],
      amounts: dataOf(placed)['amounts'],
    });
    expect(dataOf(one(firstOf('hold.expiring')))).toMatchObject({ until: dataOf(placed)['until'] });
  });

  it('stay under 20 kB, however many parcels a hold has', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`parcel:${String(index).padStart(64, 'x')}`, 12.345678]),
    );
    const change = firstOf('hold.placed');
    const event = one({ ...change, after: { ...change.after, ...many } });
    expect(Buffer.byteLength(event.payload)).toBeLessThan(20_000);
    expect(dataOf(event)).toMatchObject({ amountsTotal: expect.any(Number) });
    expect(EVENT_SCHEMAS['hold.placed'].safeParse(JSON.parse(event.payload)).success).toBe(true);
  });

  it('link to where the caller can read more, under the address that is given', () => {
    const change = firstOf('match.created');
    expect(dataOf(one(change))).toMatchObject({ links: { matches: `/api/v1/needs/${change.object.id}/matches` } });
    const [event] = eventsOf({ ids: systemIds, publicUrl: 'https://match.example.cn' }, change);
    expect(event?.payload).toContain('"https://match.example.cn/api/v1/needs/');
  });
});
