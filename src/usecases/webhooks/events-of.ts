import { type Change, type PlainFacts, PROVINCE_CHAIN } from '../../domain/change.js';
import { FACTORS } from '../../domain/factors.js';
import type { EventType, WebhookEvent } from '../../domain/webhook.js';
import type { Ids } from '../../ports/ids.js';

export interface EventDeps {
  readonly ids: Pick<Ids, 'idFor'>;
  /** What links begin with, e.g. `https://match.example.gov.cn`; without it they begin with the path. */
  readonly publicUrl?: string;
}

/** Amounts of a hold that a message lists at most. */
const AMOUNTS_TOLD = 50;
const FACTS_TOLD = 50;

type Data = Readonly<Record<string, unknown>>;
type Link = (path: string) => string;

const text = (facts: PlainFacts | null, name: string): string | null => {
  const value = facts?.[name];
  return typeof value === 'string' ? value : null;
};
const number = (facts: PlainFacts | null, name: string): number | null => {
  const value = facts?.[name];
  return typeof value === 'number' ? value : null;
};
const list = (facts: PlainFacts | null, name: string): readonly (string | number)[] => {
  const value = facts?.[name];
  return Array.isArray(value) ? value : [];
};

const leadLinks = (leadId: string | null, link: Link) => ({ lead: link(`/leads/${leadId ?? ''}`) });

function leadData({ object, before, after }: Change, link: Link): Data {
  return {
    leadId: object.id,
    sequence: object.version,
    stage: text(after, 'stage') ?? '',
    fromStage: text(before, 'stage'),
    hostAdcode: text(after, 'hostAdcode'),
    parkId: text(after, 'parkId'),
    links: leadLinks(object.id, link),
  };
}

function pushedData(change: Change, link: Link): Data {
  const from = text(change.before, 'hostAdcode');
  const moved = from !== text(change.after, 'hostAdcode');
  return { ...leadData(change, link), fromHostAdcode: moved ? from : null };
}

function stageData(change: Change, link: Link): Data {
  return { ...leadData(change, link), reason: text(change.after, 'reason') };
}

function clockData({ object, after }: Change, link: Link): Data {
  return {
    leadId: object.id,
    sequence: object.version,
    stage: text(after, 'stage') ?? '',
    clock: text(after, 'clock'),
    dueAt: text(after, 'dueAt'),
    hostAdcode: text(after, 'hostAdcode'),
    links: leadLinks(object.id, link),
  };
}

function holdData({ object, before, after }: Change, link: Link): Data {
  const leadId = text(after, 'leadId');
  return {
    holdId: text(after, 'holdId'),
    leadId,
    parkId: object.id,
    sequence: object.version,
    kind: text(after, 'kind') ?? text(before, 'kind'),
    links: { ...leadLinks(leadId, link), park: link(`/parks/${object.id}/capacity`) },
  };
}

const isAmount = (name: string): boolean => name.startsWith('parcel:') || (FACTORS as readonly string[]).includes(name);

function amountsOf(facts: PlainFacts | null): Data {
  const all = Object.entries(facts ?? {}).filter(([name, value]) => isAmount(name) && typeof value === 'number');
  return { amounts: Object.fromEntries(all.slice(0, AMOUNTS_TOLD)), amountsTotal: all.length };
}

function firstPark(facts: PlainFacts | null, score: number | null): Data | null {
  const parkId = text(facts, 'firstParkId');
  return parkId === null ? null : { parkId, score };
}

function matchData({ object, before, after }: Change, link: Link): Data {
  const parks = list(after, 'parkIds').map((parkId, index) => ({
    parkId,
    rank: list(after, 'ranks')[index],
    score: list(after, 'scores')[index],
    status: list(after, 'statuses')[index],
  }));
  return {
    needId: object.id,
    needVersion: object.version,
    sequence: number(after, 'sequence') ?? object.version,
    resultId: text(after, 'resultId'),
    first: firstPark(after, parks[0] === undefined ? null : Number(parks[0].score)),
    previousFirst: firstPark(before, number(before, 'firstScore')),
    parks,
    rankedTotal: number(after, 'rankedTotal') ?? parks.length,
    label: text(after, 'label'),
    links: { need: link(`/needs/${object.id}`), matches: link(`/needs/${object.id}/matches`) },
  };
}

