import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureBuild } from '../../scripts/lib/index.mjs';
import { WorkersHealthProbe } from '../../src/queue/heartbeat.js';
import { afterThisTest, type Bench, makeBench } from '../queue/redis.js';
import { needIdOf } from '../support/conformance/records.js';
import { realClock, until } from '../support/real-clock.js';

const fixture = fileURLToPath(new URL('./fixtures/slow-worker.mjs', import.meta.url));

interface Child {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly log: () => string;
  exited(): Promise<number | string | null>;
}

function startChild(bench: Bench, env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [fixture], {
    env: {
      PATH: process.env['PATH'] ?? '',
      REDIS_URL: inject('redisUrl'),
      QUEUE_PREFIX: bench.prefix,
      GRACE_MS: '5000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exit = once(child, 'exit');
  afterThisTest(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exit;
  });
  return {
    process: child,
    lines,
    log: () => log,
    async exited() {
      const [code, signal] = await exit;
      return code ?? signal;
    },
  };
}

const job = { needId: needIdOf(1), version: 1 };

describe('the process of a matching worker', () => {
  beforeAll(async () => {
    await ensureBuild();
  });

  it('finishes the job in hand after SIGTERM and exits 0', async () => {
    const bench = await makeBench();
    const child = startChild(bench, { SLOW_MS: '800' });
    await bench.queue.enqueue(job);
    await bench.queue.enqueue({ ...job, version: 2 });
    await until(() => child.lines.includes(`began ${job.needId}`), 30_000);
    child.process.kill('SIGTERM');
    expect(await child.exited()).toBe(0);
    expect(child.lines).toEqual([`began ${job.needId}`, `finished ${job.needId}`]);
    expect(await bench.bull.getJobCounts('waiting', 'active', 'failed')).toEqual({ waiting: 1, active: 0, failed: 0 });
  });

  it('exits 1 when the job in hand outlasts the grace time, and at once on a second signal', async () => {
    const bench = await makeBench();
    const [late, hurried] = [{ GRACE_MS: '200' }, { GRACE_MS: '60000' }].map((env) =>
      startChild(bench, { SLOW_MS: '60000', ...env }),
    );
    if (late === undefined || hurried === undefined) throw new Error('no children');
    await bench.queue.enqueue(job);
    await bench.queue.enqueue({ ...job, version: 2 });
    await until(() => late.lines.length === 1 && hurried.lines.length === 1, 30_000);
    late.process.kill('SIGTERM');
    hurried.process.kill('SIGINT');
    await until(() => hurried.log().includes('"stopping"'));
    hurried.process.kill('SIGTERM');
    expect(await hurried.exited()).toBe(1);
    expect(await late.exited()).toBe(1);
  });

  it('leaves its job to another worker when it is killed, within 10 seconds', async () => {
    const bench = await makeBench();
    const probe = new WorkersHealthProbe(bench.producer, bench.prefix, 'match', realClock);
    const killed = startChild(bench, { SLOW_MS: '60000' });
    await bench.queue.enqueue(job);
    await until(() => killed.lines.length === 1, 30_000);
    await until(() => probe.check(500));
    killed.process.kill('SIGKILL');
    expect(await killed.exited()).toBe('SIGKILL');
    const other = startChild(bench, { SLOW_MS: '10' });
    await until(() => other.lines.includes(`finished ${job.needId}`), 30_000);
  });

  it('exits 1 on a fault that nobody handled, and logs where, not what', async () => {
    const bench = await makeBench();
    const child = startChild(bench, { SLOW_MS: '10', FAULT: 'yes' });
    expect(await child.exited()).toBe(1);
    expect(child.log()).toContain('fault that nobody handled');
    expect(child.log()).not.toContain('某某公司');
  });
});
