import { EVENT_TYPES, type EventType, TEST_EVENT } from '../domain/webhook.js';

type MessageType = EventType | typeof TEST_EVENT;

const AT = '2030-01-02T03:04:05.678Z';
const BASE = 'https://match.example.gov.cn/api/v1';
const NEED = 'need_0123456789abcdefghijklmn';
const LEAD = 'lead_0123456789abcdefghijklmn';
const PARK = '331102-01';

const leadLinks = { lead: `${BASE}/leads/${LEAD}` };
const lead = { leadId: LEAD, sequence: 2 };
const where = { hostAdcode: '331102', parkId: PARK };
const hold = {
  holdId: 'hold_0123456789abcdefghijklmn',
  leadId: LEAD,
  parkId: PARK,
  sequence: 7,
  kind: 'soft',
  links: { ...leadLinks, park: `${BASE}/parks/${PARK}/capacity` },
};
const amounts = { amounts: { 'parcel:A-01': 100, energyTce: 8_000, codT: 6 }, amountsTotal: 3 };
const parks = [
  { parkId: PARK, rank: 1, score: 71.4, status: 'eligible' },
  { parkId: '331023-01', rank: 2, score: 66.2, status: 'conditional' },
];
const match = {
  needId: NEED,
  needVersion: 1,
  sequence: 3,
  resultId: 'result_0123456789abcdefghijklmn',
  first: { parkId: PARK, score: 71.4 },
  previousFirst: { parkId: '331023-01', score: 68.9 },
  parks,
  rankedTotal: 2,
  label: 'leaning',
  links: { need: `${BASE}/needs/${NEED}`, matches: `${BASE}/needs/${NEED}/matches` },
};
const clock = { ...lead, stage: 'pushed', clock: 'response', dueAt: '2030-01-03T16:00:00.000Z', hostAdcode: '331102' };

const DATA: Readonly<Record<MessageType, object>> = {
  'match.created': { ...match, sequence: 1, previousFirst: null },
  'match.changed': match,
  'match.lost': { ...match, sequence: 4, first: null, parks: [], rankedTotal: 0, label: null },
  'lead.pushed': {
    ...lead,
    ...where,
    ...{ stage: 'pushed', fromStage: 'registered', fromHostAdcode: null, links: leadLinks },
  },
  'lead.stage_changed': {
    ...{ ...lead, sequence: 3 },
    ...where,
    ...{ stage: 'declined', fromStage: 'pushed', reason: 'landShort', links: leadLinks },
  },
  'lead.clock_due': { ...clock, links: leadLinks },
  'lead.overdue': { ...clock, sequence: 3, links: leadLinks },
  'hold.placed': { ...hold, until: '2030-02-01T16:00:00.000Z', ...amounts },
  'hold.expiring': { ...hold, sequence: 8, until: '2030-02-01T16:00:00.000Z' },
  'hold.released': { ...hold, sequence: 9, reason: 'expired', ...amounts },
  'park.inventory_stale': {
    parkId: PARK,
    sequence: 4,
    oldestAsOf: '2028-12-31',
    staleAfterDays: 365,
    staleFacts: ['energyTce', 'landPriceWanPerMu'],
    links: { park: `${BASE}/parks/${PARK}` },
  },
  'endpoint.test': { endpointId: 'ep_0123456789abcdefghijklmn' },
};

/** A made-up message of each type, for the document. */
export const EVENT_EXAMPLES = Object.fromEntries(
  ([...EVENT_TYPES, TEST_EVENT] as const).map((type) => [type, { type, timestamp: AT, data: DATA[type] }]),
) as Readonly<Record<MessageType, object>>;
