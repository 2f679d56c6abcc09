import type { Caller } from '../domain/access.js';
import type { AuditStore } from '../ports/audit-store.js';
import type { Clock } from '../ports/clock.js';
import type { HealthProbe } from '../ports/health.js';
import type { HoldExpiry } from '../ports/hold-expiry.js';
import type { Ids } from '../ports/ids.js';
import type { JobBoard, ResultSignal } from '../ports/match-queue.js';
import type { ParkStore } from '../ports/park-store.js';
import type { ResultStore } from '../ports/result-store.js';
import { createAccountUseCases } from './accounts/create-account-use-cases.js';
import type { AccountDeps } from './accounts/settings.js';
import { createAuditUseCases } from './audit.js';
import { getPark, listChains, listCounties, listParks, searchIndustries, updateInventory } from './browse.js';
import { readFeedback } from './feedback.js';
import { createHoldUseCases } from './holds/create-hold-use-cases.js';
import { createLeadReading } from './leads/lead-reading.js';
import { createLeadWriting, type LeadWritingDeps } from './leads/lead-writing.js';
import { createNeedUseCases, type NeedUseCaseDeps } from './need-use-cases.js';
import { createRematchUseCases, type RematchUseCaseDeps } from './rematch/create-rematch-use-cases.js';
import type { PublicUseCases, UseCases } from './use-cases.js';
import { createWebhookUseCases, type WebhookDeps } from './webhooks/create-webhook-use-cases.js';

/** How long readiness waits for each of its probes. */
const PROBE_LIMIT_MS = 1_500;

/** All that the use cases need from outside. */
export interface UseCaseDeps
  extends Omit<NeedUseCaseDeps, 'clock' | 'ids'>,
    Omit<LeadWritingDeps, 'needStore' | 'parkStore' | 'clock' | 'ids'>,
    AccountDeps,
    Omit<RematchUseCaseDeps, 'needStore' | 'clock' | 'ids'>,
    Omit<WebhookDeps, 'clock' | 'ids'> {
  readonly parkStore: ParkStore;
  readonly resultStore: ResultStore;
  readonly resultSignal: ResultSignal;
  readonly auditStore: AuditStore;
  readonly holdExpiry: HoldExpiry;
  readonly jobBoard: JobBoard;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Binds every use case to its ports and to who asks. Made for each request. */
export function createUseCases(deps: UseCaseDeps, caller: Caller): UseCases {
  return {
    ...createNeedUseCases(deps, caller),
    listParks: (filter, cursor, limit) => listParks(deps, filter, cursor, limit),
    getPark: (id) => getPark(deps, id),
    updateInventory: (id, expectedVersion, inventory) => updateInventory(deps, caller, id, expectedVersion, inventory),
    listCounties: (filter, cursor, limit) => listCounties(deps, filter, cursor, limit),
    listChains: (cursor, limit) => listChains(deps, cursor, limit),
    readFeedback: (county, cursor, limit) => readFeedback(deps, county, cursor, limit),
    searchIndustries: (query, limit) => searchIndustries(deps, query, limit),
    listFailedJobs: (offset, limit) => deps.jobBoard.failed(offset, limit),
    ...createAccountUseCases(deps, caller),
    ...createLeadWriting(deps, caller),
    ...createLeadReading({ ...deps, accountStore: deps.accounts }, caller),
    ...createHoldUseCases(deps, caller),
    ...createAuditUseCases(deps, caller),
    ...createRematchUseCases(deps, caller),
    ...createWebhookUseCases(deps, caller),
  };
}

/** What may be asked without being signed in. */
export function createPublicUseCases(deps: { readonly probes: readonly HealthProbe[] }): PublicUseCases {
  return {
    async readiness() {
      const answers = await Promise.all(
        deps.probes.map(async (probe) => [probe.name, await probe.check(PROBE_LIMIT_MS)] as const),
      );
      const checks = { mongo: false, redis: false, workers: false, ...Object.fromEntries(answers) };
      return { ready: checks.mongo && checks.redis && checks.workers, checks };
    },
  };
}