function staleData({ object, after }: Change, link: Link): Data {
  return {
    parkId: object.id,
    sequence: object.version,
    oldestAsOf: text(after, 'oldestAsOf'),
    staleAfterDays: number(after, 'staleAfterDays'),
    staleFacts: list(after, 'staleFacts').slice(0, FACTS_TOLD),
    links: { park: link(`/parks/${object.id}`) },
  };
}

/** What is told of each type of change, and how: everything else is nobody's to be told. */
const MAPPING: Readonly<Record<string, readonly [EventType, (change: Change, link: Link) => Data]>> = {
  'lead.pushed': ['lead.pushed', pushedData],
  // To the county it goes to, a lead that comes from another county is pushed like any other.
  'lead.transferred': ['lead.pushed', pushedData],
  'lead.accepted': ['lead.stage_changed', stageData],
  'lead.declined': ['lead.stage_changed', stageData],
  'lead.assessed': ['lead.stage_changed', stageData],
  'lead.talk_begun': ['lead.stage_changed', stageData],
  'lead.signed': ['lead.stage_changed', stageData],
  'lead.land_supplied': ['lead.stage_changed', stageData],
  'lead.construction_started': ['lead.stage_changed', stageData],
  'lead.completed': ['lead.stage_changed', stageData],
  'lead.production_started': ['lead.stage_changed', stageData],
  'lead.ended': ['lead.stage_changed', stageData],
  'lead.clock_due': ['lead.clock_due', clockData],
  'lead.overdue': ['lead.overdue', clockData],
  'hold.placed': [
    'hold.placed',
    (change, link) => ({
      ...holdData(change, link),
      until: text(change.after, 'until'),
      ...amountsOf(change.after),
    }),
  ],
  'hold.expiring': [
    'hold.expiring',
    (change, link) => ({ ...holdData(change, link), until: text(change.after, 'until') }),
  ],
  'hold.released': [
    'hold.released',
    (change, link) => ({
      ...holdData(change, link),
      reason: text(change.after, 'reason'),
      ...amountsOf(change.before),
    }),
  ],
  'match.created': ['match.created', matchData],
  'match.changed': ['match.changed', matchData],
  'match.lost': ['match.lost', matchData],
  'park.inventory_stale': ['park.inventory_stale', staleData],
};

/** Types of changes of which subscribers are told. */
export const TOLD_CHANGES: readonly string[] = Object.keys(MAPPING);

/** The bytes of a message, before they are signed. */
export function payloadOf(type: WebhookEvent['type'], at: string, data: Data): string {
  return JSON.stringify({ type, timestamp: at, data });
}

/**
 * What subscribers are told of a change: none or one event, the same for the same change. Told are the counties in whose
 * trail it stands, so that a host learns of a lead when it is pushed and not before, and the province. `data.sequence` is
 * the version the change made of its lead, of the park's capacity, of the inventory, or the need's count of results.
 */
export function eventsOf({ ids, publicUrl = '' }: EventDeps, change: Change): readonly WebhookEvent[] {
  const mapping = Object.hasOwn(MAPPING, change.type) ? MAPPING[change.type] : undefined;
  if (mapping === undefined) return [];
  const [type, dataOf] = mapping;
  const data = dataOf(change, (path) => `${publicUrl}/api/v1${path}`);
  return [
    {
      id: ids.idFor('evt', change.id),
      type,
      at: change.at,
      counties: [...new Set(change.chains)].filter((adcode) => adcode !== PROVINCE_CHAIN),
      payload: payloadOf(type, change.at, data),
    },
  ];
}
