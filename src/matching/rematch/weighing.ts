import { CRITERIA } from '../../domain/criterion.js';
import { profileName } from '../../domain/profile.js';
import type { RobustnessLabel } from '../../domain/robustness.js';
import type { Frame } from '../frame.js';
import { seedOf } from '../robustness/random.js';
import { labelOfCount } from '../robustness/report.js';
import { type Variations, variationsFor } from '../robustness/variations.js';
import { NOISE, type OrderedWeightings, orderWeightings } from './ordered-weightings.js';
import { placesAhead } from './places-ahead.js';

/** A lead that no rounding of a sum can swallow. */
const CLEAR_LEAD = 1e-9;

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

const seeds = new WeakMap<Frame, number>();

/** The seed of the weightings that every need of a frame is judged by. */
export function seedOfFrame(frame: Frame): number {
  const seed = seeds.get(frame) ?? seedOf(profileName(frame.profile, false));
  seeds.set(frame, seed);
  return seed;
}

/** The weightings of a seed. */
export function weightingsWith(seed: number, samples: number): OrderedWeightings {
  const table = variationsFor(seed, samples, CRITERIA.length);
  const known = orders.get(table);
  if (known !== undefined) return known;
  const made = orderWeightings(table, samples);
  orders.set(table, made);
  return made;
}

const ofFrames = new WeakMap<Frame, OrderedWeightings>();

/** The weightings of a frame. */
export function weightingsOf(frame: Frame, samples: number): OrderedWeightings {
  const known = ofFrames.get(frame);
  if (known?.size === samples) return known;
  const made = weightingsWith(seedOfFrame(frame), samples);
  ofFrames.set(frame, made);
  return made;
}

/** True if a rival with these gaps is behind under every weighting. */
export function alwaysBehind(gaps: Float64Array, losesTies: boolean): boolean {
  return gaps.every((gap) => gap <= 0) && (losesTies || gaps.some((gap) => gap < -CLEAR_LEAD));
}

/** Whether a rival with these gaps is ahead for sure under the weighting at a place. */
function isAhead({ rows, width }: OrderedWeightings, gaps: Float64Array, place: number): boolean {
  let lead = 0;
  for (let criterion = 0; criterion < gaps.length; criterion += 1) {
    lead += (gaps[criterion] ?? 0) * (rows[place * width + criterion] ?? 0);
  }
  return lead > NOISE;
}

/**
 * Under how many weightings a rival may be ahead by the gaps one way, and none is for sure by those the other way. Ties
 * count: they may fall either way.
 * @param ahead gaps of each rival that may be ahead; `unless`: gaps of all rivals.
 * @param enough counting stops beyond it.
 */
export function countTurns(
  table: OrderedWeightings,
  ahead: readonly Float64Array[],
  unless: readonly Float64Array[],
  enough: number,
): number {
  const { places } = table.scratch;
  const seen = new Set<number>();
  let count = 0;
  for (const gaps of ahead) {
    const found = placesAhead(table, gaps);
    for (let at = 0; at < found; at += 1) {
      const place = places[at] ?? 0;
      if (unless.some((other) => isAhead(table, other, place))) continue;
      if (ahead.length > 1) {
        if (seen.has(place)) continue;
        seen.add(place);
      }
      count += 1;
      if (count > enough) return count;
    }
  }
  return count;
}
