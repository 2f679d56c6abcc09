import { addScores, addScoresOfTwo, BLOCK } from './scores.js';
import type { StandardColumn } from './standard-variates.js';

/** Directions that leads are worked out along, exactly; what is left is bounded. */
export const DIRECTIONS = 6;
/** Numbers kept of each weighting: how far it goes along each direction, and at right angles to all of them. */
const KEPT = DIRECTIONS + 1;
/** Parts that the first directions are split into: cells are made of them. */
const PARTS = [8, 4, 4] as const;
const SPLIT = PARTS.length;
/** Parts that a cell's weightings are ordered by: those of the greatest length at right angles to the first directions. */
const LENGTHS = 16;
const CELLS = PARTS.reduce((product: number, parts) => product * parts, 1);
/** Steps a range is counted in where it is split into parts that hold about equally many. */
const STEPS = 256;
/** Far above the rounding of the sums here, and far below any lead that matters for the time it takes. */
const ROUNDING = 1e-9;

/**
 * Weightings sorted into cells by where they lie along some directions. A lead g'v under a weighting v is the lead in
 * the mean and h'z, with h the gaps times the deviations and z the weighting in standard deviations from the mean. Along
 * the directions h'z is worked out; the rest is at most the length of the rest of h times that of the rest of z (Cauchy
 * and Schwarz). Of a cell, the ends along the directions it is made of and its greatest rest bound it as a whole.
 */
export interface DirectionCells {
  /** `DIRECTIONS` unit vectors at right angles, `width` long. */
  readonly along: Float64Array;
  readonly width: number;
  /** Where the weightings of each cell begin, and one more. */
  readonly from: Int32Array;
  /** Cell by cell: the weightings, `KEPT` numbers of each, and the lead a park needs there. */
  readonly samples: Int32Array;
  readonly kept: Float64Array;
  readonly needed: Float64Array;
  /** By cell: least and greatest along each of the first directions, in turn. */
  readonly ends: readonly Float64Array[];
  /** At right angles to the first directions, a length no weighting from there to the end of its cell exceeds. */
  readonly reach: Float64Array;
  /** The same by cell. */
  readonly rest: Float64Array;
  /** By cell: the least lead needed. */
  readonly least: Float64Array;
  /** Room for one search: the cells that are open, and the weightings found. */
  readonly open: Int32Array;
  /** Of the open cells: what a length at right angles to the first directions has to make up for. */
  readonly lacks: Float64Array;
  readonly found: Int32Array;
}

/** No less than the root of a square that is known but for rounding. */
function lengthOf(square: number): number {
  return Math.sqrt(Math.max(0, square) + ROUNDING) * (1 + ROUNDING);
}

/** The part each value is in, of `parts` that hold about equally many; adds them to the cells so far. */
function splitCells(values: Float64Array, parts: number, cellOf: Int32Array): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = high > low ? (STEPS - 1) / (high - low) : 0;
  const counts = new Int32Array(STEPS);
  for (let at = 0; at < values.length; at += 1) {
    const step = (((values[at] ?? 0) - low) * scale) | 0;
    counts[step] = (counts[step] ?? 0) + 1;
  }
  const partOf = new Int32Array(STEPS);
  let before = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const count = counts[step] ?? 0;
    partOf[step] = Math.min(parts - 1, Math.floor(((before + count / 2) * parts) / values.length));
    before += count;
  }
  for (let at = 0; at < values.length; at += 1) {
    const step = (((values[at] ?? 0) - low) * scale) | 0;
    cellOf[at] = (cellOf[at] ?? 0) * parts + (partOf[step] ?? 0);
  }
}

/** How far each weighting goes along each direction, and the square of its length; by weighting. */
function project(columns: readonly StandardColumn[], along: Float64Array, size: number) {
  const width = columns.length;
  const apart = columns.map((column) => column.apart);
  const squares = columns.map((column) => column.squares);
  const ones = new Float64Array(width).fill(1);
  const far = Array.from({ length: DIRECTIONS }, () => new Float64Array(size));
  const square = new Float64Array(size);
  for (let base = 0; base < size; base += BLOCK) {
    const count = Math.min(BLOCK, size - base);
    const part = (values: Float64Array) => values.subarray(base, base + count);
    for (let one = 0; one < DIRECTIONS; one += 2) {
      const [first = square, second = square] = [far[one], far[one + 1]];
      addScoresOfTwo(apart, along, width, [one, one + 1], base, count, [part(first), part(second)]);
    }
    addScores(squares, ones, width, 0, base, count, part(square));
  }
  return { far, square };
}

