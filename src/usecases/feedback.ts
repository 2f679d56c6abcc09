import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import { type ExcludedPark, GATES, type Gate, type MatchResult } from '../domain/match.js';
import type { ParkStore } from '../ports/park-store.js';
import type { ReferenceCache } from './reference-cache.js';
import { type ScanDeps, type ScanEnd, scanResults } from './scan-results.js';

/** Parks named for one factor. */
const PARKS_SHOWN = 20;

/** What a single factor cost a county. */
export interface FactorFeedback {
  readonly gate: Gate;
  /** Needs from which this gate alone kept at least one park of the county out. */
  readonly needs: number;
  /** Of these, needs in which no park of the county was in. */
  readonly keptCountyOut: number;
  /** Of `needs`, those in which a park of the county would have been first had it met this gate, and none was. */
  readonly wouldRank1: number;
  /** Of what was missing, over needs and parks; null where the gate has no figures. */
  readonly medianShortfall: number | null;
  readonly unit: string | null;
  /** The parks it kept out, with the number of needs; most needs first. */
  readonly parks: readonly { readonly parkId: string; readonly needs: number }[];
}

/** Which single factor would have won a county the most open needs. */
export interface FeedbackView extends ScanEnd {
  readonly county: { readonly adcode: Adcode; readonly name: string };
  readonly totals: {
    /** Needs with a result. */
    readonly needs: number;
    /** A park of the county is in; in how many of these one is first. */
    readonly ranked: number;
    readonly rankedFirst: number;
    /** Every park of the county is out. */
    readonly excludedEverywhere: number;
    /** None of its parks is listed as in, and not all are listed as out: results list only so many parks. */
    readonly unclear: number;
  };
  /** Most first places won first, then most needs, then in the order of GATES. */
  readonly factors: readonly FactorFeedback[];
}

interface Tally {
  needs: number;
  keptCountyOut: number;
  wouldRank1: number;
  readonly shortfalls: number[];
  unit: string | null;
  readonly parks: Map<string, number>;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : Math.round(((upper + lower) / 2) * 10_000) / 10_000;
}

/** Adds up what the results say of one county's parks. */
function counter(adcode: Adcode, parkIds: readonly string[]) {
  const totals = { needs: 0, ranked: 0, rankedFirst: 0, excludedEverywhere: 0, unclear: 0 };
  const tallies = new Map<Gate, Tally>();

  function count(
    gate: Gate,
    parks: readonly ExcludedPark[],
    standing: { readonly out: boolean; readonly first: boolean },
  ) {
    const fresh: Tally = { needs: 0, keptCountyOut: 0, wouldRank1: 0, shortfalls: [], unit: null, parks: new Map() };
    const tally = tallies.get(gate) ?? fresh;
    tallies.set(gate, tally);
    tally.needs += 1;
    if (standing.out) tally.keptCountyOut += 1;
    if (!standing.first && parks.some(({ ifMet }) => ifMet?.rank === 1)) tally.wouldRank1 += 1;
    for (const { park, gates } of parks) {
      tally.parks.set(park.id, (tally.parks.get(park.id) ?? 0) + 1);
      const report = gates.find((one) => one.gate === gate && one.outcome === 'fail');
      if (report === undefined || report.shortfall === null) continue;
      tally.shortfalls.push(report.shortfall);
      tally.unit = report.unit === 'date' ? 'day' : report.unit;
    }
  }

  return {
    look(result: MatchResult): void {
      const out = result.excluded.filter(({ park }) => park.county.adcode === adcode);
      const outIds = new Set(out.map(({ park }) => park.id));
      const listed = result.ranked.some(({ park }) => park.county.adcode === adcode);
      const allListed = result.excluded.length === result.excludedTotal;
      const everywhere = parkIds.length > 0 && parkIds.every((id) => outIds.has(id));
      const ranked = listed || (allListed && parkIds.some((id) => !outIds.has(id)));
      const first = result.ranked[0]?.park.county.adcode === adcode;
      totals.needs += 1;
      if (ranked) totals.ranked += 1;
      else if (everywhere) totals.excludedEverywhere += 1;
      else totals.unclear += 1;
      if (first) totals.rankedFirst += 1;
      const single = out.filter(({ ifMet }) => (ifMet ?? null) !== null);
      for (const gate of new Set(single.map(({ ifMet }) => ifMet?.gate))) {
        if (gate === undefined) continue;
        const parks = single.filter(({ ifMet }) => ifMet?.gate === gate);
        count(gate, parks, { out: everywhere, first });
      }
    },
    totals,
    factors(): FactorFeedback[] {
      return [...tallies]
        .map(([gate, tally]) => ({
          gate,
          needs: tally.needs,
          keptCountyOut: tally.keptCountyOut,
          wouldRank1: tally.wouldRank1,
          medianShortfall: median(tally.shortfalls),
          unit: tally.unit,
          parks: [...tally.parks]
            .map(([parkId, needs]) => ({ parkId, needs }))
            .sort((a, b) => b.needs - a.needs || (a.parkId < b.parkId ? -1 : 1))
            .slice(0, PARKS_SHOWN),
        }))
        .sort(
          (a, b) => b.wouldRank1 - a.wouldRank1 || b.needs - a.needs || GATES.indexOf(a.gate) - GATES.indexOf(b.gate),
        );
    },
  };
}

export interface FeedbackDeps extends ScanDeps {
  readonly references: ReferenceCache;
  readonly parkStore: Pick<ParkStore, 'all'>;
}

/** See `UseCases.readFeedback`. */
export async function readFeedback(
  deps: FeedbackDeps,
  countyAdcode: Adcode,
  cursor: string | null,
  limit: number,
): Promise<FeedbackView> {
  const { data } = await deps.references.current();
  const county = data.counties.find(({ adcode }) => adcode === countyAdcode);
  if (county === undefined) throw new AppError('notFound', { params: { what: 'county' } });
  const parks = (await deps.parkStore.all()).filter((park) => park.countyAdcode === county.adcode);
  const counts = counter(
    county.adcode,
    parks.map(({ id }) => id),
  );
  const scan = await scanResults(deps, cursor, limit, counts.look);
  return {
    county: { adcode: county.adcode, name: county.name },
    totals: counts.totals,
    factors: counts.factors(),
    ...scan,
  };
}
