import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { MoveRequest } from '../../../src/domain/lead.js';
import {
  auditor,
  coordinator,
  HOST,
  HOSTS,
  hostStaff,
  makeWorld,
  NOTE,
  OTHER_HOST,
  OTHER_SOURCE,
  only,
  parkOf,
  program,
  refusal,
  SECRETS,
  SOURCE,
  sourceStaff,
  type World,
} from './writing-world.js';

const DAY_MS = 24 * 3_600_000;
const TO_OTHER: MoveRequest = { move: 'transfer', parkId: parkOf(OTHER_HOST) };

async function pushed(world: World): Promise<string> {
  return only((await world.register(await world.need())).leads).lead.id;
}

const move = async (world: World, id: string, who: Parameters<World['as']>[0], request: MoveRequest) =>
  world.as(who).moveLead(id, (await world.lead(id)).version, request);

describe('moveLead', () => {
  it('takes a lead from push to production, with its holds', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.walk(
      id,
      [hostStaff(), { move: 'accept' }],
      [hostStaff(), { move: 'assess' }],
      [hostStaff(), { move: 'giveFeedback', outcome: 'proceed' }],
      [sourceStaff(), { move: 'disclose' }],
    );
    await world.hold(id, 'soft');
    await world.walk(id, [hostStaff(), { move: 'beginTalk' }]);
    expect(await refusal(move(world, id, hostStaff(), { move: 'sign' }))).toMatchObject({
      issues: [{ field: 'move', code: 'needsFirmHold', value: 'sign', limit: 'soft' }],
    });
    await world.hold(id, 'firm');
    const lead = await world.walk(
      id,
      [hostStaff(), { move: 'sign' }],
      [hostStaff(), { move: 'supplyLand' }],
      [hostStaff(), { move: 'startConstruction' }],
      [hostStaff(), { move: 'complete' }],
      [program(HOST, ['lead.write']), { move: 'startProduction' }],
    );
    expect(lead).toMatchObject({ stage: 'production', waitsFor: null });
    expect(world.done).toEqual([`use ${id} hold_${id} ${parkOf(HOST)}`]);
    expect(lead.claim).not.toBeNull();
  });

  it('says why a move is refused, each reason for itself', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    expect(await refusal(move(world, id, hostStaff(), { move: 'sign' }))).toMatchObject({
      code: 'moveRefused',
      params: { move: 'sign', stage: 'pushed' },
      issues: [
        { field: 'move', code: 'wrongStage', limit: 'pushed', value: 'sign' },
        { field: 'move', code: 'needsFirmHold', value: 'sign' },
      ],
    });
    expect(await refusal(move(world, id, sourceStaff(), { move: 'accept' }))).toMatchObject({
      issues: [{ code: 'notYourMove', limit: 'host' }],
    });
    expect(await refusal(move(world, id, hostStaff(), { move: 'decline', reason: 'whatever' }))).toMatchObject({
      issues: [{ code: 'unknownReason' }],
    });
    expect((await world.lead(id)).version).toBe(2);
  });

  it('lets nobody move who may only look', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    for (const who of [auditor(null), auditor(HOST), program(HOST, ['lead.read']), hostStaff(SOURCE)]) {
      expect(await refusal(move(world, id, who, { move: 'end', reason: 'marketChanged' }))).toMatchObject({
        issues: [{ code: 'notYourMove' }],
      });
      expect((await world.as(who).getLead(id)).moves).toEqual([]);
    }
  });

  it('answers a lead of others as one that is not there', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    const registered = only((await world.register(await world.need(), [parkOf(OTHER_HOST)])).leads).lead.id;
    expect((await world.lead(registered)).stage).toBe('registered');
    const none = await refusal(world.as(hostStaff()).getLead('lead_404'));
    for (const [who, lead] of [
      [hostStaff(OTHER_HOST), id],
      [sourceStaff(OTHER_SOURCE), id],
      [program(OTHER_HOST, ['lead.write', 'lead.read']), id],
      [auditor(OTHER_HOST), id],
      [hostStaff(OTHER_HOST), registered],
    ] as const) {
      const useCases = world.as(who);
      expect(await refusal(useCases.getLead(lead))).toEqual(none);
      expect(await refusal(useCases.moveLead(lead, 1, { move: 'accept' }))).toEqual(none);
      expect(await refusal(useCases.moveLead(lead, 99, { move: 'accept' }))).toEqual(none);
      expect((await useCases.listLeads({}, null, 50)).items).toEqual([]);
    }
    expect(none).toBeInstanceOf(AppError);
    expect(none).toMatchObject({ code: 'notFound', params: { what: 'lead' } });
  });

  it('lets one of two through who move the same version', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    const both = await Promise.allSettled([
      world.as(hostStaff()).moveLead(id, 2, { move: 'accept' }),
      world.as(hostStaff()).moveLead(id, 2, { move: 'decline', reason: 'landShort' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'versionConflict', params: { currentVersion: 3 } },
    });
    expect(await refusal(world.as(hostStaff()).moveLead(id, 2, { move: 'accept' }))).toMatchObject({
      code: 'versionConflict',
      params: { currentVersion: 3 },
    });
  });

  it('makes the move though the park is away, and leaves the hold to the sweep', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.hold(id, 'soft');
    world.away.now = true;
    const lead = await world.walk(id, [hostStaff(), { move: 'decline', reason: 'landShort' }]);
    expect(lead).toMatchObject({ stage: 'declined', claim: null });
    expect(world.lines).toMatchObject([
      { level: 'warn', fields: { leadId: id, holdId: `hold_${id}`, code: 'internal' } },
    ]);
  });

  it('drops what a move does not read, so that no free text gets into the trail', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.walk(id, [hostStaff(), { move: 'accept', reason: NOTE, parkId: NOTE }]);
    expect((await world.lead(id)).history.at(-1)).toMatchObject({ move: 'accept', reason: null, parkId: parkOf(HOST) });
    expect(JSON.stringify(await world.changes())).not.toContain(NOTE);
  });
});

