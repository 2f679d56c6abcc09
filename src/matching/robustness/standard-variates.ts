import type { Variations } from './variations.js';

/** A criterion's variates measured from their mean by their standard deviation. */
export interface StandardColumn {
  readonly mean: number;
  /** 0 where the variates are all the same; their distances are 0 then. */
  readonly deviation: number;
  /** Distances from the mean in standard deviations, by weighting. */
  readonly apart: Float64Array;
  /** The same squared. */
  readonly squares: Float64Array;
}

const known = new WeakMap<Float64Array, StandardColumn>();

function standardised(column: Float64Array): StandardColumn {
  const size = column.length;
  const mean = column.reduce((sum, one) => sum + one, 0) / size;
  const deviation = Math.sqrt(column.reduce((sum, one) => sum + (one - mean) ** 2, 0) / size);
  const apart = column.map((one) => (deviation > 0 ? (one - mean) / deviation : 0));
  return { mean, deviation, apart, squares: apart.map((one) => one * one) };
}

/** The columns of a table, each measured by its own mean and deviation; remembered as long as the column is. */
export function standardColumns(table: Variations): readonly StandardColumn[] {
  return table.map((column) => {
    const made = known.get(column) ?? standardised(column);
    known.set(column, made);
    return made;
  });
}
