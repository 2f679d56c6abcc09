// AssemblyScript: `npm run kernel` compiles it to ../rank-counts-code.ts. Counts ranks four weightings at a time, in
// pairs of lanes. Sums are added up criterion by criterion in fours, which tests hold to the bit.

/** Weightings in hand at once. */
const LANES: i32 = 4;
const CRITERIA_MAX: i32 = 16;
/** Bytes of the four weightings' variates of one criterion. */
const STEP: usize = 32;

/** Variates of the weightings in hand, criterion by criterion. */
const VARIATES: usize = memory.data(CRITERIA_MAX * LANES * 8, 16);
/** The three best scores and parks of each weighting in hand, rank by rank. */
const BEST: usize = memory.data(3 * LANES * 8, 16);
const WHO: usize = memory.data(3 * LANES * 4, 16);

/** What is counted, as the host lays it down: 32 bits each, places in memory or numbers. */
@unmanaged
class Task {
  /** Places of the variates of each criterion, a multiple of four of them. */
  columns: usize;
  width: i32;
  samples: i32;
  /** Weighted utilities, park by park, an even number of parks, and the number each park goes by. */
  rows: usize;
  ids: usize;
  parks: i32;
  /** Stands for no park: above all numbers that are counted. */
  none: i32;
  /** Ranks that are counted, and how many stand before them. */
  depth: i32;
  before: i32;
  /** The profile's weights, by criterion. */
  weights: usize;
  /** Counts by park, and sums of normalised weightings by park and criterion; added to. */
  first: usize;
  firstThree: usize;
  sums: usize;
}

/** Puts a park among the best three of one weighting where it belongs; equal scores go by the lower number. */
function insert(lane: i32, score: f64, park: i32): void {
  const best = BEST + ((<usize>lane) << 3);
  const who = WHO + ((<usize>lane) << 2);
  const third = load<f64>(best, 64);
  if (score < third || (score === third && park > load<i32>(who, 32))) return;
  const second = load<f64>(best, 32);
  if (score < second || (score === second && park > load<i32>(who, 16))) {
    store<f64>(best, score, 64);
    store<i32>(who, park, 32);
    return;
  }
  store<f64>(best, second, 64);
  store<i32>(who, load<i32>(who, 16), 32);
  const first = load<f64>(best);
  if (score < first || (score === first && park > load<i32>(who))) {
    store<f64>(best, score, 32);
    store<i32>(who, park, 16);
    return;
  }
  store<f64>(best, first, 32);
  store<i32>(who, load<i32>(who), 16);
  store<f64>(best, score);
  store<i32>(who, park);
}

function insertPair(lane: i32, scores: v128, park: i32): void {
  insert(lane, f64x2.extract_lane(scores, 0), park);
  insert(lane + 1, f64x2.extract_lane(scores, 1), park);
}