describe('transfer', () => {
  it('needs the word of the first county', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.hold(id, 'soft');
    expect(await refusal(move(world, id, sourceStaff(), TO_OTHER))).toMatchObject({
      issues: [{ code: 'firstCountyHasIt', limit: '2026-03-03T16:00:00.000Z' }],
    });
    const lead = await world.walk(id, [hostStaff(), { move: 'agreeTransfer' }], [sourceStaff(), TO_OTHER]);
    expect(lead).toMatchObject({ stage: 'pushed', hostAdcode: OTHER_HOST, parkId: parkOf(OTHER_HOST), claim: null });
    expect(world.done).toEqual([`release ${id} hold_${id} ${parkOf(HOST)} transferred`]);
    expect(lead.history.map(({ move, hostAdcode }) => [move, hostAdcode])).toEqual([
      ['push', HOST],
      ['agreeTransfer', HOST],
      ['transfer', OTHER_HOST],
    ]);
    expect((await world.changes()).find(({ type }) => type === 'lead.transferred')?.chains).toEqual([
      SOURCE,
      OTHER_HOST,
      HOST,
    ]);
  });

  it('needs no word once its clock has run out', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.clock.advance(2 * DAY_MS);
    expect((await world.walk(id, [coordinator, TO_OTHER])).hostAdcode).toBe(OTHER_HOST);
  });

  it('takes the lead out of the first county and shows the second no firm', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.walk(
      id,
      [sourceStaff(), { move: 'disclose' }],
      [hostStaff(), { move: 'decline', reason: 'other', note: NOTE }],
      [sourceStaff(), { ...TO_OTHER, note: NOTE }],
    );
    expect(await refusal(world.as(hostStaff()).getLead(id))).toMatchObject({ code: 'notFound' });
    expect((await world.as(hostStaff()).listLeads({}, null, 9)).items).toEqual([]);
    const view = await world.as(hostStaff(OTHER_HOST)).getLead(id);
    expect(view).toMatchObject({ blind: true, firm: null });
    for (const secret of SECRETS) expect(JSON.stringify(view)).not.toContain(secret);
    expect(view.lead.history).toHaveLength(4);
  });

  it('goes to no park that is unknown, no own county and no county that has the need', async () => {
    const world = await makeWorld();
    const { leads } = await world.register(await world.need(), [parkOf(HOST), parkOf(OTHER_HOST)]);
    const id = leads[0]?.lead.id ?? '';
    await world.walk(id, [hostStaff(), { move: 'agreeTransfer' }]);
    for (const [parkId, code] of [
      ['nowhere', 'unknownPark'],
      [parkOf(HOST, 2), 'sameCounty'],
      [parkOf(SOURCE), 'sameCounty'],
      [parkOf(OTHER_HOST), 'alreadyDone'],
    ] as const) {
      expect(await refusal(move(world, id, sourceStaff(), { move: 'transfer', parkId }))).toMatchObject({
        code: 'moveRefused',
        issues: [{ code }],
      });
    }
    expect((await world.walk(id, [sourceStaff(), { move: 'transfer', parkId: parkOf(HOSTS[2]) }])).hostAdcode).toBe(
      HOSTS[2],
    );
  });
});

