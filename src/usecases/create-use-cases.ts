import { AppError } from '../domain/errors.js';
import type { HealthProbe } from '../ports/health.js';
import type { JobBoard, ResultSignal } from '../ports/match-queue.js';
import type { ParkStore } from '../ports/park-store.js';
import type { ResultStore } from '../ports/result-store.js';
import { getPark, listChains, listCounties, listParks, searchIndustries, updateInventory } from './browse.js';
import { readCoverage } from './coverage.js';
import { readFeedback } from './feedback.js';
import { readMatches, readMatchesJson } from './read-matches.js';
import { type NeedDeps, reviseNeed, submitNeed } from './submit-need.js';
import type { UseCases } from './use-cases.js';
import { type WhatIfDeps, whatIf } from './what-if.js';

/** How long readiness waits for each of its probes. */
const PROBE_LIMIT_MS = 1_500;

export interface UseCaseDeps extends NeedDeps, Pick<WhatIfDeps, 'snapshots' | 'robustnessRunner' | 'staleAfterDays'> {
  readonly parkStore: ParkStore;
  readonly resultStore: ResultStore;
  readonly resultSignal: ResultSignal;
  readonly jobBoard: JobBoard;
  readonly probes: readonly HealthProbe[];
}

/** Binds every use case to its ports. */
export function createUseCases(deps: UseCaseDeps): UseCases {
  return {
    submitNeed: (need, idempotencyKey) => submitNeed(deps, need, idempotencyKey),
    reviseNeed: (id, expectedVersion, need) => reviseNeed(deps, id, expectedVersion, need),
    async getNeed(id) {
      const stored = await deps.needStore.get(id);
      if (stored === null) throw new AppError('notFound', { params: { what: 'need' } });
      return stored;
    },
    listNeeds: (cursor, limit) => deps.needStore.list(cursor, limit),
    readMatches: (id, waitMs, signal) => readMatches(deps, id, waitMs, signal),
    readMatchesJson: (id, waitMs, signal) => readMatchesJson(deps, id, waitMs, signal),
    whatIf: (id, supposition, signal) => whatIf(deps, id, supposition, signal),
    listParks: (filter, cursor, limit) => listParks(deps, filter, cursor, limit),
    getPark: (id) => getPark(deps, id),
    updateInventory: (id, expectedVersion, inventory) => updateInventory(deps, id, expectedVersion, inventory),
    listCounties: (filter, cursor, limit) => listCounties(deps, filter, cursor, limit),
    listChains: (cursor, limit) => listChains(deps, cursor, limit),
    readCoverage: (chainId, county, cursor, limit) => readCoverage(deps, chainId, county, cursor, limit),
    readFeedback: (county, cursor, limit) => readFeedback(deps, county, cursor, limit),
    searchIndustries: (query, limit) => searchIndustries(deps, query, limit),
    listFailedJobs: (offset, limit) => deps.jobBoard.failed(offset, limit),
    async readiness() {
      const answers = await Promise.all(
        deps.probes.map(async (probe) => [probe.name, await probe.check(PROBE_LIMIT_MS)] as const),
      );
      const checks = { mongo: false, redis: false, workers: false, ...Object.fromEntries(answers) };
      return { ready: checks.mongo && checks.redis && checks.workers, checks };
    },
  };
}