/** Takes the next weightings in hand, with no park among their best. */
function take(task: Task, sample: i32): void {
  for (let at = 0; at < task.width; at += 1) {
    const from = <usize>load<u32>(task.columns + ((<usize>at) << 2)) + ((<usize>sample) << 3);
    const to = VARIATES + <usize>at * STEP;
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
  for (let rank = 0; rank < 3; rank += 1) {
    for (let lane = 0; lane < LANES; lane += 1) {
      const at = <usize>(rank * LANES + lane);
      store<f64>(BEST + (at << 3), -Infinity);
      store<i32>(WHO + (at << 2), task.none);
    }
  }
}

/** Scores all parks, two at a time, under the weightings in hand and keeps the best three. */
function rank(task: Task): void {
  const width = task.width;
  const fours = width & ~3;
  const rowBytes = (<usize>width) << 3;
  let least = v128.load(BEST, 64);
  let least2 = v128.load(BEST, 80);
  let row = task.rows;
  for (let place = 0; place < task.parks; place += 2) {
    const next = row + rowBytes;
    let one = f64x2.splat(0);
    let one2 = one;
    let two = one;
    let two2 = one;
    let at: i32 = 0;
    for (; at < fours; at += 4) {
      const v = VARIATES + <usize>at * STEP;
      const r = row + ((<usize>at) << 3);
      const n = next + ((<usize>at) << 3);
      let x = v128.load(v);
      let x2 = v128.load(v, 16);
      let a = v128.load_splat<f64>(r);
      let b = v128.load_splat<f64>(n);
      let p = f64x2.mul(a, x);
      let p2 = f64x2.mul(a, x2);
      let q = f64x2.mul(b, x);
      let q2 = f64x2.mul(b, x2);
      x = v128.load(v, 32);
      x2 = v128.load(v, 48);
      a = v128.load_splat<f64>(r, 8);
      b = v128.load_splat<f64>(n, 8);
      p = f64x2.add(p, f64x2.mul(a, x));
      p2 = f64x2.add(p2, f64x2.mul(a, x2));
      q = f64x2.add(q, f64x2.mul(b, x));
      q2 = f64x2.add(q2, f64x2.mul(b, x2));
      x = v128.load(v, 64);
      x2 = v128.load(v, 80);
      a = v128.load_splat<f64>(r, 16);
      b = v128.load_splat<f64>(n, 16);
      p = f64x2.add(p, f64x2.mul(a, x));
      p2 = f64x2.add(p2, f64x2.mul(a, x2));
      q = f64x2.add(q, f64x2.mul(b, x));
      q2 = f64x2.add(q2, f64x2.mul(b, x2));
      x = v128.load(v, 96);
      x2 = v128.load(v, 112);
      a = v128.load_splat<f64>(r, 24);
      b = v128.load_splat<f64>(n, 24);
      one = f64x2.add(one, f64x2.add(p, f64x2.mul(a, x)));
      one2 = f64x2.add(one2, f64x2.add(p2, f64x2.mul(a, x2)));
      two = f64x2.add(two, f64x2.add(q, f64x2.mul(b, x)));
      two2 = f64x2.add(two2, f64x2.add(q2, f64x2.mul(b, x2)));
    }
    for (; at < width; at += 1) {
      const v = VARIATES + <usize>at * STEP;
      const x = v128.load(v);
      const x2 = v128.load(v, 16);
      const a = v128.load_splat<f64>(row + ((<usize>at) << 3));
      const b = v128.load_splat<f64>(next + ((<usize>at) << 3));
      one = f64x2.add(one, f64x2.mul(a, x));
      one2 = f64x2.add(one2, f64x2.mul(a, x2));
      two = f64x2.add(two, f64x2.mul(b, x));
      two2 = f64x2.add(two2, f64x2.mul(b, x2));
    }
    const comes = v128.or(f64x2.ge(one, least), f64x2.ge(one2, least2));
    const comes2 = v128.or(f64x2.ge(two, least), f64x2.ge(two2, least2));
    if (v128.any_true(v128.or(comes, comes2))) {
      const ids = task.ids + ((<usize>place) << 2);
      insertPair(0, one, load<i32>(ids));
      insertPair(2, one2, load<i32>(ids));
      insertPair(0, two, load<i32>(ids, 4));
      insertPair(2, two2, load<i32>(ids, 4));
      least = v128.load(BEST, 64);
      least2 = v128.load(BEST, 80);
    }
    row = next + rowBytes;
  }
}

/** Adds one to the count of a park. */
function addOne(counts: usize, park: i32): void {
  const count = counts + ((<usize>park) << 2);
  store<i32>(count, load<i32>(count) + 1);
}

/** Adds a weighting, normalised, to the sums of a park. */
function addWeighting(task: Task, lane: i32, park: i32): void {
  const width = task.width;
  const fours = width & ~3;
  const own = VARIATES + ((<usize>lane) << 3);
  let total: f64 = 0;
  let at: i32 = 0;
  for (; at < fours; at += 4) {
    const v = own + <usize>at * STEP;
    const w = task.weights + ((<usize>at) << 3);
    total +=
      load<f64>(w) * load<f64>(v) +
      load<f64>(w, 8) * load<f64>(v, 32) +
      load<f64>(w, 16) * load<f64>(v, 64) +
      load<f64>(w, 24) * load<f64>(v, 96);
  }
  for (; at < width; at += 1) {
    total += load<f64>(task.weights + ((<usize>at) << 3)) * load<f64>(own + <usize>at * STEP);
  }
  const share: f64 = 1 / total;
  const sums = task.sums + <usize>park * <usize>width * 8;
  for (at = 0; at < width; at += 1) {
    const sum = sums + ((<usize>at) << 3);
    const weight = load<f64>(task.weights + ((<usize>at) << 3)) * load<f64>(own + <usize>at * STEP);
    store<f64>(sum, load<f64>(sum) + weight * share);
  }
}

/** Adds up who stands where under one of the weightings in hand. */
function tally(task: Task, lane: i32): void {
  for (let rank = 0; rank < task.depth; rank += 1) {
    const park = load<i32>(WHO + ((<usize>(rank * LANES + lane)) << 2));
    if (park >= task.none) continue;
    addOne(task.firstThree, park);
    if (rank + task.before > 0) continue;
    addOne(task.first, park);
    addWeighting(task, lane, park);
  }
}

/** Counts a task. */
export function count(task: Task): void {
  for (let sample = 0; sample < task.samples; sample += LANES) {
    take(task, sample);
    rank(task);
    for (let lane = 0; lane < min(LANES, task.samples - sample); lane += 1) tally(task, lane);
  }
}

/** Where the host may lay things down. */
export function free(): usize {
  return __heap_base;
}