/** The square of what is left of each weighting's length at right angles to the first directions. */
function leftBeyond(square: Float64Array, far: readonly Float64Array[], directions: number): Float64Array {
  const left = square.slice();
  for (const values of far.slice(0, directions)) {
    for (let at = 0; at < left.length; at += 1) left[at] = (left[at] ?? 0) - (values[at] ?? 0) ** 2;
  }
  return left;
}

/** Lays values of the weightings down at their places, one in `step` cells from `first` on. */
function layDown(values: Float64Array, placeOf: Int32Array, out: Float64Array, first: number, step: number): void {
  for (let sample = 0; sample < values.length; sample += 1) {
    out[(placeOf[sample] ?? 0) * step + first] = values[sample] ?? 0;
  }
}

/** The least, or the greatest, in each cell of values of the weightings. */
function extreme(values: Float64Array, cellOf: Int32Array, greatest: boolean): Float64Array {
  const out = new Float64Array(CELLS).fill(greatest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  for (let sample = 0; sample < values.length; sample += 1) {
    const cell = cellOf[sample] ?? 0;
    const value = values[sample] ?? 0;
    const known = out[cell] ?? 0;
    if (greatest ? value > known : value < known) out[cell] = value;
  }
  return out;
}

/**
 * Sorts weightings into cells.
 * @param columns the criteria's variates.
 * @param along `mainDirections` of gaps times deviations, `DIRECTIONS` of them.
 * @param size how many weightings there are.
 */
export function directionCells(columns: readonly StandardColumn[], along: Float64Array, size: number): DirectionCells {
  const { far, square } = project(columns, along, size);
  const cellOf = new Int32Array(size);
  for (const [one, parts] of PARTS.entries()) splitCells(far[one] ?? square, parts, cellOf);
  const left = leftBeyond(square, far, SPLIT);
  const orderOf = cellOf.slice();
  splitCells(
    left.map((one) => -one),
    LENGTHS,
    orderOf,
  );
  const next = new Int32Array(CELLS * LENGTHS + 1);
  for (let sample = 0; sample < size; sample += 1) {
    const after = (orderOf[sample] ?? 0) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let at = 0; at < CELLS * LENGTHS; at += 1) next[at + 1] = (next[at + 1] ?? 0) + (next[at] ?? 0);
  const from = Int32Array.from({ length: CELLS + 1 }, (_, cell) => next[cell * LENGTHS] ?? 0);
  const [samples, placeOf] = [new Int32Array(size), new Int32Array(size)];
  const longest = new Float64Array(LENGTHS);
  for (let sample = 0; sample < size; sample += 1) {
    const order = orderOf[sample] ?? 0;
    const place = next[order] ?? 0;
    next[order] = place + 1;
    samples[place] = sample;
    placeOf[sample] = place;
    const part = order % LENGTHS;
    if ((left[sample] ?? 0) > (longest[part] ?? 0)) longest[part] = left[sample] ?? 0;
  }
  const lengths = longest.map(lengthOf);
  const reach = new Float64Array(size);
  for (let sample = 0; sample < size; sample += 1)
    reach[placeOf[sample] ?? 0] = lengths[(orderOf[sample] ?? 0) % LENGTHS] ?? 0;
  const kept = new Float64Array(size * KEPT);
  for (const [one, values] of far.entries()) layDown(values, placeOf, kept, one, KEPT);
  layDown(leftBeyond(square, far, DIRECTIONS).map(lengthOf), placeOf, kept, DIRECTIONS, KEPT);
  return {
    ...{ along, width: columns.length, from, samples, kept, needed: new Float64Array(size) },
    ends: far.slice(0, SPLIT).flatMap((values) => [extreme(values, cellOf, false), extreme(values, cellOf, true)]),
    reach,
    rest: Float64Array.from({ length: CELLS }, (_, cell) => reach[from[cell] ?? 0] ?? 0),
    least: new Float64Array(CELLS),
    open: new Int32Array(CELLS + 1),
    lacks: new Float64Array(CELLS + 1),
    found: new Int32Array(size),
  };
}

/** Raises the leads that are needed, by weighting, to what they have become. */
export function raiseNeeded({ from, samples, needed, least }: DirectionCells, by: Float64Array): void {
  for (let cell = 0; cell < CELLS; cell += 1) {
    const to = from[cell + 1] ?? 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let place = from[cell] ?? 0; place < to; place += 1) {
      const value = by[samples[place] ?? 0] ?? 0;
      needed[place] = value;
      if (value < lowest) lowest = value;
    }
    least[cell] = lowest;
  }
}

