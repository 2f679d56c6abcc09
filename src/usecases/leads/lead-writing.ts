import type { Caller } from '../../domain/access.js';
import type { LeadUseCases } from '../lead-use-cases.js';
import { decideReport, reportOfCaller, reportViewOf } from './first-reports.js';
import { leadOfCaller } from './lead-parties.js';
import { createLeadViews } from './lead-views.js';
import type { LeadWritingDeps } from './lead-writing-deps.js';
import { moveLead } from './move-lead.js';
import { registerLeads } from './register-leads.js';
import { publishScheme } from './schemes.js';

export type { LeadWritingDeps } from './lead-writing-deps.js';

/** Leads, first reports and schemes, as one caller may see and change them. Made for each request. */
export function createLeadWriting(
  deps: LeadWritingDeps,
  caller: Caller,
): Pick<
  LeadUseCases,
  | 'registerLeads'
  | 'moveLead'
  | 'getLead'
  | 'listLeads'
  | 'getReport'
  | 'decideReport'
  | 'listSchemes'
  | 'publishScheme'
> {
  const { role, countyAdcode } = caller.actor;
  const visibleTo = role === 'coordinator' ? null : countyAdcode;
  const views = createLeadViews(deps, caller);

  return {
    async registerLeads(input) {
      const { report, leads } = await registerLeads(deps, caller, input);
      return { report: reportViewOf(report), leads: await views.viewsOf(leads) };
    },
    async moveLead(id, expectedVersion, request) {
      return views.viewOf(await moveLead(deps, caller, id, expectedVersion, request));
    },
    async getLead(id) {
      return views.viewOf(await leadOfCaller(deps.leadStore, caller, id));
    },
    async listLeads(filter, cursor, limit) {
      const { items, nextCursor } = await deps.leadStore.list({ ...filter, visibleTo }, cursor, limit);
      return { items: await views.viewsOf(items), nextCursor };
    },
    async getReport(id) {
      return reportViewOf(await reportOfCaller(deps, caller, id));
    },
    async decideReport(id, expectedVersion, decision) {
      return reportViewOf(await decideReport(deps, caller, id, expectedVersion, decision));
    },
    listSchemes: () => deps.schemeStore.all(),
    publishScheme: (id, expectedVersion, next) => publishScheme(deps, caller, id, expectedVersion, next),
  };
}
