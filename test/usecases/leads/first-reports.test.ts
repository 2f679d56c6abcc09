import { describe, expect, it } from 'vitest';
import type { Need } from '../../../src/domain/need.js';
import type { Report } from '../../../src/domain/report.js';
import { MongoLeadStore } from '../../../src/mongo/lead-store.js';
import { MongoOutbox } from '../../../src/mongo/outbox.js';
import { MongoReportOutbox, MongoReportStore } from '../../../src/mongo/report-store.js';
import { MongoSchemeStore } from '../../../src/mongo/scheme-store.js';
import { useMongo } from '../../mongo/mongo.js';
import {
  auditor,
  coordinator,
  HOST,
  HOSTS,
  hostStaff,
  makeWorld,
  memoryStores,
  OTHER_HOST,
  OTHER_SOURCE,
  only,
  parkOf,
  refusal,
  SECRETS,
  SOURCE,
  sourceStaff,
  type World,
} from './writing-world.js';

const sourced = <T>(value: T) =>
  ({ value, provenance: { source: 'test', basis: 'sample', asOf: '2026-01-01' } }) as const;
const CODE = '91330782MA2EXAMPLE';
const firm = (countyAdcode: string, name = '不可外传有限公司', creditCode: string | null = CODE): Need['firm'] => ({
  name,
  countyAdcode,
  ...(creditCode === null ? {} : { creditCode }),
});

/** A need of the other county, reported and passed on. */
async function reportFrom(world: World, adcode: string, change: Partial<Need>, host: string = HOST) {
  const needId = await world.need(change);
  return { needId, ...(await world.register(needId, [parkOf(host)], sourceStaff(adcode))) };
}

const connection = useMongo('first_report');
const STORES = {
  memory: async () => memoryStores(),
  mongo: async () => {
    const database = await connection();
    return {
      leadStore: new MongoLeadStore(database),
      reportStore: new MongoReportStore(database),
      schemeStore: new MongoSchemeStore(database),
      outboxes: {
        lead: new MongoOutbox(database, 'leads'),
        report: new MongoReportOutbox(database),
        scheme: new MongoOutbox(database, 'schemes'),
      },
    };
  },
};

describe.each(Object.entries(STORES))('counties at once, on %s', (_, makeStores) => {
  it('let exactly one of those that report one credit code be first', async () => {
    const world = await makeWorld({ stores: await makeStores() });
    const counties = [SOURCE, OTHER_SOURCE, ...HOSTS.slice(2)];
    const needs = await Promise.all(
      counties.map((adcode, index) => world.need({ firm: firm(adcode, `互不相像的名字${index}`) })),
    );
    const answers = await Promise.all(
      needs.map((needId, index) => world.register(needId, [parkOf(HOST)], sourceStaff(counties[index]))),
    );
    expect(answers.filter(({ report }) => report.standing === 'first')).toHaveLength(1);
    const row = await world.reportStore.protectedAt(world.clock.now(), 99);
    expect(row.map(({ position, standing }) => [position, standing])).toEqual(
      counties.map((_, index) => [index + 1, index === 0 ? 'first' : 'candidate']),
    );
    row.forEach((report, index) => {
      expect(report.candidates.map(({ reportId }) => reportId)).toEqual(row.slice(0, index).map(({ id }) => id));
    });
    const pushed = answers.flatMap(({ leads }) => leads).filter(({ lead }) => lead.stage === 'pushed');
    expect(only(pushed).lead.reportId).toBe(row[0]?.id);
  });

  it('let a need be reported once, and its pushes keep to the limit', async () => {
    const world = await makeWorld({ stores: await makeStores(), rules: { openPushesAtMost: sourced(2) } });
    const needId = await world.need();
    const answers = await Promise.all(HOSTS.map((adcode) => world.register(needId, [parkOf(adcode)])));
    expect(new Set(answers.map(({ report }) => report.id)).size).toBe(1);
    expect(await world.reportStore.lastPosition()).toBe(1);
    const leads = await world.leadStore.ofNeed(needId);
    expect(leads.filter(({ stage }) => stage === 'pushed')).toHaveLength(2);
    expect(leads).toHaveLength(HOSTS.length);
  });

  it('never displace a report while its lead is pushed', async () => {
    const world = await makeWorld({ stores: await makeStores(), rules: { minInvestWan: sourced(500) } });
    // Registered but not pushed: below the least investment.
    const first = await reportFrom(world, SOURCE, { firm: firm(SOURCE), investWan: 1 });
    const second = await reportFrom(world, OTHER_SOURCE, { firm: firm(OTHER_SOURCE) });
    const held = await world.lead(only(first.leads).lead.id);
    await world.leadStore.replace({ ...held, investWan: 999, version: 2 }, 1, []);
    await Promise.allSettled([
      world.as(sourceStaff()).moveLead(held.id, 2, { move: 'push' }),
      world.as(coordinator).decideReport(second.report.id, second.report.version, { outcome: 'stands', reason: 'x' }),
    ]);
    const { stage } = await world.lead(held.id);
    const { standing } = await world.as(coordinator).getReport(first.report.id);
    expect([
      ['pushed', 'first'],
      ['registered', 'displaced'],
    ]).toContainEqual([stage, standing]);
  });
});

