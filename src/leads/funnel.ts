import type { Lead, LeadStep } from '../domain/lead.js';
import type { FunnelBy, FunnelRow } from '../domain/lead-reports.js';
import type { IsoDate } from '../domain/provenance.js';
import { shanghaiDay } from './clocks.js';
import { LANDED_STAGES } from './move-rules.js';

/** The documented figures to compare with. */
export const FUNNEL_BASELINE = {
  pushed: 50,
  landed: 4,
  landedRate: 0.08,
  source: '义乌—莲都结对促共富报道（2024）：推送 50 个、落地 4 个；转引自项目任务书，未见原页面',
} as const;

/** Key of leads that are on no chain, and of the row that counts all. */
export const NO_CHAIN_KEY = 'none';
export const TOTAL_KEY = 'total';

/** What the funnel reads of a lead. */
export type FunnelLead = Pick<Lead, 'sourceAdcode' | 'hostAdcode' | 'scheme' | 'chainId' | 'stage' | 'history'>;

const KEY_OF: Readonly<Record<FunnelBy, (lead: FunnelLead) => string>> = {
  pair: ({ sourceAdcode, hostAdcode }) => `${sourceAdcode}-${hostAdcode}`,
  county: ({ hostAdcode }) => hostAdcode,
  scheme: ({ scheme }) => scheme,
  chain: ({ chainId }) => chainId ?? NO_CHAIN_KEY,
};

/** Days from the first push to each step reached; null where it was not. */
interface Way {
  readonly accepted: number | null;
  readonly signed: number | null;
  readonly landed: number | null;
  readonly ended: boolean;
}

const firstTo = (history: readonly LeadStep[], stages: readonly string[]) =>
  history.find(({ from, to }) => from !== to && stages.includes(to));

/** A lead's way, or null if it was not first pushed within the range. */
function wayOf(lead: FunnelLead, range: { readonly from: IsoDate; readonly to: IsoDate }): Way | null {
  const pushed = lead.history.find(({ move }) => move === 'push');
  if (pushed === undefined) return null;
  const start = shanghaiDay(pushed.at);
  if (start.date < range.from || start.date > range.to) return null;
  const days = (step: LeadStep | undefined) => (step === undefined ? null : shanghaiDay(step.at).number - start.number);
  const lastPassed = lead.history.findLastIndex(({ move }) => move === 'push' || move === 'transfer');
  const here = lead.history.slice(lastPassed);
  return {
    accepted: days(firstTo(here, ['accepted'])),
    signed: days(firstTo(here, ['signed'])),
    landed: days(firstTo(here, LANDED_STAGES)),
    ended: lead.stage === 'ended',
  };
}

/** The middle value; of an even number the mean of the two in the middle. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

function rowOf(key: string, label: string, ways: readonly Way[]): FunnelRow {
  const reached = (what: 'accepted' | 'signed' | 'landed') =>
    ways.map((way) => way[what]).filter((days) => days !== null);
  const rate = (count: number) => (ways.length === 0 ? null : count / ways.length);
  const [accepted, signed, landed] = [reached('accepted'), reached('signed'), reached('landed')];
  return {
    key,
    label,
    pushed: ways.length,
    accepted: accepted.length,
    signed: signed.length,
    landed: landed.length,
    ended: ways.filter((way) => way.ended).length,
    acceptedRate: rate(accepted.length),
    signedRate: rate(signed.length),
    landedRate: rate(landed.length),
    medianDaysToAccept: median(accepted),
    medianDaysToSign: median(signed),
    medianDaysToLand: median(landed),
  };
}

/** Counts leads one after the other, so that many can be counted without keeping them. */
export interface FunnelCounter {
  add(lead: FunnelLead): void;
  /** What was counted so far, with the rows' names. */
  rows(labels: (key: string) => string): { readonly rows: readonly FunnelRow[]; readonly total: FunnelRow };
}

/**
 * Counts leads from their histories, each once: in the period in which it was first pushed (days of Asia/Shanghai, both
 * included), under the county it is with now. Accepted, signed and landed (落地: land was supplied, which is when the
 * project has its place) mean ever reached there, whatever came after; what a county did before a transfer is not
 * credited to the next. Days run from the first push, so that time lost elsewhere is seen. Rows stand by pushed, most
 * first, then by key.
 */
export function funnelCounter(by: FunnelBy, range: { readonly from: IsoDate; readonly to: IsoDate }): FunnelCounter {
  const groups = new Map<string, Way[]>();
  const all: Way[] = [];
  return {
    add(lead) {
      const way = wayOf(lead, range);
      if (way === null) return;
      const key = KEY_OF[by](lead);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [way]);
      else group.push(way);
      all.push(way);
    },
    rows(labels) {
      const rows = [...groups].map(([key, ways]) => rowOf(key, labels(key), ways));
      rows.sort((a, b) => b.pushed - a.pushed || (a.key < b.key ? -1 : 1));
      return { rows, total: rowOf(TOTAL_KEY, labels(TOTAL_KEY), all) };
    },
  };
}

/** `funnelCounter` over leads that are at hand. */
export function funnelRows(
  leads: Iterable<FunnelLead>,
  by: FunnelBy,
  labels: (key: string) => string,
  range: { readonly from: IsoDate; readonly to: IsoDate },
): { readonly rows: readonly FunnelRow[]; readonly total: FunnelRow } {
  const counter = funnelCounter(by, range);
  for (const lead of leads) counter.add(lead);
  return counter.rows(labels);
}
