import { describe, expect, it } from 'vitest';
import { schemeRef } from '../../../src/domain/scheme.js';
import { chainOf } from '../../../src/usecases/leads/register-leads.js';
import { tinyChain, tinyLink } from '../../matching/tiny.js';
import { makeScheme } from '../../support/conformance/lead-records.js';
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
  SOURCE,
  sourceStaff,
} from './writing-world.js';

const sourced = <T>(value: T) =>
  ({ value, provenance: { source: 'test', basis: 'sample', asOf: '2026-01-01' } }) as const;

describe('registerLeads', () => {
  it('reports the need, registers a lead for each county and pushes it', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const { report, leads } = await world.register(needId, [parkOf(OTHER_HOST), parkOf(HOST)]);
    expect(report).toMatchObject({ needId, sourceAdcode: SOURCE, standing: 'first', candidates: [], decision: null });
    expect(report.protectedUntil).toBe('2026-05-31T16:00:00.000Z');
    expect(leads.map(({ lead }) => [lead.hostAdcode, lead.parkId, lead.stage, lead.version])).toEqual([
      [OTHER_HOST, parkOf(OTHER_HOST), 'pushed', 2],
      [HOST, parkOf(HOST), 'pushed', 2],
    ]);
    const lead = await world.lead(leads[0]?.lead.id ?? '');
    expect(lead).toMatchObject({
      needId,
      needVersion: 1,
      reportId: report.id,
      scheme: 'zj-pairing@1',
      disclosedAt: null,
    });
    expect(only(lead.history)).toMatchObject({ move: 'push', party: 'source', by: sourceStaff().actor.id, note: NOTE });
    expect(only(lead.clocks)).toMatchObject({ kind: 'response', dueAt: '2026-03-03T16:00:00.000Z' });
    expect(lead.waitsFor).toMatchObject({ party: 'host', adcode: OTHER_HOST });
  });

  it('writes each change with what it changed, in the trails of those it is for', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const { report, leads } = await world.register(needId);
    const { id } = only(leads).lead;
    expect((await world.changes()).map(({ id, type, chains, scheme }) => [id, type, chains, scheme])).toEqual([
      [`${id}.1`, 'lead.registered', [SOURCE], 'zj-pairing@1'],
      [`${id}.2`, 'lead.pushed', [SOURCE, HOST], 'zj-pairing@1'],
      [`${report.id}.1`, 'report.made', [SOURCE], 'zj-pairing@1'],
    ]);
    expect((await world.changes())[1]).toMatchObject({
      actor: { id: sourceStaff().actor.id, role: 'sourceStaff', countyAdcode: SOURCE },
      requestId: 'request-1',
      object: { kind: 'lead', id, version: 2 },
      before: { stage: 'registered' },
      after: { stage: 'pushed', hostAdcode: HOST },
    });
    expect(new Set(world.signalled)).toEqual(new Set([`lead ${id}`, `report ${report.id}`]));
  });

  it('gives the open leads there are when asked again, and when several ask at once', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const parks = [parkOf(HOST), parkOf(OTHER_HOST)];
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.register(needId, parks)));
    const again = await world.register(needId, [parkOf(HOST, 2), parkOf(OTHER_HOST)]);
    const ids = (answer: typeof again) => [answer.report.id, ...answer.leads.map(({ lead }) => lead.id)];
    for (const answer of answers) expect(ids(answer)).toEqual(ids(again));
    expect(again.leads.map(({ lead }) => [lead.stage, lead.version, lead.parkId])).toEqual([
      ['pushed', 2, parkOf(HOST)],
      ['pushed', 2, parkOf(OTHER_HOST)],
    ]);
    const types = (await world.changes()).map(({ type }) => type).sort();
    expect(types).toEqual(['lead.pushed', 'lead.pushed', 'lead.registered', 'lead.registered', 'report.made']);
  });

  it('opens another round once the county has declined, and none while the lead is open', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const first = only((await world.register(needId)).leads).lead;
    await world.walk(first.id, [hostStaff(), { move: 'decline', reason: 'landShort' }]);
    const second = only((await world.register(needId)).leads).lead;
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ stage: 'pushed', hostAdcode: HOST });
    expect(only((await world.register(needId)).leads).lead.id).toBe(second.id);
  });

  it('does not take a lead that has gone to another county for its own', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const first = only((await world.register(needId)).leads).lead;
    await world.walk(
      first.id,
      [hostStaff(), { move: 'agreeTransfer' }],
      [sourceStaff(), { move: 'transfer', parkId: parkOf(OTHER_HOST) }],
    );
    const again = only((await world.register(needId)).leads).lead;
    expect(again).toMatchObject({ stage: 'pushed', hostAdcode: HOST });
    expect(again.id).not.toBe(first.id);
    expect(only((await world.register(needId, [parkOf(OTHER_HOST)])).leads).lead.id).toBe(first.id);
  });

  it('names every park that can be no target', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const error = await refusal(
      world.register(needId, [parkOf(HOST), 'nowhere', parkOf(SOURCE), parkOf(HOST), parkOf(HOST, 2)]),
    );
    expect(error).toMatchObject({
      code: 'invalidInput',
      issues: [
        { field: 'parkIds[1]', code: 'unknownPark', value: 'nowhere' },
        { field: 'parkIds[2]', code: 'parkInOwnCounty' },
        { field: 'parkIds[4]', code: 'parkOfSameCounty' },
      ],
    });
    expect(await refusal(world.register(needId, []))).toMatchObject({ issues: [{ field: 'parkIds', code: 'tooFew' }] });
    expect(await world.changes()).toEqual([]);
    expect((await world.register(needId, [parkOf(HOST), parkOf(HOST)])).leads).toHaveLength(1);
  });

  it('leaves a lead registered that the rules do not let through, and says why', async () => {
    const world = await makeWorld({ rules: { minInvestWan: sourced(500) } });
    const needId = await world.need({ investWan: 499 });
    const view = only((await world.register(needId)).leads);
    expect(view.lead.stage).toBe('registered');
    expect(view.moves.find(({ move }) => move === 'push')?.refusals).toEqual([
      { code: 'belowMinInvestment', params: { investWan: 499, minInvestWan: 500 } },
    ]);
    expect(await refusal(world.as(hostStaff()).getLead(view.lead.id))).toMatchObject({ code: 'notFound' });
  });

  it.each([
    [false, 'registered'],
    [true, 'pushed'],
  ])('a further project of a firm that has landed there counts: %s', async (counts, stage) => {
    const rules = { countsExpansionsOfLanded: sourced(counts), protectionDays: sourced(30) };
    const world = await makeWorld({ rules });
    const landed = only((await world.register(await world.need())).leads).lead;
    await world.leadStore.replace({ ...landed, stage: 'construction', version: 3 }, 2, []);
    await world.clock.advance(31 * 24 * 3_600_000);
    const { leads } = await world.register(await world.need(), [parkOf(HOST), parkOf(OTHER_HOST)]);
    expect(leads.map(({ lead }) => lead.stage)).toEqual([stage, 'pushed']);
    const refusals = leads[0]?.moves.find(({ move }) => move === 'push')?.refusals ?? [];
    expect(refusals.map(({ code }) => code)).toEqual(counts ? [] : ['expansionNotCounted']);
  });

  it('keeps to the open pushes the scheme allows, also when all counties are asked at once', async () => {
    const world = await makeWorld({ rules: { openPushesAtMost: sourced(2) } });
    const needId = await world.need();
    await Promise.all(HOSTS.map((adcode) => world.register(needId, [parkOf(adcode)])));
    const stages = (await world.leadStore.ofNeed(needId)).map(({ stage }) => stage).sort();
    expect(stages).toEqual(['pushed', 'pushed', ...Array.from({ length: 6 }, () => 'registered')]);
  });

  it('frees a push when a county declines', async () => {
    const world = await makeWorld({ rules: { openPushesAtMost: sourced(1) } });
    const needId = await world.need();
    const { leads } = await world.register(needId, [parkOf(HOST), parkOf(OTHER_HOST)]);
    const [pushed, waiting] = leads;
    expect(waiting?.moves.find(({ move }) => move === 'push')?.refusals).toMatchObject([{ code: 'tooManyPushes' }]);
    await world.walk(pushed?.lead.id ?? '', [hostStaff(), { move: 'decline', reason: 'landShort' }]);
    expect((await world.walk(waiting?.lead.id ?? '', [sourceStaff(), { move: 'push' }])).stage).toBe('pushed');
    const back = world.walk(pushed?.lead.id ?? '', [sourceStaff(), { move: 'transfer', parkId: parkOf(HOSTS[2]) }]);
    expect(await refusal(back)).toMatchObject({ code: 'moveRefused', issues: [{ code: 'tooManyPushes', limit: 1 }] });
  });

  it('is for the need of the caller: its county, a program of its county, the coordinator', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    const none = await refusal(world.register('need_404'));
    for (const who of [sourceStaff(OTHER_SOURCE), hostStaff(), program(OTHER_SOURCE, ['lead.write']), auditor(HOST)]) {
      const foreign = await refusal(world.register(needId, [parkOf(HOST)], who));
      expect(foreign).toEqual(none);
      expect(foreign).toMatchObject({ code: 'notFound' });
    }
    for (const who of [hostStaff(SOURCE), auditor(null), program(SOURCE, ['lead.read'])]) {
      expect(await refusal(world.register(needId, [parkOf(HOST)], who))).toMatchObject({ code: 'forbidden' });
    }
    expect(await world.changes()).toEqual([]);
    expect(only((await world.register(needId, [parkOf(HOST)], coordinator)).leads).lead.stage).toBe('pushed');
    const viaProgram = await world.register(needId, [parkOf(OTHER_HOST)], program(SOURCE, ['lead.write']));
    expect(only(viaProgram.leads).lead.history[0]?.party).toBe('source');
  });

  it('refuses another firm under a need that was reported', async () => {
    const world = await makeWorld();
    const needId = await world.need();
    await world.register(needId);
    await world.reviseNeed(needId, { firm: { name: '另一家机械有限公司', creditCode: 'OTHER', countyAdcode: SOURCE } });
    expect(await refusal(world.register(needId, [parkOf(OTHER_HOST)]))).toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'needId', code: 'firmChanged' }],
    });
    await world.reviseNeed(needId, { firm: { name: '不可外传(集团)有限公司', countyAdcode: SOURCE } });
    expect((await world.register(needId, [parkOf(OTHER_HOST)])).leads).toHaveLength(1);
  });

  it('puts new leads under the newest scheme in force and leaves old ones theirs', async () => {
    const world = await makeWorld();
    const [old, fresh] = [await world.need(), await world.need({ firm: { name: '甲机械', countyAdcode: SOURCE } })];
    await world.register(old);
    const { title, rules } = makeScheme();
    const publish = (version: number, from: string) =>
      world.as(coordinator).publishScheme('zj-pairing', version, { title, rules, from });
    await publish(1, '2026-03-02');
    await publish(2, '2026-03-03');
    const under = only((await world.register(fresh)).leads).lead;
    expect(under.scheme).toBe('zj-pairing@2');
    expect(only((await world.register(old)).leads).lead.scheme).toBe('zj-pairing@1');
    await world.clock.advance(24 * 3_600_000);
    const next = await world.need({ firm: { name: '乙纺织', countyAdcode: SOURCE } });
    expect(only((await world.register(next)).leads).lead.scheme).toBe('zj-pairing@3');
  });
});

