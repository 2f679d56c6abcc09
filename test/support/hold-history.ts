import type { Change, PlainFacts } from '../../src/domain/change.js';
import { FACTORS } from '../../src/domain/factors.js';
import type { Park } from '../../src/domain/park.js';

/** A hold as the history tells it. */
interface ToldHold {
  readonly holdId: string;
  readonly leadId: string;
  readonly kind: string;
  readonly until: string;
  /** By name, in millionths. */
  readonly amounts: ReadonlyMap<string, number>;
}

/** A time in which a lead had a hold somewhere: from when it was placed until it was released or ran out. */
export interface HoldSpan {
  readonly parkId: string;
  readonly holdId: string;
  readonly leadId: string;
  readonly kinds: ReadonlySet<string>;
  readonly from: string;
  readonly to: string;
  /** Null while it is there. */
  readonly released: { readonly at: string; readonly reason: string } | null;
  /** Every end it was given. */
  readonly untils: readonly string[];
}

export interface ParkHistory {
  /** What can't be: gaps, more given than there is, releases of nothing. */
  readonly faults: readonly string[];
  readonly spans: readonly HoldSpan[];
}

const text = (facts: PlainFacts | null, field: string): string => String(facts?.[field] ?? '');

function told(facts: PlainFacts | null): ToldHold {
  const isThing = (field: string): boolean => field.startsWith('parcel:') || FACTORS.some((name) => name === field);
  return {
    holdId: text(facts, 'holdId'),
    leadId: text(facts, 'leadId'),
    kind: text(facts, 'kind'),
    until: text(facts, 'until'),
    amounts: new Map(
      Object.entries(facts ?? {}).flatMap(([field, value]): readonly (readonly [string, number])[] =>
        isThing(field) ? [[field, Math.round(Number(value) * 1_000_000)]] : [],
      ),
    ),
  };
}

/** What a park has of each thing, in millionths. */
function stockOf({ inventory }: Park): ReadonlyMap<string, number> {
  const millionths = (value: number | null): number => Math.round((value ?? 0) * 1_000_000);
  return new Map([
    ...inventory.parcels.map(({ id, areaMu }) => [`parcel:${id}`, millionths(areaMu)] as const),
    ...FACTORS.map((factor) => [factor, millionths(inventory.factors[factor].value)] as const),
  ]);
}

/**
 * Goes through everything that was ever written of a park's capacity, version by version, and looks after each whether
 * what counts at that moment is there to give; holds against the document what comes out at the end.
 */
export function replayPark(park: Park, changes: readonly Change[]): ParkHistory {
  const faults: string[] = [];
  const fault = (change: Change | null, what: string): void => void faults.push(`${change?.id ?? park.id}: ${what}`);
  const stock = stockOf(park);
  const holds = new Map<string, ToldHold>();
  const waiting: string[] = [];
  const spans = new Map<string, { -readonly [K in keyof HoldSpan]: HoldSpan[K] }>();
  const seen = new Set<string>();
  let version = 0;

  const begin = (change: Change): void => {
    const hold = told(change.after);
    if (holds.has(hold.holdId) || spans.has(hold.holdId)) fault(change, 'placed twice');
    if (waiting.includes(hold.holdId)) {
      if (waiting[0] !== hold.holdId) fault(change, 'overtook the waitlist');
      waiting.splice(waiting.indexOf(hold.holdId), 1);
    }
    holds.set(hold.holdId, hold);
    const { holdId, leadId, kind, until } = hold;
    const span = { parkId: park.id, holdId, leadId, kinds: new Set([kind]), from: change.at, to: until };
    spans.set(holdId, { ...span, released: null, untils: [until] });
  };

  const renew = (change: Change): void => {
    const hold = told(change.after);
    const span = spans.get(hold.holdId);
    if (!holds.has(hold.holdId) || span === undefined) {
      fault(change, 'renewed what was not there');
      return;
    }
    if ((holds.get(hold.holdId)?.until ?? '') <= change.at) fault(change, 'renewed what had run out');
    holds.set(hold.holdId, hold);
    span.kinds = new Set([...span.kinds, hold.kind]);
    span.to = hold.until;
    span.untils = [...span.untils, hold.until];
  };

  const end = (change: Change): void => {
    const holdId = text(change.after, 'holdId');
    const span = spans.get(holdId);
    const hold = holds.get(holdId);
    if (span === undefined || hold === undefined) {
      fault(change, 'released what was not there');
      return;
    }
    holds.delete(holdId);
    const reason = text(change.after, 'reason');
    if (reason === 'expired' && hold.until > change.at) fault(change, 'expired too early');
    span.released = { at: change.at, reason };
    if (change.at < span.to) span.to = change.at;
  };

  for (const change of [...changes].filter(({ id }) => id.includes('.c'))) {
    const step = change.object.version - version;
    if (step !== 0 && step !== 1) fault(change, `follows version ${version}`);
    if (seen.has(change.id)) fault(change, 'told twice');
    seen.add(change.id);
    version = change.object.version;
    const waits = waiting.indexOf(text(change.after, 'holdId'));
    switch (change.type) {
      case 'hold.placed':
        begin(change);
        break;
      case 'hold.firm':
      case 'hold.extended':
      case 'hold.used':
        renew(change);
        break;
      case 'hold.released':
        end(change);
        break;
      case 'hold.waiting':
        waiting.push(text(change.after, 'holdId'));
        break;
      case 'hold.dropped':
        if (waits < 0) fault(change, 'dropped what did not wait');
        else waiting.splice(waits, 1);
        break;
      default:
    }
    const given = new Map<string, number>();
    for (const { until, amounts } of holds.values()) {
      if (until <= change.at) continue;
      for (const [what, amount] of amounts) given.set(what, (given.get(what) ?? 0) + amount);
    }
    for (const [what, amount] of given) {
      if (amount > (stock.get(what) ?? 0)) fault(change, `oversold ${what}: ${amount} of ${stock.get(what) ?? 0}`);
    }
  }

  const { capacity } = park;
  if (capacity.version !== version) fault(null, `version ${capacity.version}, history ends with ${version}`);
  const there = capacity.holds.map(({ id, kind, until }) => `${id} ${kind} ${until}`).sort();
  const expected = [...holds.values()].map(({ holdId, kind, until }) => `${holdId} ${kind} ${until}`).sort();
  if (there.join() !== expected.join()) fault(null, 'holds differ from the history');
  if (capacity.waitlist.map(({ holdId }) => holdId).join() !== waiting.join()) fault(null, 'waitlist differs');
  return { faults, spans: [...spans.values()] };
}

/** Leads that had two holds at the same time, in one park or two; with `kind`, two that were of it. */
export function doubleHolds(spans: readonly HoldSpan[], kind?: string): readonly string[] {
  const byLead = new Map<string, HoldSpan[]>();
  for (const span of spans) {
    if (kind !== undefined && !span.kinds.has(kind)) continue;
    byLead.set(span.leadId, [...(byLead.get(span.leadId) ?? []), span]);
  }
  return [...byLead.values()].flatMap((own) =>
    own
      .sort((a, b) => (a.from < b.from ? -1 : 1))
      .flatMap((span, index) => {
        const next = own[index + 1];
        return next !== undefined && next.from < span.to ? [`${span.leadId}: ${span.holdId} ${next.holdId}`] : [];
      }),
  );
}
