import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../seeds/files.js';
import { linear } from '../src/matching/bounds.js';
import { FULL_SCORE_UNITS, scoreColumns } from '../src/matching/score-columns.js';
import { type DecisionProblem, decisionProblems } from './support/decision-problems.js';
import { median } from './support/percentiles.js';
import { pythonWith } from './support/python-venv.js';

const PROBLEMS = 100;
const ALTERNATIVES = 500;
const CRITERIA = 12;
const ROUNDS = 9;
/** Times as fast as each package, at least. */
const LIMIT = 3;
const PYTHON_MS = 300_000;

type Method = 'spotis' | 'wsm';
/** What `python/mcdm.py` answers for one package and method. */
interface Theirs {
  readonly package: string;
  readonly version: string;
  readonly how: string;
  readonly method: Method;
  readonly us: number;
  readonly ranks: readonly (readonly number[])[];
}

const rows = Int32Array.from({ length: ALTERNATIVES }, (_, row) => row);
const columns = Array.from({ length: CRITERIA }, () => new Float64Array(ALTERNATIVES));
const score = new Int32Array(ALTERNATIVES);
const order = new Int32Array(ALTERNATIVES);

/** Ranks from scores: one whole number an alternative, best first, sorted. */
function ranksOf(ranks: Int32Array): void {
  for (let row = 0; row < ALTERNATIVES; row += 1) {
    order[row] = (FULL_SCORE_UNITS - (score[row] ?? 0)) * ALTERNATIVES + row;
  }
  order.sort();
  for (let place = 0; place < ALTERNATIVES; place += 1) ranks[(order[place] ?? 0) % ALTERNATIVES] = place + 1;
}

/** The raw matrix to utilities by the engine's linear criteria, into columns. */
function utilities(problem: DecisionProblem, into: readonly Float64Array[]): void {
  into.forEach((column, criterion) => {
    const [low, high] = problem.bounds[criterion] ?? [0, 1];
    const [at0, at1] = problem.types[criterion] === 1 ? [low, high] : [high, low];
    for (let row = 0; row < ALTERNATIVES; row += 1) {
      column[row] = linear(problem.matrix[row * CRITERIA + criterion] ?? 0, at0, at1);
    }
  });
}

const problems = decisionProblems(PROBLEMS, ALTERNATIVES, CRITERIA, 12);
const prepared = problems.map((problem) => {
  const own = columns.map((column) => new Float64Array(column.length));
  utilities(problem, own);
  return { problem, weights: Float64Array.from(problem.weights), own, ranks: new Int32Array(ALTERNATIVES) };
});
type Prepared = (typeof prepared)[number];

const OURS: Readonly<Record<Method, (at: Prepared) => void>> = {
  /** From the raw matrix: 1 less the SPOTIS distance. */
  spotis({ problem, weights, ranks }) {
    utilities(problem, columns);
    scoreColumns(weights, columns, rows, ALTERNATIVES, score);
    ranksOf(ranks);
  },
  /** From utilities, as the engine holds them: in columns. */
  wsm({ weights, own, ranks }) {
    scoreColumns(weights, own, rows, ALTERNATIVES, score);
    ranksOf(ranks);
  },
};

/** Median over rounds of the mean time for a problem, µs, and the ranks of every problem. */
function ours(method: Method): { readonly us: number; readonly ranks: readonly Int32Array[] } {
  const run = OURS[method];
  const round = () => {
    const start = performance.now();
    for (const at of prepared) run(at);
    return ((performance.now() - start) * 1_000) / prepared.length;
  };
  for (let warm = 0; warm < ROUNDS; warm += 1) round();
  for (const { ranks } of prepared) ranks.fill(0);
  const us = median(Array.from({ length: ROUNDS }, round));
  return { us, ranks: prepared.map(({ ranks }) => ranks.slice()) };
}

async function theirs(python: string): Promise<Theirs[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcdm-'));
  try {
    const all = new Float64Array(PROBLEMS * ALTERNATIVES * CRITERIA);
    problems.forEach(({ matrix }, at) => {
      all.set(matrix, at * matrix.length);
    });
    writeFileSync(path.join(folder, 'matrices.f64'), new Uint8Array(all.buffer));
    const given = problems.map(({ bounds, types, weights }) => ({ bounds, types, weights }));
    const task = { alternatives: ALTERNATIVES, criteria: CRITERIA, rounds: ROUNDS, problems: given };
    writeFileSync(path.join(folder, 'task.json'), JSON.stringify(task));
    // One core for both sides.
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    const script = path.join(packageRoot(), 'bench', 'python', 'mcdm.py');
    await promisify(execFile)(python, [script, folder], { timeout: PYTHON_MS, env });
    return JSON.parse(readFileSync(path.join(folder, 'answer.json'), 'utf8')) as Theirs[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sameRanks(own: readonly Int32Array[], other: Theirs['ranks']): number {
  return own.filter((ranks, at) => ranks.every((rank, row) => rank === other[at]?.[row])).length;
}

const root = packageRoot();
const found = await pythonWith(
  path.join(root, 'bench', 'python', 'requirements.txt'),
  path.join(root, '.data', 'bench-venv'),
);
if ('missing' in found) {
  process.stdout.write(`mcdm: 跳过 skipped: ${found.missing}\n`);
} else {
  const packages = await theirs(found.python);
  const mine = { spotis: ours('spotis'), wsm: ours('wsm') };
  const names = { spotis: 'SPOTIS from the raw matrix', wsm: 'weighted sum of utilities' };
  const lines = [
    `mcdm: ${PROBLEMS} matrices of ${ALTERNATIVES} x ${CRITERIA}, scores and ranks, one core, median of ${ROUNDS}; load ${loadavg()[0]?.toFixed(1)}`,
  ];
  let met = packages.length > 0;
  for (const method of ['spotis', 'wsm'] as const) {
    const { us, ranks } = mine[method];
    lines.push(`  ${names[method]}`, `    ${'ours'.padEnd(34)}${us.toFixed(1).padStart(8)} µs a matrix`);
    for (const other of packages.filter((one) => one.method === method)) {
      const ratio = other.us / us;
      const same = sameRanks(ranks, other.ranks);
      // Bare NumPy is no package that ranks: shown to tell how much of a package's time is its own.
      const judged = other.package !== 'numpy';
      if (same !== PROBLEMS || (judged && ratio < LIMIT)) met = false;
      lines.push(
        `    ${`${other.package} ${other.version}, ${other.how}`.padEnd(34)}${other.us.toFixed(1).padStart(8)} µs   ${ratio.toFixed(1)} times ours${judged ? ` (limit ${LIMIT})` : ''}, same ranks in ${same} of ${PROBLEMS}`,
      );
    }
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!met) process.exitCode = 1;
}
