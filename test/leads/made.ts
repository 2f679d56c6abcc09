import type { Lead, LeadClock, LeadClockKind, MoveFacts } from '../../src/domain/lead.js';
import type { Need } from '../../src/domain/need.js';
import type { IsoDate } from '../../src/domain/provenance.js';
import type { Report } from '../../src/domain/report.js';
import type { Scheme, Sourced } from '../../src/domain/scheme.js';
import type { WorkCalendar } from '../../src/domain/work-calendar.js';
import { openLead } from '../../src/leads/machine.js';

/** Wednesday 2026-03-04, 10:00 in Asia/Shanghai. */
export const NOW = '2026-03-04T02:00:00.000Z';
export const SOURCE = '330782';
export const HOST = '331102';
export const OTHER_HOST = '331023';

const sourced = <T>(value: T): Sourced<T> => ({
  value,
  provenance: { source: '测试', basis: 'sample', asOf: '2026-01-01' },
});

type RuleValues = { readonly [Rule in keyof Scheme['rules']]: Scheme['rules'][Rule]['value'] };

/** The default rules of the issue, but for what is told. */
export function madeScheme(values: Partial<RuleValues> = {}): Scheme {
  const of = <Rule extends keyof RuleValues>(rule: Rule, usual: RuleValues[Rule]) => sourced(values[rule] ?? usual);
  return {
    id: 'made',
    version: 1,
    title: '测试规则',
    from: '2026-01-01',
    rules: {
      responseWorkingDays: of('responseWorkingDays', 1),
      assessmentWorkingDays: of('assessmentWorkingDays', 3),
      feedbackDays: of('feedbackDays', 7),
      progressDays: of('progressDays', 14),
      protectionDays: of('protectionDays', 180),
      countsExpansionsOfLanded: of('countsExpansionsOfLanded', false),
      minInvestWan: of('minInvestWan', 5_000),
      openPushesAtMost: of('openPushesAtMost', 2),
      sameTimeHours: of('sameTimeHours', 24),
      tieRule: of('tieRule', 'earlierRecord'),
      softHoldDays: of('softHoldDays', 30),
      firmHoldDays: of('firmHoldDays', 180),
      holdExtensionsAtMost: of('holdExtensionsAtMost', 2),
      outputShare: of('outputShare', { source: 0.4, host: 0.6 }),
      taxShare: of('taxShare', { source: 0.4, host: 0.6 }),
      landIndicatorShare: of('landIndicatorShare', { source: 0.5, host: 0.5 }),
    },
    publishedAt: NOW,
    publishedBy: 'system',
  };
}

export const weekdays: WorkCalendar = {
  knownUntil: '2026-12-31',
  isWorkingDay: (day: IsoDate) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()),
};

/** A registered lead, but for what is told. */
export function madeLead(changed: Partial<Lead> = {}): Lead {
  const lead = openLead({
    id: 'lead_1',
    needId: 'need_1',
    needVersion: 1,
    need: { gbt: '3985', investWan: 12_000 },
    chainId: 'semiconductor-materials',
    sourceAdcode: SOURCE,
    hostAdcode: HOST,
    parkId: '331102-1',
    scheme: { id: 'made', version: 1 },
    reportId: 'report_1',
    now: NOW,
    party: 'source',
  });
  return { ...lead, ...changed };
}

export function madeClock(kind: LeadClockKind, dueAt: string): LeadClock {
  return { kind, startedAt: NOW, dueAt, dueToldAt: null, overdueToldAt: null };
}

/** Facts under which everything outside the lead is in order. */
export function goodFacts(changed: Partial<MoveFacts> = {}): MoveFacts {
  return {
    hold: { kind: 'firm', until: '2026-09-01T00:00:00.000Z' },
    reportStands: true,
    openElsewhere: 0,
    targetAdcode: OTHER_HOST,
    firmLandedInHost: false,
    ...changed,
  };
}

/** A need with every figure and every secret. */
export const FULL_NEED: Need = {
  firm: { name: '浙江某某新材料有限公司', creditCode: '91330782MA0000000X', countyAdcode: SOURCE },
  title: '机密标题',
  description: '机密说明',
  gbt: '3985',
  chain: { links: ['quartz'], stage: 'upstream' },
  land: { minMu: 60, idealMu: 80 },
  energyTce: 4_000,
  powerKva: 9_000,
  waterM3PerDay: 300,
  emissions: { codT: 1.5 },
  workshopM2: 1_000,
  floorAreaM2: 30_000,
  investWan: 12_000,
  fixedInvestWan: 9_000,
  outputWan: 20_000,
  valueAddedWan: 5_000,
  taxWan: 900,
  workers: 200,
  neededBy: '2027-01-01',
  exclude: { counties: ['331121'] },
  weights: { distance: 3 },
};

/** A report that stands, but for what is told. */
export function madeReport(position: number, changed: Partial<Report> = {}): Report {
  return {
    id: `report_${position}`,
    position,
    needId: `need_${position}`,
    sourceAdcode: SOURCE,
    creditCode: null,
    firmName: `企业${position}`,
    project: `项目${position}`,
    investWan: 10_000,
    reportedAt: NOW,
    protectedUntil: '2026-09-01T00:00:00.000Z',
    scheme: 'made@1',
    standing: 'first',
    candidates: [],
    decision: null,
    version: 1,
    ...changed,
  };
}
