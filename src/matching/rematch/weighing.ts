import { CRITERIA } from '../../domain/criterion.js';
import { profileName } from '../../domain/profile.js';
import type { RobustnessLabel } from '../../domain/robustness.js';
import type { Frame } from '../frame.js';
import { seedOf } from '../robustness/random.js';
import { labelOfCount } from '../robustness/report.js';
import { type Variations, variationsFor } from '../robustness/variations.js';

/** Weightings judged at once: their running leads stay in the fastest cache. */
const BLOCK = 512;
/** Scores are sums of a dozen products of about 1: leads closer than this may fall either way by rounding. */
const NOISE = 1e-12;
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

/** The weightings every need of a frame is judged by, a column for each criterion. */
export function weightingsOf(frame: Frame, samples: number): Variations {
  return variationsFor(seedOf(profileName(frame.profile, false)), samples, CRITERIA.length);
}

/** True if the rival is behind under every weighting. */
function alwaysBehind(gaps: Float64Array, losesTies: boolean): boolean {
  return gaps.every((gap) => gap <= 0) && (losesTies || gaps.some((gap) => gap < -CLEAR_LEAD));
}

/** The rivals that are not behind under every weighting, both before and after. */
export function rivalsThatCount(rivals: readonly Rival[]): readonly Rival[] {
  return rivals.filter(
    ({ before, after, losesTies }) => !(alwaysBehind(before, losesTies) && alwaysBehind(after, losesTies)),
  );
}

/** Adds the leads of one side of a rival under a block of weightings. */
function addLeads(table: Variations, gaps: Float64Array, base: number, size: number, out: Float64Array): void {
  for (let column = 0; column < gaps.length; column += 1) {
    const gap = gaps[column] ?? 0;
    const variates = table[column];
    if (gap === 0 || variates === undefined) continue;
    for (let index = 0; index < size; index += 1) out[index] = (out[index] ?? 0) + gap * (variates[base + index] ?? 0);
  }
}

/** Raises a mark where a rival may be ahead (1) or is for sure (3); the stronger mark stays. */
function markAhead(leads: Float64Array, size: number, marks: Uint8Array): void {
  for (let index = 0; index < size; index += 1) {
    const lead = leads[index] ?? 0;
    marks[index] = (marks[index] ?? 0) | (Number(lead >= -NOISE) + 2 * Number(lead > NOISE));
  }
}

/** Under how many weightings the first park may have lost or won its place by what its rivals did. */
export interface Turns {
  readonly lost: number;
  readonly won: number;
}

/**
 * Counts the weightings under which a rival may be ahead now and none was for sure before (lost), and the other way
 * round (won). Ties count both ways. Stops early once both allowances are overdrawn or one that matters is.
 * @param allowed counts beyond which the caller does not care.
 */
export function countTurns(table: Variations, samples: number, rivals: readonly Rival[], allowed: Turns): Turns {
  const leads = new Float64Array(BLOCK);
  const [was, is] = [new Uint8Array(BLOCK), new Uint8Array(BLOCK)];
  const changes = rivals.map(({ before, after }) => after.map((gap, column) => gap - (before[column] ?? 0)));
  let lost = 0;
  let won = 0;
  for (let base = 0; base < samples && lost <= allowed.lost && won <= allowed.won; base += BLOCK) {
    const size = Math.min(BLOCK, samples - base);
    was.fill(0);
    is.fill(0);
    rivals.forEach(({ before }, index) => {
      leads.fill(0);
      addLeads(table, before, base, size, leads);
      markAhead(leads, size, was);
      addLeads(table, changes[index] ?? before, base, size, leads);
      markAhead(leads, size, is);
    });
    for (let index = 0; index < size; index += 1) {
      const [before, after] = [was[index] ?? 0, is[index] ?? 0];
      lost += Number(after > 0 && before < 3);
      won += Number(before > 0 && after < 3);
    }
  }
  return { lost, won };
}
