import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeOwnershipWorld, type Person, SOURCES, type World } from './ownership-world.js';

let world: World;
beforeAll(async () => {
  world = await makeOwnershipWorld();
});
afterAll(() => world.close());

/** The entries of the trail, once the relay has carried as many there. */
function entries(as: Person, query: string, count: number): Promise<readonly unknown[]> {
  return vi.waitFor(async () => {
    const reply = await world.send(as, 'GET', `/api/v1/audit?${query}`);
    const { items } = reply.body as { readonly items: readonly unknown[] };
    expect(items).toHaveLength(count);
    return items;
  });
}

it('an auditor reads who started a run, once however often it was asked for', async () => {
  const headers = { 'x-request-id': 'start-of-a-run' };
  const started = await world.send('province', 'POST', '/api/v1/jobs/rematch', { headers });
  expect(started.status).toBe(202);
  expect((await world.send('province', 'POST', '/api/v1/jobs/rematch')).body).toEqual(started.body);
  const { id } = started.body as { readonly id: string };
  expect(await entries('auditor', `object=${id}`, 1)).toMatchObject([
    {
      chain: '330000',
      ...{ typeText: '发起全部重匹配', objectText: '全部重匹配' },
      change: {
        ...{ id: `${id}.1`, requestId: 'start-of-a-run', type: 'rematch.started', before: null },
        actor: { kind: 'user', role: 'coordinator', countyAdcode: null },
        after: { reason: 'manual', countyAdcode: null },
      },
    },
  ]);
  // The run of all needs is in no county's trail.
  await entries('auditorOfSourceA', 'type=rematch.started', 0);
});

it('an auditor of the county reads who changed its schedule from what to what', async () => {
  const path = `/api/v1/rematch-schedules/${SOURCES.A}`;
  const put = (version: number, cron: string) =>
    world.send('province', 'PUT', path, { headers: { 'if-match': `"${version}"` }, body: { cron } });
  expect((await put(0, '0 18 * * *')).status).toBe(200);
  expect((await put(0, '0 20 * * *')).status).toBe(409);
  expect((await put(1, '0 19 * * *')).status).toBe(200);
  const found = await entries('auditorOfSourceA', `object=${SOURCES.A}&type=rematch.rescheduled`, 2);
  const first = { cron: '0 18 * * *', version: 1 };
  const words = { chain: SOURCES.A, typeText: '修改重匹配时间表', objectText: '重匹配时间表' };
  const actor = { role: 'coordinator', countyAdcode: null };
  expect(found).toMatchObject([
    { ...words, change: { actor, before: first, after: { cron: '0 19 * * *', version: 2 } } },
    { ...words, change: { actor, before: null, after: first } },
  ]);
  await entries('auditorOfHostB', 'type=rematch.rescheduled', 0);
});
