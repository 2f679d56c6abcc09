import type { Caller, Role } from '../../../src/domain/access.js';
import type { User } from '../../../src/domain/account.js';
import type { Adcode } from '../../../src/domain/county.js';
import type { Lead, LeadMove, LeadStage, LeadStep } from '../../../src/domain/lead.js';
import type { Provenance } from '../../../src/domain/provenance.js';
import type { Report } from '../../../src/domain/report.js';
import type { Scheme } from '../../../src/domain/scheme.js';

/** Counties and parks of the seed edition. */
export const YIWU = '330782';
export const LIANDU = '331102';
export const TONGXIANG = '330483';
export const TIANTAI = '331023';

export const START = '2026-03-02T01:00:00.000Z';
export const DAY_MS = 24 * 3_600_000;

/** So many days after START. */
export function dayAfter(days: number): string {
  return new Date(Date.parse(START) + days * DAY_MS).toISOString();
}

export function callerOf(role: Role, countyAdcode: Adcode | null): Caller {
  return { actor: { kind: 'user', id: `user_${role}`, role, countyAdcode, scopes: [] }, requestId: null };
}

const provenance: Provenance = { source: '测试规则', basis: 'public', asOf: '2026-01-01' };
const sourced = <T>(value: T) => ({ value, provenance });

export function makeScheme(change: Partial<Scheme> = {}): Scheme {
  return {
    id: 'zj-pairing',
    version: 1,
    title: '结对招商规则',
    from: '2026-01-01',
    rules: {
      responseWorkingDays: sourced(1),
      assessmentWorkingDays: sourced(3),
      feedbackDays: sourced(7),
      progressDays: sourced(14),
      protectionDays: sourced(180),
      countsExpansionsOfLanded: sourced(true),
      minInvestWan: sourced(0),
      openPushesAtMost: sourced(3),
      sameTimeHours: sourced(24),
      tieRule: sourced('earlierRecord'),
      softHoldDays: sourced(30),
      firmHoldDays: sourced(180),
      holdExtensionsAtMost: sourced(2),
      outputShare: sourced({ source: 0.5, host: 0.5 }),
      taxShare: sourced({ source: 0.4, host: 0.6 }),
      landIndicatorShare: sourced({ source: 0, host: 1 }),
    },
    publishedAt: '2026-01-01T00:00:00.000Z',
    publishedBy: 'user_coordinator',
    ...change,
  };
}

/** One step of a made history: the move, the stage it leads to, and on which day. */
export function step(move: LeadMove, to: LeadStage, days: number, change: Partial<LeadStep> = {}): LeadStep {
  return {
    at: dayAfter(days),
    by: 'user_x',
    party: 'host',
    move,
    from: 'registered',
    to,
    hostAdcode: LIANDU,
    parkId: '331102-01',
    reason: null,
    note: null,
    ...change,
  };
}

export function makeLead(number: number, change: Partial<Lead> = {}): Lead {
  const history = change.history ?? [step('push', 'pushed', 0)];
  return {
    id: `lead_${String(number).padStart(24, '0')}`,
    needId: `need_${String(number).padStart(24, '0')}`,
    needVersion: 1,
    sourceAdcode: YIWU,
    hostAdcode: LIANDU,
    parkId: '331102-01',
    scheme: 'zj-pairing@1',
    reportId: `report_${String(number).padStart(24, '0')}`,
    gbt: '3985',
    chainId: null,
    investWan: 8_000,
    disclosedAt: null,
    transferAgreedAt: null,
    claim: null,
    clocks: [],
    waitsFor: null,
    nextClockAt: null,
    createdAt: START,
    updatedAt: START,
    version: 1,
    ...change,
    stage: change.stage ?? history.at(-1)?.to ?? 'registered',
    history,
  };
}

export function makeReport(position: number, change: Partial<Report> = {}): Report {
  return {
    id: `report_${String(position).padStart(24, '0')}`,
    position,
    needId: `need_${String(position).padStart(24, '0')}`,
    sourceAdcode: YIWU,
    creditCode: null,
    firmName: '秘密企业',
    project: '秘密项目',
    investWan: 8_000,
    reportedAt: dayAfter(position),
    protectedUntil: dayAfter(position + 180),
    scheme: 'zj-pairing@1',
    standing: 'candidate',
    candidates: [],
    decision: null,
    version: 1,
    ...change,
  };
}

export function makeUser(number: number, change: Partial<User> = {}): User {
  return {
    id: `user_${String(number).padStart(24, '0')}`,
    loginName: `login-${number}`,
    displayName: `同事${number}`,
    role: 'sourceStaff',
    countyAdcode: YIWU,
    passwordHash: 'digest',
    mustChangePassword: false,
    disabled: false,
    demo: false,
    failedSignIns: 0,
    lockedUntil: null,
    createdAt: START,
    version: 1,
    ...change,
  };
}
