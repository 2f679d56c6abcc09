/**
 * Cuts what is to be written into pieces that go in one command each: none weighs more than the limit, unless it is a
 * single item. Their order stays.
 */
export function inCommands<T>(items: readonly T[], limit: number, weightOf: (item: T) => number): readonly T[][] {
  const pieces: T[][] = [];
  let piece: T[] = [];
  let weight = 0;
  for (const item of items) {
    const own = weightOf(item);
    if (piece.length === 0 || weight + own > limit) {
      piece = [];
      weight = 0;
      pieces.push(piece);
    }
    piece.push(item);
    weight += own;
  }
  return pieces;
}
