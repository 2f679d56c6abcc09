import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { matchViewSchema } from '../../src/http/match-view.js';
import { call, matchesOf, needOf, postNeed, problemOf, readyMatchesOf } from '../support/api-client.js';
import { EXAMPLE_FILES, EXAMPLES, variedNeed } from '../support/example-needs.js';
import { realClock, until } from '../support/real-clock.js';
import { runMatch } from '../support/run-cli.js';
import { type Stack, startStack, statusOf } from '../support/stack.js';

const readinessSchema = z.object({
  checks: z.object({ mongo: z.boolean(), redis: z.boolean(), workers: z.boolean() }),
});
const listSchema = z.object({ items: z.array(z.object({ need: z.object({ title: z.string() }) })) });

let stack: Stack;
beforeAll(async () => {
  // A quick sweep: what is tested is that it happens, not how long it waits.
  stack = await startStack({ SWEEP_EVERY_MS: '300', SWEEP_AGE_MS: '500' });
}, 120_000);
afterAll(() => stack?.close());

async function readiness(): Promise<{ status: number; checks: z.infer<typeof readinessSchema>['checks'] }> {
  const answer = await call(`${stack.url}/readyz`);
  return { status: answer.status, checks: readinessSchema.parse(answer.body).checks };
}

async function titles(): Promise<string[]> {
  const answer = await call(`${stack.url}/api/v1/needs?limit=100`);
  return listSchema.parse(answer.body).items.map(({ need }) => need.title);
}

describe('the service as real processes', () => {
  it('takes each example need and answers with ranked and explained parks, the same as the command line', async () => {
    for (const [index, example] of EXAMPLES.entries()) {
      const posted = await postNeed(stack.url, example);
      expect(posted.status).toBe(202);
      const { id, status } = needOf(posted);
      expect(status).toBe('pending');
      expect(posted.headers.get('location')).toBe(`/api/v1/needs/${id}`);

      const view = await readyMatchesOf(stack.url, id);
      expect(view.needId).toBe(id);
      expect(view.rankedTotal).toBeGreaterThan(0);
      expect(view.rankedTotal + view.excludedTotal).toBeGreaterThanOrEqual(45);
      expect(view.ranked.map(({ rank }) => rank)).toEqual(view.ranked.map((_, place) => place + 1));

      const printed = await runMatch([EXAMPLE_FILES[index] ?? '', '--json']);
      expect(printed).toMatchObject({ code: 0, stderr: '' });
      const local = matchViewSchema.parse(JSON.parse(printed.stdout));
      if (local.status !== 'ready') throw new Error('the command line gave no result');
      const { needId: _a, generatedAt: _b, ...served } = view;
      const { needId: _c, generatedAt: _d, ...ranHere } = local;
      expect(ranHere).toEqual(served);
    }
  });

  it('matches a revised need against the inventory as it stands then', async () => {
    const posted = await postNeed(stack.url, variedNeed(1));
    const { id } = needOf(posted);
    const before = await readyMatchesOf(stack.url, id);
    const best = before.ranked[0];
    if (best === undefined) throw new Error('nothing ranked');

    const park = await call(`${stack.url}/api/v1/parks/${best.park.id}`);
    const patched = await call(`${stack.url}/api/v1/parks/${best.park.id}/inventory`, {
      method: 'PATCH',
      headers: { 'if-match': park.headers.get('etag') ?? '' },
      body: { parcels: [] },
    });
    expect(patched.status).toBe(200);
    const revised = await call(`${stack.url}/api/v1/needs/${id}`, {
      method: 'PUT',
      headers: { 'if-match': posted.headers.get('etag') ?? '' },
      body: variedNeed(1),
    });
    expect(revised.status).toBe(200);

    const after = await readyMatchesOf(stack.url, id);
    expect(after.version).toBe(2);
    expect(after.snapshot).not.toBe(before.snapshot);
    expect(after.ranked.map(({ park }) => park.id)).not.toContain(best.park.id);
    const excluded = after.excluded.find(({ park }) => park.id === best.park.id);
    expect(excluded?.gates.filter(({ outcome }) => outcome === 'fail').map(({ gate }) => gate)).toContain('land');
  });

  it('takes needs while Redis is down and matches them once it is back', async () => {
    await stack.parts.redis.end('SIGKILL');
    const ids: string[] = [];
    for (const number of [10, 11, 12]) {
      const began = performance.now();
      const posted = await postNeed(stack.url, variedNeed(number), `redis-down-${number}`);
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(posted.status).toBe(202);
      expect(needOf(posted).status).toBe('pending');
      ids.push(needOf(posted).id);
    }
    expect(await readiness()).toEqual({ status: 503, checks: { mongo: true, redis: false, workers: false } });
    expect(await matchesOf(stack.url, ids[0] ?? '', 0)).toMatchObject({ status: 'pending', version: 1 });

    await stack.parts.redis.start();
    for (const id of ids) await readyMatchesOf(stack.url, id);
    await stack.ready(10_000);
  });

  it('answers 503 while MongoDB is down, stores nothing, and works once it is back', async () => {
    const known = await titles();
    await stack.parts.mongo.end('SIGKILL');
    const posted = await postNeed(stack.url, variedNeed(20), 'mongo-down');
    expect(posted.status).toBe(503);
    expect(problemOf(posted).code).toBe('storeUnavailable');
    expect(Number(posted.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await readiness()).checks).toMatchObject({ mongo: false, redis: true });
    expect(await statusOf(`${stack.url}/healthz`)).toBe(200);

    await stack.parts.mongo.start();
    await stack.ready(10_000);
    expect(await titles()).toEqual(known);
    const again = await postNeed(stack.url, variedNeed(20), 'mongo-down');
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotency-replayed')).toBeNull();
    await readyMatchesOf(stack.url, needOf(again).id);
  });

  it('ends the worker and the API on SIGTERM with 0, and says meanwhile that nobody works', async () => {
    expect(await stack.parts.worker.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    const { id } = needOf(await postNeed(stack.url, variedNeed(30)));
    await until(async () => (await readiness()).status === 503, 30_000);
    expect((await readiness()).checks).toEqual({ mongo: true, redis: true, workers: false });

    const waiting = matchesOf(stack.url, id, 30);
    await realClock.sleep(300);
    expect(await stack.parts.api.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    expect(await waiting).toMatchObject({ status: 'pending' });

    await Promise.all([stack.parts.api.start(), stack.parts.worker.start()]);
    await stack.ready();
    await readyMatchesOf(stack.url, id);
  });

  it('wrote nothing of any firm to its logs', () => {
    for (const kind of ['api', 'worker', 'redis', 'mongo'] as const) {
      const log = stack.logOf(kind);
      expect(log.length, kind).toBeGreaterThan(0);
      expect(log, kind).not.toMatch(/扩产需求|示例·|示例需求|有限公司/);
    }
  });
});
