import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePort, isPortFree, readLock, tryLock, withLock } from '../../scripts/lib/index.mjs';
import { fixture, workshop } from './helpers.js';

const { folder, run, clean } = workshop();
afterAll(clean);

const got = (line: string): { got: boolean; left: number | null } => JSON.parse(line);

test('a lock held by a living process is refused and names its holder', async () => {
  const file = join(folder, 'held.json');
  const other = run(fixture('takes-lock.mjs'), [file]);
  expect(got(await other.line())).toEqual({ got: true, left: null });

  const { lock, holder } = tryLock(file);

  expect(lock).toBeUndefined();
  expect(holder).toMatchObject({ pid: other.pid, purpose: 'fixture' });
});

test('the lock of a killed process is taken over, and tells whom it was taken from', async () => {
  const file = join(folder, 'stale.json');
  const other = run(fixture('takes-lock.mjs'), [file]);
  await other.line();
  other.kill('SIGKILL');
  await other.ended;

  const { lock, left } = tryLock(file);

  expect(left?.pid).toBe(other.pid);
  expect(readLock(file)?.pid).toBe(process.pid);
  lock?.release();
  expect(readLock(file)).toBeUndefined();
});

test('a pid that now belongs to another program does not keep a lock', () => {
  const file = join(folder, 'reused.json');
  writeFileSync(file, JSON.stringify({ pid: process.pid, ticks: '1', id: 'old' }));

  const { lock } = tryLock(file);

  expect(lock).toBeDefined();
  lock?.release();
});

test('of eight processes after one stale lock exactly one gets it', async () => {
  const file = join(folder, 'race.json');
  writeFileSync(file, JSON.stringify({ pid: 2 ** 30, id: 'dead' }));

  const racers = Array.from({ length: 8 }, () => run(fixture('takes-lock.mjs'), [file]));
  const answers = await Promise.all(racers.map(async (racer) => got(await racer.line()).got));

  expect(answers.filter(Boolean)).toHaveLength(1);
});

test('withLock lets one at a time in, and frees the lock after a fault', async () => {
  const file = join(folder, 'turns.json');
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} in`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(`${name} out`);
  };

  await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
  await expect(
    withLock(file, async () => {
      throw new Error('fault');
    }),
  ).rejects.toThrow('fault');

  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out']);
  expect(readLock(file)).toBeUndefined();
});

test('free ports differ, are free, and lie below those the kernel gives to clients', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));

  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(await isPortFree(ports[0] ?? 0)).toBe(true);
});
