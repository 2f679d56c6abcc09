import { type Actor, type Caller, may } from '../../domain/access.js';
import type { Lead, LeadParty } from '../../domain/lead.js';
import type { Report } from '../../domain/report.js';
import type { WebhookEndpoint } from '../../domain/webhook.js';
import type { Clock } from '../../ports/clock.js';
import type { LeadFilter, LeadStore } from '../../ports/lead-store.js';
import type { Page } from '../../ports/need-store.js';
import type { ReportStore } from '../../ports/report-store.js';
import type { EndpointStore } from '../../ports/webhook-store.js';
import type { InboxItem } from '../lead-use-cases.js';
import { endpointViewOf } from '../webhooks/endpoint-view.js';
import { reportViewOf } from './first-reports.js';
import type { LeadViews } from './lead-views.js';
import { mergedPage, type OrderedList, placeOf } from './merged-pages.js';

export interface InboxDeps {
  readonly leadStore: Pick<LeadStore, 'inbox'>;
  readonly reportStore: Pick<ReportStore, 'undecided'>;
  readonly endpointStore: Pick<EndpointStore, 'disabledOf'>;
  readonly clock: Pick<Clock, 'now'>;
  /** How the caller sees leads. */
  readonly views: Pick<LeadViews, 'viewsOf'>;
}

type Found =
  | { readonly kind: 'lead'; readonly lead: Lead }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'endpoint'; readonly endpoint: WebhookEndpoint };

/** The whole province waits for whoever coordinates it, and for who looks over the coordinator's shoulder. */
function seesProvince({ role, countyAdcode }: Actor): boolean {
  return role === 'coordinator' || ((role === 'auditor' || role === 'integration') && countyAdcode === null);
}

/** Sides whose turn is the actor's to see: auditors and programs of a county see what waits for either of its sides. */
function partiesOf(actor: Actor): readonly LeadParty[] {
  if (seesProvince(actor)) return ['coordinator'];
  if (actor.role === 'sourceStaff') return ['source'];
  return actor.role === 'hostStaff' ? ['host'] : ['source', 'host'];
}

/** Soonest first, what has no limit last: reports after leads, endpoints after reports. */
function bySoonest(a: Found, b: Found): number {
  const keyOf = (found: Found): string => {
    if (found.kind === 'lead') return found.lead.waitsFor?.dueAt ?? '~';
    return found.kind === 'report' ? '~~' : '~~~';
  };
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function leadList(store: InboxDeps['leadStore'], filter: LeadFilter): OrderedList<Found> {
  return {
    async page(cursor, limit) {
      const { items, nextCursor } = await store.inbox(filter, cursor, limit);
      return { items: items.map((lead) => ({ kind: 'lead', lead })), nextCursor };
    },
  };
}

/** The part of a list of leads whose limit has passed: its beginning. */
function overduePart(list: OrderedList<Found>, now: string): OrderedList<Found> {
  const isLate = (found: Found) => {
    const dueAt = found.kind === 'lead' ? (found.lead.waitsFor?.dueAt ?? null) : null;
    return dueAt !== null && dueAt <= now;
  };
  return {
    async page(cursor, limit) {
      const { items, nextCursor } = await list.page(cursor, limit);
      const late = items.filter(isLate);
      return { items: late, nextCursor: late.length < items.length ? null : nextCursor };
    },
  };
}

function reportList(store: InboxDeps['reportStore']): OrderedList<Found> {
  return {
    async page(cursor, limit) {
      const { items, nextCursor } = await store.undecided(null, cursor, limit);
      return { items: items.map((report) => ({ kind: 'report', report })), nextCursor };
    },
  };
}

/** Endpoints the service has stopped sending to: there are few, the cursor is the id of the last. */
function endpointList(store: InboxDeps['endpointStore'], actor: Actor): OrderedList<Found> {
  return {
    async page(cursor, limit) {
      if (!may(actor, 'webhook.manage')) return { items: [], nextCursor: null };
      const disabled = (await store.disabledOf(actor.countyAdcode)).filter(({ id }) => cursor === null || id > cursor);
      const shown = disabled.slice(0, limit);
      const last = disabled.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map((endpoint) => ({ kind: 'endpoint', endpoint })),
        nextCursor: last?.id ?? null,
      };
    },
  };
}

function listsFor(
  { leadStore, reportStore, endpointStore }: InboxDeps,
  actor: Actor,
  now: string,
): readonly OrderedList<Found>[] {
  const adcode = seesProvince(actor) ? null : actor.countyAdcode;
  const waiting = (parties: readonly LeadParty[]) =>
    leadList(leadStore, { visibleTo: adcode, waitsFor: { parties, adcode } });
  const own = waiting(partiesOf(actor));
  const endpoints = endpointList(endpointStore, actor);
  if (!seesProvince(actor)) return [own, endpoints];
  return [own, overduePart(waiting(['source', 'host']), now), reportList(reportStore), endpoints];
}

async function itemsOf({ views }: InboxDeps, found: readonly Found[]): Promise<InboxItem[]> {
  const leads = found.flatMap((one) => (one.kind === 'lead' ? [one.lead] : []));
  const reports = found.flatMap((one) => (one.kind === 'report' ? [one.report] : []));
  const endpoints = found.flatMap((one) => (one.kind === 'endpoint' ? [one.endpoint] : []));
  const viewed = await views.viewsOf(leads);
  return [
    ...viewed.map((view): InboxItem => {
      return { kind: 'lead', dueAt: view.lead.waitsFor?.dueAt ?? null, overdue: view.overdue, view };
    }),
    ...reports.map((report): InboxItem => {
      return { kind: 'report', dueAt: null, overdue: false, report: reportViewOf(report) };
    }),
    ...endpoints.map((endpoint): InboxItem => {
      return { kind: 'endpoint', dueAt: null, overdue: false, endpoint: endpointViewOf(endpoint) };
    }),
  ];
}

/**
 * See `LeadUseCases.readInbox`. Staff get the leads that wait for their side of their county; the coordinator gets those
 * that wait for the province, those of any county whose limit has passed, and reports to be decided. Whoever manages
 * webhooks gets those of its own endpoints that were disabled. Auditors and
 * programs read along: a county's what waits for either side of it, the province's what the coordinator gets.
 * @throws AppError `invalidInput` for a bad cursor, `storeUnavailable`.
 */
export async function readInbox(
  deps: InboxDeps,
  { actor }: Caller,
  cursor: string | null,
  limit: number,
): Promise<Page<InboxItem>> {
  const now = deps.clock.now();
  const lists = seesProvince(actor) ? 4 : 2;
  const place = placeOf(cursor, lists, now);
  const page = await mergedPage(listsFor(deps, actor, place.since), bySoonest, place, limit);
  return { items: await itemsOf(deps, page.items), nextCursor: page.nextCursor };
}
