import { uniform } from './random.js';

/** Weightings drawn for a result. */
export const SAMPLES = 10_000;

/**
 * How the weightings are spread. Every weighting is the profile's weight of each criterion times a gamma variate of
 * this shape and mean 1, rescaled to add up to 1. The variate's coefficient of variation is 1 / sqrt(shape).
 * - `around` (shape 4): each weight moves by about 50 % of itself, whatever its size. With equal weights this is the
 *   Dirichlet distribution with all parameters 4.
 * - `uniform` (shape 1) with equal weights: the uniform distribution on the simplex, the case of no preference at all
 *   (Tervonen & Lahdelma 2007, section 3.1).
 * A gamma variate of whole shape is a sum of exponential ones, so no draw is ever rejected, and one table serves every
 * profile and every set of criteria: leaving criteria out only means leaving columns out.
 */
export const SPREAD = { around: 4, uniform: 1 } as const;

/** Gamma variates with mean 1, a column of `samples` for each criterion. */
export type Variations = readonly Float64Array[];

/** Draws a table of variates. The same arguments give the same table. */
export function drawVariations(
  seed: number,
  samples: number,
  columns: number,
  shape: number = SPREAD.around,
): Variations {
  const random = uniform(seed);
  const table = Array.from({ length: columns }, () => new Float64Array(samples));
  for (let sample = 0; sample < samples; sample += 1) {
    for (const column of table) {
      let product = 1;
      for (let part = 0; part < shape; part += 1) product *= random();
      column[sample] = -Math.log(product) / shape;
    }
  }
  return table;
}

/** Tables kept at hand: one for each profile in use. */
const KEPT = 4;
const tables = new Map<string, Variations>();

/** As `drawVariations`, from memory where the same table was asked for lately. */
export function variationsFor(seed: number, samples: number, columns: number): Variations {
  const key = `${seed}/${samples}/${columns}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = drawVariations(seed, samples, columns);
  const [oldest] = tables.keys();
  if (tables.size >= KEPT && oldest !== undefined) tables.delete(oldest);
  tables.set(key, table);
  return table;
}
