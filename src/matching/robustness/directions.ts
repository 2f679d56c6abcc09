/** Rounds of the iteration: the directions need not be exact, only at right angles. */
const ROUNDS = 8;
/** A length that is only rounding. */
const NOTHING = 1e-12;

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** Makes a vector a unit vector at right angles to others, or 0; in two turns, for what rounding leaves of the first. */
function straighten(vector: Float64Array, others: readonly Float64Array[]): void {
  for (let turn = 0; turn < 2; turn += 1) {
    for (const other of others) {
      const along = product(vector, other);
      for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) - along * (other[at] ?? 0);
    }
    const length = Math.sqrt(product(vector, vector));
    const factor = length > NOTHING ? 1 / length : 0;
    for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) * factor;
  }
}

/** Vectors to start from: any will do that are unlike each other. */
function start(width: number, one: number): Float64Array {
  return Float64Array.from({ length: width }, (_, at) => (at % (one + 2) === one ? 2 : 0) + 1 / (1 + at + one));
}

/**
 * The directions along which a set of vectors reaches farthest, by orthogonal iteration (Golub & Van Loan, Matrix
 * Computations, section 8.2).
 * @param moments `width` by `width`: the sums over the vectors of the products of any two of their parts.
 * @returns `count` unit vectors at right angles to each other, one after the other; zeros where there are no more. Those
 * that are not quite the farthest ones are still at right angles.
 */
export function mainDirections(moments: Float64Array, width: number, count: number): Float64Array {
  const all = new Float64Array(count * width);
  const found = Array.from({ length: count }, (_, one) => all.subarray(one * width, (one + 1) * width));
  for (const [one, vector] of found.entries()) vector.set(start(width, one));
  for (let round = 0; round < ROUNDS; round += 1) {
    found.forEach((vector, one) => {
      const before = vector.slice();
      for (let row = 0; row < width; row += 1) {
        vector[row] = product(moments.subarray(row * width, (row + 1) * width), before);
      }
      straighten(vector, found.slice(0, one));
    });
  }
  return all;
}
