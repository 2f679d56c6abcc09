import {
  EXAMPLE_AUDIT,
  EXAMPLE_CAPACITY,
  EXAMPLE_FUNNEL,
  EXAMPLE_HOLD,
  EXAMPLE_LEAD,
  EXAMPLE_LEAD_VIEW,
  EXAMPLE_PLAN,
  EXAMPLE_REPORT,
  EXAMPLE_SCHEME,
} from '../../src/http/lead-examples.js';
import type { AuditUseCases } from '../../src/usecases/audit-use-cases.js';
import type { LeadUseCases, LeadView } from '../../src/usecases/lead-use-cases.js';

export const LEAD_ID = EXAMPLE_LEAD.id;
export const HOLD_ID = EXAMPLE_HOLD.id;
export const REPORT_ID = EXAMPLE_REPORT.id;

/** What nobody may learn of a blind lead. */
export const SECRETS = {
  name: '义乌甲乙丙科技有限公司',
  creditCode: '91330782MA29ABCD1X',
  title: '甲乙丙扩产项目',
  description: '甲乙丙要建两条线',
} as const;

const { title, description, name, creditCode } = SECRETS;

/** A lead whose firm is known. */
export const disclosedView: LeadView = {
  ...EXAMPLE_LEAD_VIEW,
  blind: false,
  lead: { ...EXAMPLE_LEAD, stage: 'assessed', disclosedAt: '2030-01-05T03:00:00.000Z', version: 5 },
  firm: { name, creditCode, countyAdcode: '330782' },
  title,
  description,
  moves: [
    { move: 'beginTalk', refusals: [{ code: 'needsHold', params: {} }] },
    { move: 'end', refusals: [] },
  ],
};

/** A view that is blind, made by a use case that forgot to take the firm out. */
export const forgetfulView: LeadView = {
  ...disclosedView,
  blind: true,
  lead: { ...disclosedView.lead, disclosedAt: null },
  profile: { ...disclosedView.profile, firm: disclosedView.firm, title, description } as LeadView['profile'],
};

/** Leads, holds and the trail as the examples show them. */
export const someLeads: LeadUseCases & AuditUseCases = {
  registerLeads: async () => ({ report: EXAMPLE_REPORT, leads: [EXAMPLE_LEAD_VIEW] }),
  listLeads: async () => ({ items: [EXAMPLE_LEAD_VIEW, disclosedView], nextCursor: 'next' }),
  getLead: async () => EXAMPLE_LEAD_VIEW,
  moveLead: async (_id, version) => ({ ...EXAMPLE_LEAD_VIEW, lead: { ...EXAMPLE_LEAD, version: version + 1 } }),
  readPlan: async () => EXAMPLE_PLAN,
  readInbox: async () => ({
    items: [
      { kind: 'lead', dueAt: '2026-03-02T16:00:00.000Z', overdue: false, view: EXAMPLE_LEAD_VIEW },
      { kind: 'report', dueAt: null, overdue: false, report: EXAMPLE_REPORT },
    ],
    nextCursor: null,
  }),
  readFunnel: async ({ by, from, to }) => ({ ...EXAMPLE_FUNNEL, by, from, to }),
  getReport: async () => EXAMPLE_REPORT,
  decideReport: async (_id, version, { outcome, reason }) => ({
    ...EXAMPLE_REPORT,
    standing: outcome === 'stands' ? 'first' : 'displaced',
    decision: { at: '2030-01-03T01:00:00.000Z', outcome, reason },
    version: version + 1,
  }),
  listSchemes: async () => [EXAMPLE_SCHEME],
  publishScheme: async (id, version, next) => ({ ...EXAMPLE_SCHEME, ...next, id, version: version + 1 }),
  placeHold: async () => ({ status: 'held', hold: EXAMPLE_HOLD, parkId: EXAMPLE_LEAD.parkId, lead: EXAMPLE_LEAD }),
  extendHold: async (_id, reason) => ({
    ...EXAMPLE_HOLD,
    extensions: [{ at: '2030-02-01T01:00:00.000Z', by: 'user_x', until: EXAMPLE_HOLD.until, reason }],
  }),
  releaseHold: async () => undefined,
  readCapacity: async () => EXAMPLE_CAPACITY,
  listAudit: async () => ({ items: [EXAMPLE_AUDIT], nextCursor: null }),
};