describe('publishScheme', () => {
  it('publishes the next version once, with its rules in the province trail', async () => {
    const world = await makeWorld();
    const { title, from, rules } = makeScheme({ rules: { feedbackDays: sourced(9) } });
    const publish = () => world.as(coordinator).publishScheme('zj-pairing', 1, { title, from, rules });
    const outcomes = await Promise.allSettled([publish(), publish(), publish()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'versionConflict', params: { currentVersion: 2 } },
    });
    expect((await world.as(sourceStaff()).listSchemes()).map(schemeRef)).toEqual(['zj-pairing@1', 'zj-pairing@2']);
    expect(only(await world.changes())).toMatchObject({
      id: 'zj-pairing.2',
      chains: ['330000'],
      scheme: 'zj-pairing@2',
      before: { feedbackDays: 7 },
      after: { feedbackDays: 9, 'taxShare.source': 0.5 },
    });
  });

  it('begins a new scheme at version 0 only', async () => {
    const world = await makeWorld();
    const { title, from, rules } = makeScheme();
    expect(await refusal(world.as(coordinator).publishScheme('new', 3, { title, from, rules }))).toMatchObject({
      code: 'notFound',
    });
    expect((await world.as(coordinator).publishScheme('new', 0, { title, from, rules })).version).toBe(1);
  });
});

describe('chainOf', () => {
  const chains = [
    tinyChain('b', [tinyLink('b-1', ['39']), tinyLink('b-2', ['3985'])]),
    tinyChain('a', [tinyLink('a-1', ['398']), tinyLink('a-2', ['29'])]),
  ];
  it.each([
    ['the first stated link that is known', { gbt: '3985', chain: { links: ['gone', 'a-2'] } }, 'a'],
    ['the nearest code', { gbt: '3985' }, 'b'],
    ['the longest code it lies under', { gbt: '3989' }, 'a'],
    ['a shorter one where no other fits', { gbt: '3912' }, 'b'],
    ['none', { gbt: '1711' }, null],
  ])('goes by %s', (_, need, expected) => {
    expect(chainOf(need, { chains })).toBe(expected);
  });
});
