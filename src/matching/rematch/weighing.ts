import { CRITERIA } from '../../domain/criterion.js';
import { profileName } from '../../domain/profile.js';
import type { RobustnessLabel } from '../../domain/robustness.js';
import type { Frame } from '../frame.js';
import { seedOf } from '../robustness/random.js';
import { labelOfCount } from '../robustness/report.js';
import { type Variations, variationsFor } from '../robustness/variations.js';
import { lastPlaceAhead, NOISE, type OrderedWeightings, orderWeightings } from './ordered-weightings.js';

/** A lead that no rounding of a sum can swallow. */
const CLEAR_LEAD = 1e-9;

/** A rival of the first park that moved: by criterion, weight times its utility less the first park's. */
export interface Rival {
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** True if the first park comes before it where both score the same. */
  readonly losesTies: boolean;
}

/** How many weightings a label spans: counts of first places from `least` to `most`. */
export interface LabelSpan {
  readonly least: number;
  readonly most: number;
}

function leastCount(label: RobustnessLabel, samples: number): number {
  const reaches = (count: number) => label === 'tossUp' || ['firm', label].includes(labelOfCount(count, samples));
  let from = 0;
  let to = samples;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (reaches(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The counts under which a result carries a label. */
export function labelSpan(label: RobustnessLabel, samples: number): LabelSpan {
  const least = leastCount(label, samples);
  if (label === 'firm') return { least, most: samples };
  return { least, most: leastCount(label === 'leaning' ? 'firm' : 'leaning', samples) - 1 };
}

const orders = new WeakMap<Variations, OrderedWeightings>();

/** The weightings every need of a frame is judged by. */
export function weightingsOf(frame: Frame, samples: number): OrderedWeightings {
  const table = variationsFor(seedOf(profileName(frame.profile, false)), samples, CRITERIA.length);
  const known = orders.get(table);
  if (known !== undefined) return known;
  const made = orderWeightings(table, samples);
  orders.set(table, made);
  return made;
}

/** True if a rival with these gaps is behind under every weighting. */
export function alwaysBehind(gaps: Float64Array, losesTies: boolean): boolean {
  return gaps.every((gap) => gap <= 0) && (losesTies || gaps.some((gap) => gap < -CLEAR_LEAD));
}

/** The rivals that are not behind under every weighting, both before and after. */
export function rivalsThatCount(rivals: readonly Rival[]): readonly Rival[] {
  return rivals.filter(
    ({ before, after, losesTies }) => !(alwaysBehind(before, losesTies) && alwaysBehind(after, losesTies)),
  );
}

/** Criteria a pass over the weightings adds up. */
const PASS = 4;
/** Criteria against a rival that are added under every weighting: after them few are in question. */
const AGAINST_ALL = 2;

/** Leads by some criteria, in place order, four criteria a pass; a pass that has fewer is filled up with gap 0. */
function addLeads(table: OrderedWeightings, gaps: Float64Array, criteria: readonly number[], end: number): void {
  const { columns, scratch } = table;
  const { leads } = scratch;
  const column = (at: number) => columns[criteria[at] ?? 0] ?? leads;
  const gap = (at: number) => (at < criteria.length ? (gaps[criteria[at] ?? 0] ?? 0) : 0);
  leads.fill(0, 0, end);
  for (let at = 0; at < criteria.length; at += PASS) {
    const [a, b, c, d] = [column(at), column(at + 1), column(at + 2), column(at + 3)];
    const [ga, gb, gc, gd] = [gap(at), gap(at + 1), gap(at + 2), gap(at + 3)];
    for (let place = 0; place < end; place += 1) {
      leads[place] =
        (leads[place] ?? 0) +
        (ga * (a[place] ?? 0) + gb * (b[place] ?? 0) + gc * (c[place] ?? 0) + gd * (d[place] ?? 0));
    }
  }
}

/**
 * The places of the weightings under which a rival with these gaps may be ahead. What speaks for the rival is added
 * first, with the heaviest of what speaks against it; every other criterion against it only leaves fewer in question.
 */
export function placesAhead(table: OrderedWeightings, gaps: Float64Array): Int32Array {
  const { leads, places } = table.scratch;
  const end = lastPlaceAhead(table, gaps);
  const heaviestFirst = [...gaps.keys()].sort((x, y) => (gaps[x] ?? 0) - (gaps[y] ?? 0));
  const against = heaviestFirst.filter((criterion) => (gaps[criterion] ?? 0) < 0);
  const pro = heaviestFirst.filter((criterion) => (gaps[criterion] ?? 0) > 0);
  addLeads(table, gaps, [...pro, ...against.slice(0, AGAINST_ALL)], end);
  let open = 0;
  for (let place = 0; place < end; place += 1) {
    places[open] = place;
    open += Number((leads[place] ?? 0) >= -NOISE);
  }
  for (const criterion of against.slice(AGAINST_ALL)) {
    const column = table.columns[criterion] ?? leads;
    const gap = gaps[criterion] ?? 0;
    let kept = 0;
    for (let index = 0; index < open; index += 1) {
      const place = places[index] ?? 0;
      const lead = (leads[place] ?? 0) + gap * (column[place] ?? 0);
      leads[place] = lead;
      places[kept] = place;
      kept += Number(lead >= -NOISE);
    }
    open = kept;
  }
  return places.slice(0, open);
}

/** Whether a rival with these gaps is ahead for sure under the weighting at a place. */
function isAhead({ columns }: OrderedWeightings, gaps: Float64Array, place: number): boolean {
  let lead = 0;
  for (let criterion = 0; criterion < gaps.length; criterion += 1) {
    lead += (gaps[criterion] ?? 0) * (columns[criterion]?.[place] ?? 0);
  }
  return lead > NOISE;
}

/**
 * Under how many weightings some rival may be ahead by the gaps one way, and none is for sure by those the other way.
 * Ties count: they may fall either way.
 * @param enough counting stops beyond it.
 */
export function countTurns(
  table: OrderedWeightings,
  rivals: readonly { readonly ahead: Float64Array; readonly unless: Float64Array }[],
  enough: number,
): number {
  const seen = new Set<number>();
  let count = 0;
  for (const { ahead } of rivals) {
    for (const place of placesAhead(table, ahead)) {
      if (rivals.length > 1) {
        if (seen.has(place)) continue;
        seen.add(place);
      }
      if (rivals.some(({ unless }) => isAhead(table, unless, place))) continue;
      count += 1;
      if (count > enough) return count;
    }
  }
  return count;
}
