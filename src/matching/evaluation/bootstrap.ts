/** Resamples of an interval, the share it covers, and the seed they are drawn with. */
export const RESAMPLES = 2_000;
export const COVERAGE = 0.95;
export const SEED = 20_240_821;

/** Numbers in [0, 1) from a seed: mulberry32, a public-domain generator by Tommy Ettinger. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The quantile of ascending numbers, linear between neighbours (type 7 of Hyndman & Fan 1996). */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const at = (ascending.length - 1) * share;
  const below = ascending[Math.floor(at)] ?? 0;
  const above = ascending[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * Percentile bootstrap intervals (Efron & Tibshirani 1993, chapter 13) of the means of several columns over the same
 * cases. Every resample draws cases with replacement, the same for all columns. The same seed gives the same intervals.
 * @param columns one value a case in each; all of one length, not empty.
 */
export function meanIntervals(
  columns: readonly (readonly number[])[],
  resamples: number = RESAMPLES,
  seed: number = SEED,
): readonly (readonly [number, number])[] {
  const cases = columns[0]?.length ?? 0;
  const random = seeded(seed);
  const means = columns.map(() => new Float64Array(resamples));
  const sums = new Float64Array(columns.length);
  for (let resample = 0; resample < resamples; resample += 1) {
    sums.fill(0);
    for (let drawn = 0; drawn < cases; drawn += 1) {
      const picked = Math.floor(random() * cases);
      for (const [index, column] of columns.entries()) sums[index] = (sums[index] ?? 0) + (column[picked] ?? 0);
    }
    for (const [index, column] of means.entries()) column[resample] = (sums[index] ?? 0) / cases;
  }
  const tail = (1 - COVERAGE) / 2;
  return means.map((column) => {
    const ascending = column.sort();
    return [quantile(ascending, tail), quantile(ascending, 1 - tail)] as const;
  });
}