describe('what a caller sees of a lead', () => {
  it('is no firm for the host before disclosure, and the firm after', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    await world.walk(id, [hostStaff(), { move: 'accept', note: '我方备注' }]);
    for (const who of [hostStaff(), program(HOST, ['lead.read']), auditor(HOST)]) {
      const blind = await world.as(who).getLead(id);
      expect(blind).toMatchObject({ blind: true, firm: null, title: null, description: null });
      for (const secret of SECRETS) expect(JSON.stringify(blind)).not.toContain(secret);
      expect(blind.lead.history.map(({ note }) => note)).toEqual([null, '我方备注']);
      for (const secret of SECRETS) {
        expect(JSON.stringify(await world.as(who).listLeads({}, null, 9))).not.toContain(secret);
      }
    }
    await world.walk(id, [sourceStaff(), { move: 'disclose' }]);
    const open = await world.as(hostStaff()).getLead(id);
    expect(open).toMatchObject({ blind: false, firm: { name: '不可外传有限公司' }, title: '不可外传的标题' });
    expect(open.lead.history[0]?.note).toBe(NOTE);
    expect((await world.changes()).find(({ type }) => type === 'lead.disclosed')).toMatchObject({
      chains: [SOURCE, HOST],
    });
  });

  it('is the firm for its own county and the province from the beginning', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    for (const who of [sourceStaff(), coordinator, auditor(SOURCE), auditor(null), program(SOURCE, ['lead.read'])]) {
      const view = await world.as(who).getLead(id);
      expect(view).toMatchObject({ blind: false, firm: { name: '不可外传有限公司' } });
      expect(view.lead.history[0]?.note).toBe(NOTE);
    }
  });

  it('is the version of the need that was pushed', async () => {
    const world = await makeWorld();
    const needId = await world.need({ workers: 10 });
    const { id } = only((await world.register(needId)).leads).lead;
    await world.reviseNeed(needId, { workers: 99 });
    expect((await world.as(hostStaff()).getLead(id)).profile.workers).toBe(10);
  });

  it('tells the moves that are the caller’s and that a limit has passed', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    const view = await world.as(hostStaff()).getLead(id);
    expect(view.overdue).toBe(false);
    expect(view.moves.map(({ move }) => move).sort()).toEqual(['accept', 'agreeTransfer', 'decline', 'end']);
    await world.clock.advance(2 * DAY_MS);
    expect((await world.as(hostStaff()).getLead(id)).overdue).toBe(true);
  });

  it('lists by county and stage what is the caller’s to see', async () => {
    const world = await makeWorld();
    await world.register(await world.need(), [parkOf(HOST), parkOf(OTHER_HOST)]);
    const hosts = async (
      who: Parameters<World['as']>[0],
      filter: Parameters<ReturnType<World['as']>['listLeads']>[0],
    ) => (await world.as(who).listLeads(filter, null, 9)).items.map(({ lead }) => lead.hostAdcode).sort();
    expect(await hosts(sourceStaff(), {})).toEqual([HOST, OTHER_HOST]);
    expect(await hosts(sourceStaff(), { county: HOST })).toEqual([HOST]);
    expect(await hosts(hostStaff(), { county: SOURCE })).toEqual([HOST]);
    expect(await hosts(hostStaff(), { county: OTHER_HOST })).toEqual([]);
    expect(await hosts(coordinator, { stage: 'pushed' })).toEqual([HOST, OTHER_HOST]);
    expect(await hosts(coordinator, { stage: 'ended' })).toEqual([]);
  });
});

