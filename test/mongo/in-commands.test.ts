import { describe, expect, it } from 'vitest';
import { inCommands } from '../../src/mongo/in-commands.js';

const cut = (weights: readonly number[], limit: number) => inCommands(weights, limit, (weight) => weight);

describe('inCommands', () => {
  it.each([
    [[], []],
    [[3], [[3]]],
    [[4, 6], [[4, 6]]],
    [
      [4, 6, 1],
      [[4, 6], [1]],
    ],
    [
      [1, 9, 9, 1],
      [
        [1, 9],
        [9, 1],
      ],
    ],
    [
      [1, 25, 2, 3],
      [[1], [25], [2, 3]],
    ],
  ])('cuts %j by a limit of 10', (weights, pieces) => {
    expect(cut(weights, 10)).toEqual(pieces);
  });
});
