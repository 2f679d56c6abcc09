import { describe, expect, it } from 'vitest';
import { compileNeed } from '../../src/matching/compile-need.js';
import { evaluate } from '../../src/matching/evaluate.js';
import { liveRows } from '../../src/matching/rank.js';
import { createRowFigures, judgeRow } from '../../src/matching/row-figures.js';
import { createWorkspace } from '../../src/matching/workspace.js';
import { makeWorld } from './rematch/world.js';

const PARKS = 60;

describe('judgeRow', () => {
  it.each([1, 2, 3, 4])('gives each park the numbers of the whole evaluation, to the bit, world %d', (seed) => {
    const world = makeWorld(seed, PARKS, 40);
    const work = createWorkspace(PARKS);
    const figures = createRowFigures();
    let snapshot = world.snapshot;
    let [live, open] = [0, 0];
    for (let step = 0; step < 12; step += 1) {
      for (const { need, text } of world.needs) {
        const compiled = compileNeed(snapshot.frame, need, text);
        evaluate(snapshot, compiled, work);
        const lives = new Set(liveRows(work));
        const differing: unknown[] = [];
        for (let row = 0; row < PARKS; row += 1) {
          judgeRow(snapshot, compiled, row, figures);
          if (figures.live !== lives.has(row)) differing.push({ row, live: figures.live });
          if (!figures.live) continue;
          live += 1;
          if (figures.open !== 0) open += 1;
          const expected = compiled.weights.map((weight, at) =>
            weight > 0 ? weight * (work.utilities[at]?.[row] ?? 0) : 0,
          );
          const same = expected.every((value, at) => value === figures.weighted[at]);
          if (!same || figures.open !== work.open[row] || figures.score !== work.score[row]) differing.push({ row });
        }
        expect(differing).toEqual([]);
      }
      snapshot = world.next();
    }
    expect(live).toBeGreaterThan(1_000);
    expect(open).toBeGreaterThan(20);
  });
});
