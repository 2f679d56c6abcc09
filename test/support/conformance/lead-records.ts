import type { Change, ChangedKind } from '../../../src/domain/change.js';
import type { Lead, LeadStep } from '../../../src/domain/lead.js';
import type { Report } from '../../../src/domain/report.js';
import type { Scheme, Sourced } from '../../../src/domain/scheme.js';
import { makeChange } from './changes.js';

const AT = '2026-03-02T01:00:00.000Z';

/** An id of the right form for a small number. */
export function idOf(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(24, '0')}`;
}

/** The change that made an object's version. */
export function changeOf(kind: ChangedKind, id: string, version: number): Change {
  return makeChange(version, { objectId: id, object: { kind, id, version } });
}

/** One step of a history: pushed to a county. */
export function pushedStep(hostAdcode: string, overrides: Partial<LeadStep> = {}): LeadStep {
  return {
    at: AT,
    by: 'user_1',
    party: 'source',
    move: 'push',
    from: 'registered',
    to: 'pushed',
    hostAdcode,
    parkId: 'park-1',
    reason: null,
    note: null,
    ...overrides,
  };
}

/** A lead pushed to 331102 that waits for it; `overrides` say the rest. */
export function makeLead(number: number, overrides: Partial<Lead> = {}): Lead {
  const hostAdcode = overrides.hostAdcode ?? '331102';
  return {
    id: idOf('lead', number),
    needId: idOf('need', 1),
    needVersion: 1,
    sourceAdcode: '330782',
    hostAdcode,
    parkId: 'park-1',
    scheme: 'zj-pairing@1',
    reportId: idOf('report', 1),
    gbt: '3985',
    chainId: null,
    investWan: 12_800,
    stage: 'pushed',
    disclosedAt: null,
    transferAgreedAt: null,
    claim: null,
    history: [pushedStep(hostAdcode)],
    clocks: [
      { kind: 'response', startedAt: AT, dueAt: '2026-03-03T16:00:00.000Z', dueToldAt: null, overdueToldAt: null },
    ],
    waitsFor: { party: 'host', adcode: hostAdcode, dueAt: '2026-03-03T16:00:00.000Z' },
    nextClockAt: '2026-03-03T01:00:00.000Z',
    createdAt: AT,
    updatedAt: AT,
    version: 1,
    ...overrides,
  };
}

/** A lead that nobody has pushed yet. */
export function makeRegisteredLead(number: number, overrides: Partial<Lead> = {}): Lead {
  return makeLead(number, {
    stage: 'registered',
    history: [],
    clocks: [],
    waitsFor: { party: 'source', adcode: '330782', dueAt: null },
    nextClockAt: null,
    ...overrides,
  });
}

/** A report at a position, the first of its project. */
export function makeReport(position: number, overrides: Partial<Report> = {}): Report {
  return {
    id: idOf('report', position),
    position,
    needId: idOf('need', position),
    sourceAdcode: '330782',
    creditCode: null,
    firmName: '测试',
    project: '扩产',
    investWan: 100,
    reportedAt: AT,
    protectedUntil: '2026-06-02T16:00:00.000Z',
    scheme: 'zj-pairing@1',
    standing: 'first',
    candidates: [],
    decision: null,
    version: 1,
    ...overrides,
  };
}

/** A scheme whose every rule has the plainest value; `rules` replaces some. */
export function makeScheme(
  overrides: Partial<Omit<Scheme, 'rules'>> & { readonly rules?: Partial<Scheme['rules']> } = {},
): Scheme {
  const sourced = <T>(value: T): Sourced<T> => ({
    value,
    provenance: { source: 'test', basis: 'sample', asOf: '2026-01-01' },
  });
  const { rules, ...rest } = overrides;
  return {
    id: 'zj-pairing',
    version: 1,
    title: '测试规则',
    from: '2026-01-01',
    publishedAt: '2025-12-31T00:00:00.000Z',
    publishedBy: 'system',
    ...rest,
    rules: {
      responseWorkingDays: sourced(1),
      assessmentWorkingDays: sourced(3),
      feedbackDays: sourced(7),
      progressDays: sourced(14),
      protectionDays: sourced(90),
      countsExpansionsOfLanded: sourced(true),
      minInvestWan: sourced(0),
      openPushesAtMost: sourced(3),
      sameTimeHours: sourced(24),
      tieRule: sourced('coordinator'),
      softHoldDays: sourced(30),
      firmHoldDays: sourced(180),
      holdExtensionsAtMost: sourced(2),
      outputShare: sourced({ source: 0.5, host: 0.5 }),
      taxShare: sourced({ source: 0.5, host: 0.5 }),
      landIndicatorShare: sourced({ source: 0.5, host: 0.5 }),
      ...rules,
    },
  };
}
