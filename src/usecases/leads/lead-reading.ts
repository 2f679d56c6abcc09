import type { Caller } from '../../domain/access.js';
import type { LeadUseCases } from '../lead-use-cases.js';
import { createLeadViews, type LeadViewDeps } from './lead-views.js';
import { type FunnelDeps, readFunnel } from './read-funnel.js';
import { type InboxDeps, readInbox } from './read-inbox.js';
import { type PlanDeps, readPlan } from './read-plan.js';

/** What plans, inboxes and funnels are read from. */
export type LeadReadingDeps = LeadViewDeps & Omit<PlanDeps, 'views'> & Omit<InboxDeps, 'views'> & FunnelDeps;

/** What is read from leads, as one caller may see it. Made for each request. */
export function createLeadReading(
  deps: LeadReadingDeps,
  caller: Caller,
): Pick<LeadUseCases, 'readPlan' | 'readInbox' | 'readFunnel'> {
  const views = createLeadViews(deps, caller);
  return {
    readPlan: (id) => readPlan({ ...deps, views }, caller, id),
    readInbox: (cursor, limit) => readInbox({ ...deps, views }, caller, cursor, limit),
    readFunnel: (input) => readFunnel(deps, caller, input),
  };
}
