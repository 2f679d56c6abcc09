import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { FunnelBy } from '../../domain/lead-reports.js';
import type { IsoDate } from '../../domain/provenance.js';
import type { ReferenceData } from '../../domain/reference.js';
import { type Scheme, schemeRef } from '../../domain/scheme.js';
import { dayNumber, isIsoDate, isoDate } from '../../domain/units.js';
import { shanghaiDay } from '../../leads/clocks.js';
import { FUNNEL_BASELINE, type FunnelCounter, funnelCounter, NO_CHAIN_KEY, TOTAL_KEY } from '../../leads/funnel.js';
import type { Clock } from '../../ports/clock.js';
import type { LeadStore } from '../../ports/lead-store.js';
import type { SchemeStore } from '../../ports/scheme-store.js';
import type { FunnelView } from '../lead-use-cases.js';
import type { ReferenceCache } from '../reference-cache.js';

/** Leads one funnel looks at, newest first. */
export const FUNNEL_LEADS_MAX = 20_000;

/** Large, for a server without indexes goes through all leads for each page. */
const PAGE = 1_000;
/** After so long the event loop gets its turn. */
const TURN_MS = 8;
/** After so long a request answers with what it has seen. */
const PATIENCE_MS = 5_000;
/** A lead is counted when it is pushed, which can be after it was registered: by no more than this. */
const REGISTERED_BEFORE_DAYS = 366;

export interface FunnelDeps {
  readonly leadStore: Pick<LeadStore, 'list'>;
  readonly schemeStore: Pick<SchemeStore, 'all'>;
  readonly references: ReferenceCache;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
}

/** The day in Asia/Shanghai of a day or of a moment (UTC ISO 8601). */
function dayOf(text: string, field: string): IsoDate {
  if (isIsoDate(text)) return text;
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new AppError('invalidInput', { issues: [{ field, code: 'notADate' }] });
  }
  return shanghaiDay(text).date;
}

/** Names of the funnel's rows: of counties, schemes and chains as the reference and the schemes have them. */
function labelsFor(by: FunnelBy, { counties, chains }: ReferenceData, schemes: readonly Scheme[]) {
  const countyName = new Map(counties.map(({ adcode, name }) => [adcode, name]));
  const nameOf = (adcode: string) => countyName.get(adcode) ?? adcode;
  const chainName = new Map(chains.map(({ id, name }) => [id, name]));
  const schemeName = new Map(schemes.map((scheme) => [schemeRef(scheme), `${scheme.title}（第${scheme.version}版）`]));
  const labels: Readonly<Record<FunnelBy, (key: string) => string>> = {
    pair: (key) => key.split('-').map(nameOf).join('—'),
    county: nameOf,
    scheme: (key) => schemeName.get(key) ?? key,
    chain: (key) => (key === NO_CHAIN_KEY ? '未归入产业链' : (chainName.get(key) ?? key)),
  };
  return (key: string) => (key === TOTAL_KEY ? '合计' : labels[by](key));
}

/** Counts the leads registered in the time, newest first; gives whether there were more. */
async function countAll(
  { leadStore, clock }: FunnelDeps,
  filter: Parameters<LeadStore['list']>[0],
  counter: FunnelCounter,
): Promise<boolean> {
  let looked = 0;
  let cursor: string | null = null;
  const until = clock.monotonicMs() + PATIENCE_MS;
  let turnEnds = clock.monotonicMs() + TURN_MS;
  do {
    const page = await leadStore.list(filter, cursor, Math.min(PAGE, FUNNEL_LEADS_MAX - looked));
    for (const lead of page.items) counter.add(lead);
    looked += page.items.length;
    cursor = page.nextCursor;
    if (clock.monotonicMs() >= turnEnds) {
      await clock.sleep(0);
      turnEnds = clock.monotonicMs() + TURN_MS;
    }
  } while (cursor !== null && looked < FUNNEL_LEADS_MAX && clock.monotonicMs() < until);
  return cursor !== null;
}

/**
 * See `LeadUseCases.readFunnel`. Counts the leads the caller may see that were first pushed from the day of `from` to the
 * day of `to` (Asia/Shanghai, both included) and registered at most a year before. Looks at the newest FUNNEL_LEADS_MAX
 * registered in that time, for at most PATIENCE_MS; `truncated` tells that there were more.
 * @throws AppError `invalidInput` (from, to), `storeUnavailable`.
 */
export async function readFunnel(
  deps: FunnelDeps,
  { actor }: Caller,
  input: { readonly by: FunnelBy; readonly from: string; readonly to: string },
): Promise<FunnelView> {
  const range = { from: dayOf(input.from, 'from'), to: dayOf(input.to, 'to') };
  if (range.from > range.to) {
    const issue = { field: 'to', code: 'dateTooEarly', value: range.to, limit: range.from };
    throw new AppError('invalidInput', { issues: [issue] });
  }
  const earliest = Math.max(0, dayNumber(range.from) - REGISTERED_BEFORE_DAYS);
  const filter = {
    visibleTo: actor.role === 'coordinator' ? null : actor.countyAdcode,
    from: `${isoDate(earliest)}T00:00:00.000Z`,
    to: `${range.to}T15:59:59.999Z`,
  };
  const counter = funnelCounter(input.by, range);
  const [{ data }, schemes, truncated] = await Promise.all([
    deps.references.current(),
    deps.schemeStore.all(),
    countAll(deps, filter, counter),
  ]);
  const { rows, total } = counter.rows(labelsFor(input.by, data, schemes));
  return { by: input.by, ...range, rows, total, baseline: FUNNEL_BASELINE, counted: total.pushed, truncated };
}
