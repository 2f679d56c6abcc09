/**
 * Points are kept as whole multiples of 1/1024, so that sums are exact in any order and ties are real ties: a score is
 * a whole number of such units.
 */
export const UNITS_PER_POINT = 1_024;
/** A utility of 1 under a weight of 1. */
export const FULL_SCORE_UNITS = 100 * UNITS_PER_POINT;

const NOTHING = new Float64Array(0);

/**
 * Additive score over columns of utilities (weighted sum; with linear utilities between fixed bounds it is 1 less the
 * SPOTIS distance): each criterion's points rounded to 1/1024, then added, for the first `count` of the `rows`. Four
 * columns a pass; a pass that has fewer is filled up with weight 0.
 * @param weights by criterion, adding up to 1; criteria of weight 0 are not read.
 * @param columns utilities in [0, 1] by criterion.
 * @param out scores by row, in units of 1/1024 point.
 */
export function scoreColumns(
  weights: Float64Array,
  columns: readonly Float64Array[],
  rows: Int32Array,
  count: number,
  out: Int32Array,
): void {
  const active: number[] = [];
  for (let criterion = 0; criterion < columns.length; criterion += 1) {
    if ((weights[criterion] ?? 0) > 0) active.push(criterion);
  }
  const column = (at: number) => columns[active[at] ?? active[0] ?? 0] ?? NOTHING;
  const weight = (at: number) => (at < active.length ? (weights[active[at] ?? 0] ?? 0) * FULL_SCORE_UNITS : 0);
  for (let at = 0; at < Math.max(active.length, 1); at += 4) {
    const [a, b, c, d] = [column(at), column(at + 1), column(at + 2), column(at + 3)];
    const [wa, wb, wc, wd] = [weight(at), weight(at + 1), weight(at + 2), weight(at + 3)];
    for (let index = 0; index < count; index += 1) {
      const row = rows[index] ?? 0;
      const points =
        ((wa * (a[row] ?? 0) + 0.5) | 0) +
        ((wb * (b[row] ?? 0) + 0.5) | 0) +
        ((wc * (c[row] ?? 0) + 0.5) | 0) +
        ((wd * (d[row] ?? 0) + 0.5) | 0);
      out[row] = at === 0 ? points : (out[row] ?? 0) + points;
    }
  }
}

/** One criterion's points, in points: the same rounding as the score. */
export function pointsOf(weight: number, utility: number): number {
  return ((weight * FULL_SCORE_UNITS * utility + 0.5) | 0) / UNITS_PER_POINT;
}