describe('raiseDueClocks', () => {
  it('raises each event once, however many sweeps there are', async () => {
    const world = await makeWorld();
    const id = await pushed(world);
    const events = async () =>
      (await world.changes()).filter(({ type }) => /clock_due|overdue/.test(type)).map(({ type }) => type);
    expect(await world.raise()).toBe(0);
    await world.clock.advance(DAY_MS);
    await Promise.all([world.raise(), world.raise(), world.raise()]);
    expect(await events()).toEqual(['lead.clock_due']);
    await world.clock.advance(DAY_MS);
    await Promise.all([world.raise(), world.raise(), world.raise()]);
    await world.clock.advance(9 * DAY_MS);
    await world.raise();
    expect(await events()).toEqual(['lead.clock_due', 'lead.overdue']);
    expect((await world.changes()).at(-1)).toBeDefined();
    expect((await world.changes()).find(({ type }) => type === 'lead.overdue')).toMatchObject({
      id: `${id}.4`,
      actor: { kind: 'system', id: 'system' },
      requestId: null,
      chains: [SOURCE, HOST],
      after: { clock: 'response', stage: 'pushed', dueAt: '2026-03-03T16:00:00.000Z' },
    });
  });

  it('looks at so many at a time, soonest first, and gets through them all', async () => {
    const world = await makeWorld();
    for (const [index, name] of ['华丰精密机械', '东方纺织印染', '西湖茶叶加工'].entries()) {
      await world.register(await world.need({ firm: { name, countyAdcode: SOURCE } }), [parkOf(HOSTS[index] ?? '')]);
    }
    await world.clock.advance(2 * DAY_MS);
    expect([await world.raise(2), await world.raise(2), await world.raise(2)]).toEqual([2, 1, 0]);
  });
});

describe('the trail and the log', () => {
  it('hold nothing of the firm, and no note, whatever is done', async () => {
    const world = await makeWorld();
    const first = await world.need();
    const id = only((await world.register(first)).leads).lead.id;
    const { report } = await world.register(
      await world.need({ firm: { name: '不可外传股份有限公司', countyAdcode: OTHER_SOURCE } }),
      [parkOf(HOST)],
      sourceStaff(OTHER_SOURCE),
    );
    await world.as(coordinator).decideReport(report.id, report.version, { outcome: 'stands', reason: NOTE });
    await world.hold(id, 'soft');
    await world.walk(
      id,
      [hostStaff(), { move: 'accept', note: NOTE }],
      [sourceStaff(), { move: 'disclose', note: NOTE }],
      [hostStaff(), { move: 'agreeTransfer', note: NOTE }],
    );
    world.away.now = true;
    await world.walk(id, [sourceStaff(), { ...TO_OTHER, note: NOTE }]);
    await world.clock.advance(5 * DAY_MS);
    await world.raise();
    await world.walk(id, [sourceStaff(), { move: 'end', reason: 'other', note: NOTE }]);
    const changes = await world.changes();
    expect(changes.length).toBeGreaterThan(9);
    const told = JSON.stringify([changes, world.lines, world.signalled]);
    for (const secret of SECRETS) expect(told).not.toContain(secret);
    expect(new Set(changes.map((change) => change.id)).size).toBe(changes.length);
    for (const { scheme } of changes) expect(scheme).toBe('zj-pairing@1');
  });
});