describe('first reports', () => {
  it('take a near-equal name for a candidate, show why, and keep its lead back', async () => {
    const world = await makeWorld();
    const first = await reportFrom(world, SOURCE, { firm: firm(SOURCE, '义乌市华丰精密机械制造有限公司', null) });
    const second = await reportFrom(world, OTHER_SOURCE, {
      firm: firm(OTHER_SOURCE, '华丰精密机械制造股份有限公司', null),
    });
    expect(second.report.standing).toBe('candidate');
    expect(only(second.report.candidates)).toMatchObject({
      reportId: first.report.id,
      sourceAdcode: SOURCE,
      sameTime: true,
      reasons: expect.arrayContaining([expect.objectContaining({ kind: 'firmName' })]),
    });
    const view = only(second.leads);
    expect(view.lead.stage).toBe('registered');
    expect(view.moves.find(({ move }) => move === 'push')?.refusals).toMatchObject([{ code: 'reportDoesNotStand' }]);
    expect(JSON.stringify(second.report)).not.toContain('华丰');
  });

  it('let other firms and other projects stand side by side', async () => {
    const world = await makeWorld();
    await reportFrom(world, SOURCE, { firm: firm(SOURCE, '华丰精密机械有限公司', null) });
    const other = await reportFrom(world, OTHER_SOURCE, { firm: firm(OTHER_SOURCE, '东方纺织印染有限公司', null) });
    expect(other.report).toMatchObject({ standing: 'first', candidates: [] });
  });

  it('no longer count once their protection is over', async () => {
    const world = await makeWorld({ rules: { protectionDays: sourced(10) } });
    await reportFrom(world, SOURCE, { firm: firm(SOURCE) });
    await world.clock.advance(11 * 24 * 3_600_000);
    const late = await reportFrom(world, OTHER_SOURCE, { firm: firm(OTHER_SOURCE) });
    expect(late.report.standing).toBe('first');
  });

  it('are shown to their county and the province, without the firm, and to nobody else', async () => {
    const world = await makeWorld();
    const { report } = await reportFrom(world, SOURCE, { firm: firm(SOURCE) });
    for (const who of [sourceStaff(), coordinator, auditor(null)]) {
      const seen = await world.as(who).getReport(report.id);
      expect(seen).toEqual(report);
      for (const secret of SECRETS) expect(JSON.stringify(seen)).not.toContain(secret);
    }
    const none = await refusal(world.as(hostStaff()).getReport('report_404'));
    expect(none).toMatchObject({ code: 'notFound' });
    for (const who of [hostStaff(), sourceStaff(OTHER_SOURCE)]) {
      expect(await refusal(world.as(who).getReport(report.id))).toEqual(none);
      expect(await refusal(world.as(who).decideReport(report.id, 1, { outcome: 'stands', reason: 'x' }))).toEqual(none);
    }
  });

  it('let the larger investment of the same time stand where the scheme says so', async () => {
    const world = await makeWorld({ rules: { tieRule: sourced('largerInvestment'), minInvestWan: sourced(50) } });
    // Too small to be pushed, so that it can give way.
    const small = await reportFrom(world, SOURCE, { firm: firm(SOURCE), investWan: 10 });
    const large = await reportFrom(world, OTHER_SOURCE, { firm: firm(OTHER_SOURCE), investWan: 100 });
    expect(large.report.standing).toBe('first');
    expect(only(large.leads).lead.stage).toBe('pushed');
    expect((await world.as(coordinator).getReport(small.report.id)).standing).toBe('displaced');
    const types = (await world.changes()).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['report.displaced', 'report.stands']));
  });

  it('leave the larger investment a candidate while the earlier report is passed on', async () => {
    const world = await makeWorld({ rules: { tieRule: sourced('largerInvestment') } });
    const small = await reportFrom(world, SOURCE, { firm: firm(SOURCE), investWan: 10 });
    const large = await reportFrom(world, OTHER_SOURCE, { firm: firm(OTHER_SOURCE), investWan: 100 });
    expect(large.report.standing).toBe('candidate');
    expect((await world.as(coordinator).getReport(small.report.id)).standing).toBe('first');
  });
});

