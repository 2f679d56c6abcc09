import { compileNeed } from '../src/matching/compile-need.js';
import { evaluate } from '../src/matching/evaluate.js';
import { compileFrame } from '../src/matching/frame.js';
import { rank } from '../src/matching/rank.js';
import { compileSnapshot, type Snapshot } from '../src/matching/snapshot.js';
import { createWorkspace } from '../src/matching/workspace.js';
import { median } from './support/percentiles.js';
import {
  seeded,
  syntheticNeeds,
  syntheticParks,
  syntheticReference,
  syntheticText,
  TODAY,
} from './support/synthetic.js';

const NEEDS = 1_000;
const PARKS = 500;
const TOP = 20;
const ROUNDS = 9;
const LIMIT = 6;

/** A bare dot product of 12 terms for every park over 12 of the engine's own columns. */
function dotProducts(columns: readonly Float64Array[], weights: Float64Array, out: Float64Array): void {
  const [a, b, c, d, e, f, g, h, i, j, k, l] = columns as Float64Array[];
  if (!(a && b && c && d && e && f && g && h && i && j && k && l)) throw new RangeError('12 columns');
  const w = weights;
  for (let row = 0; row < out.length; row += 1) {
    out[row] =
      (w[0] ?? 0) * (a[row] ?? 0) +
      (w[1] ?? 0) * (b[row] ?? 0) +
      (w[2] ?? 0) * (c[row] ?? 0) +
      (w[3] ?? 0) * (d[row] ?? 0) +
      (w[4] ?? 0) * (e[row] ?? 0) +
      (w[5] ?? 0) * (f[row] ?? 0) +
      (w[6] ?? 0) * (g[row] ?? 0) +
      (w[7] ?? 0) * (h[row] ?? 0) +
      (w[8] ?? 0) * (i[row] ?? 0) +
      (w[9] ?? 0) * (j[row] ?? 0) +
      (w[10] ?? 0) * (k[row] ?? 0) +
      (w[11] ?? 0) * (l[row] ?? 0);
  }
}

const reference = syntheticReference(1);
const parks = syntheticParks(reference, PARKS, 2);
const frame = compileFrame(reference, parks, TODAY);
const snapshot: Snapshot = compileSnapshot(frame, parks, 'bench');
const random = seeded(3);
const needs = syntheticNeeds(reference, NEEDS, 4).map((need) => ({
  need,
  text: syntheticText(frame.graph.links.length, frame.counties.length, random),
}));
const work = createWorkspace(snapshot.size);
const out = new Float64Array(PARKS);

/** Keeps the optimiser honest: what was computed is used. */
let sink = 0;

function engineMs(): number {
  const start = performance.now();
  for (const { need, text } of needs) {
    const compiled = compileNeed(frame, need, text);
    evaluate(snapshot, compiled, work);
    sink += rank(work, TOP).rows[0] ?? 0;
  }
  return performance.now() - start;
}

function dotMs(): number {
  const weights = Float64Array.from({ length: 12 }, (_, index) => (index + 1) / 78);
  const start = performance.now();
  for (let need = 0; need < NEEDS; need += 1) {
    weights[0] = need / NEEDS;
    dotProducts(work.utilities, weights, out);
    sink += out[need % PARKS] ?? 0;
  }
  return performance.now() - start;
}

engineMs();
dotMs();
const pairs = NEEDS * PARKS;
const rounds = Array.from({ length: ROUNDS }, () => {
  const engine = engineMs();
  const dot = dotMs();
  return { engine, dot, ratio: engine / dot };
});
const ratio = median(rounds.map((round) => round.ratio));
const engine = median(rounds.map((round) => round.engine));
const dot = median(rounds.map((round) => round.dot));
const memory = process.memoryUsage();
const lines = [
  `engine: ${NEEDS} needs x ${PARKS} parks, gates + utilities + top ${TOP}, one thread, median of ${ROUNDS}`,
  `  engine       ${engine.toFixed(1)} ms   ${((engine / pairs) * 1e6).toFixed(1)} ns/pair   ${((pairs / engine) * 1e-3).toFixed(2)} M pairs/s`,
  `  12-term dot  ${dot.toFixed(1)} ms   ${((dot / pairs) * 1e6).toFixed(1)} ns/pair`,
  `  ratio        ${ratio.toFixed(2)} (limit ${LIMIT})`,
  `  memory       ${(memory.rss / 2 ** 20).toFixed(0)} MB resident, ${(memory.heapUsed / 2 ** 20).toFixed(0)} MB heap, ${(memory.arrayBuffers / 2 ** 20).toFixed(1)} MB columns`,
];
process.stdout.write(`${lines.join('\n')}\n${sink === 0 ? ' ' : ''}`);
if (ratio > LIMIT) process.exitCode = 1;
