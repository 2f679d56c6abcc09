import { AppError } from '../../src/domain/errors.js';
import type { AuditUseCases } from '../../src/usecases/audit-use-cases.js';
import type { LeadUseCases } from '../../src/usecases/lead-use-cases.js';

async function none(): Promise<never> {
  throw new AppError('notFound');
}
const emptyPage = async () => ({ items: [], nextCursor: null });

/** A province without leads: lists are empty, and what is asked for by its id is not there. */
export const noLeads: LeadUseCases & AuditUseCases = {
  registerLeads: none,
  listLeads: emptyPage,
  getLead: none,
  moveLead: none,
  readPlan: none,
  readInbox: emptyPage,
  readFunnel: none,
  getReport: none,
  decideReport: none,
  listSchemes: async () => [],
  publishScheme: none,
  placeHold: none,
  extendHold: none,
  releaseHold: none,
  readCapacity: none,
  listAudit: emptyPage,
};