describe('decideReport', () => {
  /** A first report whose lead ended, or goes on, and a candidate behind it. */
  async function disputed(goesOn: boolean) {
    const world = await makeWorld();
    const first = await reportFrom(world, SOURCE, { firm: firm(SOURCE) });
    if (!goesOn) await world.walk(only(first.leads).lead.id, [sourceStaff(), { move: 'end', reason: 'firmWithdrew' }]);
    const second = await reportFrom(world, OTHER_SOURCE, { firm: firm(OTHER_SOURCE) }, OTHER_HOST);
    const decide = (outcome: 'stands' | 'duplicate', version = second.report.version) =>
      world.as(coordinator).decideReport(second.report.id, version, { outcome, reason: '不可外传的理由' });
    const standing = async (): Promise<Report['standing']> =>
      (await world.as(coordinator).getReport(first.report.id)).standing;
    return { world, first, second, decide, standing };
  }

  it('lets the candidate stand and the earlier one give way, and its lead be pushed', async () => {
    const { world, second, decide, standing } = await disputed(false);
    expect(await decide('stands')).toMatchObject({ standing: 'first', decision: { outcome: 'stands' } });
    expect(await standing()).toBe('displaced');
    const lead = await world.walk(only(second.leads).lead.id, [sourceStaff(OTHER_SOURCE), { move: 'push' }]);
    expect(lead.stage).toBe('pushed');
    const decided = (await world.changes()).find(({ type }) => type === 'report.decided');
    expect(decided).toMatchObject({ chains: [OTHER_SOURCE], after: { outcome: 'stands', reasonLength: 7 } });
    expect(JSON.stringify(await world.changes())).not.toContain('不可外传');
  });

  it('lets both stand while the earlier one is passed on', async () => {
    const { decide, standing } = await disputed(true);
    expect((await decide('stands')).standing).toBe('first');
    expect(await standing()).toBe('first');
  });

  it('confirms a duplicate', async () => {
    const { world, second, decide, standing } = await disputed(true);
    expect(await decide('duplicate')).toMatchObject({ standing: 'displaced', decision: { outcome: 'duplicate' } });
    expect(await standing()).toBe('first');
    expect(
      await refusal(world.walk(only(second.leads).lead.id, [sourceStaff(OTHER_SOURCE), { move: 'push' }])),
    ).toMatchObject({ issues: [{ code: 'reportDoesNotStand' }] });
  });

  it('is made once, by a coordinator, on the version read', async () => {
    const { world, first, second, decide } = await disputed(true);
    expect(await refusal(decide('stands', 9))).toMatchObject({
      code: 'versionConflict',
      params: { currentVersion: 1 },
    });
    const own = world
      .as(sourceStaff(OTHER_SOURCE))
      .decideReport(second.report.id, 1, { outcome: 'stands', reason: 'x' });
    expect(await refusal(own)).toMatchObject({ code: 'forbidden' });
    const both = await Promise.allSettled([decide('stands'), decide('duplicate')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(decide('stands', 2))).toMatchObject({
      code: 'moveRefused',
      issues: [{ code: 'alreadyDone' }],
    });
    const { id, version } = await world.as(coordinator).getReport(first.report.id);
    const onFirst = world.as(coordinator).decideReport(id, version, { outcome: 'duplicate', reason: 'x' });
    expect(await refusal(onFirst)).toMatchObject({ code: 'moveRefused' });
  });
});
