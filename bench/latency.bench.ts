import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Scripts from '../scripts/lib/index.mjs';
import { packageRoot } from '../seeds/files.js';
import { signIn } from '../src/cli/sign-in.js';
import { cpuTimeMs } from './support/cpu-time.js';
import { runRound } from './support/open-loop.js';
import { percentile } from './support/percentiles.js';

const RATES = [1, 50];
const SECONDS = Number(process.env['LATENCY_SECONDS'] ?? 30);
/** p95 at the highest rate, ms. */
const LIMIT_MS = 150;
/**
 * Needs sent before measuring: with the first ones the snapshot, the text analysis and the connections are made, and the
 * processes compile what they run often. A service that has been up for a minute is what is measured, not its start.
 */
const WARM_UP = { perSecond: 25, seconds: 12 };

const root = packageRoot();
// The scripts are plain Node and not compiled: found from the package's folder, wherever this file was compiled to.
const { accounts, seed, startApp }: typeof Scripts = await import(
  pathToFileURL(path.join(root, 'scripts/lib/index.mjs')).href
);

const folder = path.join(root, 'seeds', 'examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name): Record<string, unknown> => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));

/** The examples in turn, each need with a size of its own. */
function bodyOf(number: number): string {
  return JSON.stringify({ ...examples[number % examples.length], workers: 20 + (number % 480) });
}

/** What the measured processes and the load generator used so far, by name. */
function cpuTimes(pids: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(
    Object.entries(pids).flatMap(([name, pid]) => {
      const ms = cpuTimeMs(pid);
      return ms === null ? [] : [[name, ms] as const];
    }),
  );
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const figure = (ms: number): string => ms.toFixed(1).padStart(8);

const dataDir = process.env['DATA_DIR'];
if (dataDir === undefined || process.env['MONGODB_URI'] === undefined || process.env['REDIS_URL'] === undefined) {
  write('run it with: npm run bench -- latency');
  process.exit(1);
}
const password = randomBytes(12).toString('base64url');
const env = {
  ...process.env,
  LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
  DEMO_MODE: 'true',
  DEMO_PASSWORD: password,
};
await seed(env);
await accounts('demo', env);
const app = await startApp({ env, dataDir, port: 0 });
const servers: Record<string, number> = JSON.parse(process.env['SERVER_PIDS'] ?? '{}');
const pids = { api: app.api.pid, worker: app.worker.pid, ...servers, load: process.pid };
let missed = false;
try {
  const session = { url: app.url, headers: await signIn(app.url, 'demo-province', password) };
  await runRound(session, WARM_UP.perSecond, WARM_UP.seconds, bodyOf);
  write(
    `POST to ready, ${SECONDS} s each, ${cpus().length} cores, load average before ${loadavg()[0]?.toFixed(2)}; ms`,
  );
  write('  needs/s      p50      p95      p99      max   202 p95   sent  ready  errors  lost  kB each');
  for (const rate of RATES) {
    const cpuBefore = cpuTimes(pids);
    const { sent, readyMs, acceptedMs, errors, lost, bytes } = await runRound(session, rate, SECONDS, bodyOf);
    const p95 = percentile(readyMs, 0.95);
    const kinds = [...errors].map(([what, count]) => `${what}: ${count}`).join(', ');
    const failures = [...errors.values()].reduce((sum, count) => sum + count, 0);
    write(
      `  ${String(rate).padStart(7)} ${figure(percentile(readyMs, 0.5))} ${figure(p95)} ${figure(percentile(readyMs, 0.99))} ` +
        `${figure(percentile(readyMs, 1))}  ${figure(percentile(acceptedMs, 0.95))} ${String(sent).padStart(6)} ` +
        `${String(readyMs.length).padStart(6)} ${String(failures).padStart(7)} ${String(lost).padStart(5)} ` +
        `${(bytes / 1024 / Math.max(1, readyMs.length)).toFixed(0).padStart(8)}${kinds === '' ? '' : `  (${kinds})`}`,
    );
    const cpu = [...cpuTimes(pids)].map(([name, ms]) => [name, (ms - (cpuBefore.get(name) ?? 0)) / sent] as const);
    if (cpu.length > 0) {
      const sum = cpu.reduce((total, [, ms]) => total + ms, 0);
      const shares = cpu.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ');
      write(`          processor time a need: ${sum.toFixed(1)} ms (${shares})`);
    }
    if (lost > 0 || failures > 0 || readyMs.length < sent) missed = true;
    if (rate === Math.max(...RATES) && !(p95 < LIMIT_MS)) missed = true;
  }
  write(
    `  limit        p95 under ${LIMIT_MS} at ${Math.max(...RATES)} needs/s, none lost: ${missed ? 'MISSED' : 'held'}`,
  );
} finally {
  await app.stop();
}
process.exitCode = missed ? 1 : 0;
