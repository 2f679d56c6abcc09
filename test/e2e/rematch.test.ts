import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { call, matchesOf, needOf, postNeed, readyMatchesOf } from '../support/api-client.js';
import { variedNeed } from '../support/example-needs.js';
import { until } from '../support/real-clock.js';
import { type Stack, startStack } from '../support/stack.js';

const historySchema = z.object({
  items: z.array(
    z.looseObject({
      changes: z.array(z.looseObject({ kind: z.string(), parkId: z.string().nullable(), fact: z.string().nullable() })),
      fromResultId: z.string().nullable(),
      toResultId: z.string(),
    }),
  ),
});
const runSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  total: z.number(),
  done: z.number(),
  changed: z.number(),
  percent: z.number(),
});
type Run = z.infer<typeof runSchema>;

const NEEDS = 90;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ SWEEP_EVERY_MS: '300', SWEEP_AGE_MS: '500' });
}, 120_000);
afterAll(() => stack?.close());

async function historyOf(id: string): Promise<z.infer<typeof historySchema>['items']> {
  return historySchema.parse((await call(`${stack.url}/api/v1/needs/${id}/history`)).body).items;
}

async function emptyPark(parkId: string): Promise<void> {
  const park = await call(`${stack.url}/api/v1/parks/${parkId}`);
  const patched = await call(`${stack.url}/api/v1/parks/${parkId}/inventory`, {
    method: 'PATCH',
    headers: { 'if-match': park.headers.get('etag') ?? '' },
    body: { parcels: [] },
  });
  expect(patched.status).toBe(200);
}

async function startRun(): Promise<Run> {
  const answer = await call(`${stack.url}/api/v1/jobs/rematch`, { method: 'POST', body: {} });
  expect([200, 201, 202]).toContain(answer.status);
  return runSchema.parse(answer.body);
}

async function runOf(id: string): Promise<Run> {
  return runSchema.parse((await call(`${stack.url}/api/v1/jobs/rematch/${id}`)).body);
}

/** What each need points at and how many steps its history has, straight from the store. */
async function stored(): Promise<{ results: Map<string, string>; steps: number; resultCount: number }> {
  const connection = await mongoose.createConnection(stack.mongoUri).asPromise();
  try {
    const needs = await connection
      .collection<{ _id: string; matching: { resultId: string } }>('needs')
      .find({}, { projection: { matching: 1 } })
      .toArray();
    return {
      results: new Map(needs.map(({ _id, matching }) => [_id, matching.resultId])),
      steps: await connection.collection('needHistory').countDocuments(),
      resultCount: await connection.collection('results').countDocuments(),
    };
  } finally {
    await connection.close();
  }
}

describe('rematching as a real process', () => {
  it('an inventory edit changes the answer and the history of the need it touches, and leaves another alone', {
    timeout: 120_000,
  }, async () => {
    const touched = needOf(await postNeed(stack.url, variedNeed(1))).id;
    const first = (await readyMatchesOf(stack.url, touched)).ranked[0];
    if (first === undefined) throw new Error('nothing ranked');
    // A firm that rents a workshop: land is nothing to it.
    const { land: _land, floorAreaM2: _floor, ...rest } = variedNeed(2);
    const landless = { ...rest, land: { minMu: 0 }, workshopM2: 500 };
    const other = needOf(await postNeed(stack.url, landless)).id;
    const before = await readyMatchesOf(stack.url, other);

    const began = performance.now();
    await emptyPark(first.park.id);
    await until(async () => {
      const view = await matchesOf(stack.url, touched, 0);
      return view.status === 'ready' && view.ranked.every(({ park }) => park.id !== first.park.id);
    }, 60_000);
    process.stdout.write(`edit to changed answer ${((performance.now() - began) / 1_000).toFixed(2)} s\n`);

    const [step] = await historyOf(touched);
    expect(step?.fromResultId).not.toBe(step?.toResultId);
    expect(step?.changes.some(({ kind, parkId }) => kind === 'park' && parkId === first.park.id)).toBe(true);
    expect(await matchesOf(stack.url, other, 0)).toEqual(before);
    expect(await historyOf(other)).toHaveLength(1);
  });

  it('a run that is killed half-way goes on and ends as one that was not', { timeout: 180_000 }, async () => {
    const ids: string[] = [];
    for (let number = 0; number < NEEDS; number += 1) {
      ids.push(needOf(await postNeed(stack.url, variedNeed(100 + number))).id);
    }
    for (const id of ids) await readyMatchesOf(stack.url, id);
    const before = await stored();

    const run = await startRun();
    await until(async () => (await runOf(run.id)).state === 'running', 60_000);
    await stack.parts.rematching.end('SIGKILL');
    const half = await runOf(run.id);
    expect(half.state).toBe('running');
    expect(half.percent).toBeLessThan(100);
    await stack.parts.rematching.start();
    await until(async () => (await runOf(run.id)).state === 'done', 60_000);
    const done = await runOf(run.id);
    expect(done).toMatchObject({ done: done.total, percent: 100, changed: 0 });
    expect(done.total).toBeGreaterThanOrEqual(NEEDS);
    // No fact has changed: nothing was stored, neither before the end of the process nor after it.
    expect(await stored()).toEqual(before);

    const again = await startRun();
    expect(again.id).not.toBe(run.id);
    await until(async () => (await runOf(again.id)).state === 'done', 60_000);
    expect(await stored()).toEqual(before);
  });
});
