import type { Variations } from './variations.js';

/** A criterion's variates measured from their mean by their standard deviation. */
export interface StandardColumn {
  readonly mean: number;
  /** 0 where the variates are all the same; their distances are 0 then. */
  readonly deviation: number;
  /** Squares of their distances from the mean in standard deviations, by weighting. */
  readonly squares: Float64Array;
}

/** The columns of a table, each measured by its own mean and deviation. */
export function standardColumns(table: Variations): readonly StandardColumn[] {
  return table.map((column) => {
    const mean = column.reduce((sum, one) => sum + one, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, one) => sum + (one - mean) ** 2, 0) / column.length);
    const squares = column.map((one) => (deviation > 0 ? ((one - mean) / deviation) ** 2 : 0));
    return { mean, deviation, squares };
  });
}
