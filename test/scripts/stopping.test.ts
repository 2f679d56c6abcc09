import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isAlive, readLock, root, runProcess, tailOf } from '../../scripts/lib/index.mjs';
import { eventually, fixture, workshop } from './helpers.js';

const { folder, run, clean } = workshop();
afterAll(clean);

const running = (pid: number): boolean => isAlive({ pid });

/** Every process whose parent is `pid`, by the kernel's own list. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the servers, frees the folder and ends with 0', async (signal) => {
  const dataDir = join(folder, signal);
  const script = run(fixture('holds-servers.mjs'), [dataDir]);
  const { pids } = JSON.parse(await script.line()) as { pids: number[] };
  expect(pids).toHaveLength(2);
  expect(pids.every(running)).toBe(true);

  script.kill(signal);

  expect((await script.ended).code).toBe(0);
  expect(pids.filter(running)).toEqual([]);
  expect(readLock(join(dataDir, 'lock.json'))).toBeUndefined();
});

test('a killed script leaves no server behind, and the next one takes its folder', async () => {
  const dataDir = join(folder, 'killed');
  const first = run(fixture('holds-servers.mjs'), [dataDir]);
  const { pids } = JSON.parse(await first.line()) as { pids: number[] };

  first.kill('SIGKILL');
  const second = run(fixture('holds-servers.mjs'), [dataDir]);
  const next = JSON.parse(await second.line()) as { pids: number[] };

  expect(await eventually(() => !pids.some(running))).toBe(true);
  expect(next.pids.every(running)).toBe(true);
  second.kill('SIGTERM');
  await second.ended;
});

test('a child that ends by itself is started again, later each time, and its output is kept', async () => {
  const lines: string[] = [];
  const logFile = join(folder, 'logs', 'child.log');
  const child = runProcess({
    name: 'child',
    script: fixture('ends-at-once.mjs'),
    logFile,
    restart: true,
    onLine: (line) => lines.push(line),
  });

  expect(await eventually(() => lines.length >= 2)).toBe(true);
  await child.stop();

  expect(lines[0]).toContain('exit code 3');
  expect(lines[0]).toContain('0.25 s');
  expect(lines[1]).toContain('0.5 s');
  expect(tailOf(logFile).filter((line) => line.startsWith('started'))).toHaveLength(2);
});

test('npm start on a taken port says so at once and starts nothing', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const dataDir = join(folder, 'taken');

  const script = run(join(root, 'scripts', 'start.mjs'), [], { PORT: String(port), DATA_DIR: dataDir });
  const { code } = await script.ended;

  other.close();
  expect(code).toBe(1);
  expect(script.stdout).toContain(`port ${port} is taken`);
  expect(readLock(join(dataDir, 'lock.json'))).toBeUndefined();
});

test('npm start: ready once /readyz is 200; Ctrl-C ends API, worker and servers', async () => {
  const script = run(join(root, 'scripts', 'start.mjs'), [], {
    PORT: '0',
    DATA_DIR: join(folder, 'start'),
    MONGODB_URI: '',
    REDIS_URL: '',
  });
  const ready = await script.line((line) => line.startsWith('ready '));
  const url = /^ready (http:\/\/127\.0\.0\.1:\d+)$/.exec(ready)?.[1];
  expect(url).toBeDefined();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const children = childrenOf(script.pid);
  expect(children).toHaveLength(6);

  script.kill('SIGINT');

  expect((await script.ended).code).toBe(0);
  expect(children.filter(running)).toEqual([]);
}, 120_000);

test('a command that does not exist ends with 1 and writes nothing to standard output', async () => {
  const script = run(join(root, 'scripts', 'cli.mjs'), ['../main']);

  expect((await script.ended).code).toBe(1);
  expect(script.stdout).toBe('');
  expect(script.stderr).toContain('usage');
});