/** Gaps along the directions, and the lengths of what is left beyond the first and beyond all of them. */
function turned({ along, width }: DirectionCells, gaps: Float64Array) {
  const parts = new Float64Array(DIRECTIONS);
  const left = gaps.slice();
  for (let one = 0; one < DIRECTIONS; one += 1) {
    let part = 0;
    for (let at = 0; at < width; at += 1) part += (gaps[at] ?? 0) * (along[one * width + at] ?? 0);
    for (let at = 0; at < width; at += 1) left[at] = (left[at] ?? 0) - part * (along[one * width + at] ?? 0);
    parts[one] = part;
  }
  const square = left.reduce((sum, one) => sum + one * one, 0);
  const beyond = parts.reduce((sum, one, at) => (at < SPLIT ? sum : sum + one * one), square);
  const length = (value: number) => Math.sqrt(value) * (1 + ROUNDING) + ROUNDING * ROUNDING;
  return { parts, beyondAll: length(square), beyondFirst: length(beyond) };
}

/**
 * Finds the weightings under which a park may have the lead it needs. Without branches in the loops: which weightings
 * are kept is as good as random.
 * @param gaps of the park, by criterion, each times the criterion's deviation.
 * @param lead in the mean of all weightings.
 * @returns how many they are; `found` holds them until the next search.
 */
export function findOpen(cells: DirectionCells, gaps: Float64Array, lead: number): number {
  const { from, samples, kept, needed, ends, reach, rest, least, open, lacks, found } = cells;
  const { parts, beyondAll, beyondFirst } = turned(cells, gaps);
  const [p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5 = 0] = parts;
  const start = lead + ROUNDING;
  const end = (one: number, part: number) => ends[one * 2 + (part > 0 ? 1 : 0)] ?? rest;
  const [e0, e1, e2] = [end(0, p0), end(1, p1), end(2, p2)];
  let opened = 0;
  for (let cell = 0; cell < CELLS; cell += 1) {
    const most = start + p0 * (e0[cell] ?? 0) + p1 * (e1[cell] ?? 0) + p2 * (e2[cell] ?? 0);
    const lacking = (least[cell] ?? 0) - most;
    open[opened] = cell;
    lacks[opened] = lacking;
    opened += lacking <= beyondFirst * (rest[cell] ?? 0) ? 1 : 0;
  }
  let count = 0;
  for (let at = 0; at < opened; at += 1) {
    const cell = open[at] ?? 0;
    const to = from[cell + 1] ?? 0;
    const lacking = lacks[at] ?? 0;
    for (let place = from[cell] ?? 0; place < to; place += 1) {
      if (beyondFirst * (reach[place] ?? 0) < lacking) break;
      const own = place * KEPT;
      const most =
        start +
        (p0 * (kept[own] ?? 0) + p1 * (kept[own + 1] ?? 0) + p2 * (kept[own + 2] ?? 0)) +
        (p3 * (kept[own + 3] ?? 0) + p4 * (kept[own + 4] ?? 0) + p5 * (kept[own + 5] ?? 0)) +
        beyondAll * (kept[own + 6] ?? 0);
      found[count] = samples[place] ?? 0;
      count += most >= (needed[place] ?? 0) ? 1 : 0;
    }
  }
  return count;
}
