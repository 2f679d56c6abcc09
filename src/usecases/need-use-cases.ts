import type { Caller } from '../domain/access.js';
import { type CoverageDeps, readCoverage } from './coverage.js';
import { type ReadDeps, readMatches, readMatchesJson } from './read-matches.js';
import { type NeedDeps, reviseNeed, submitNeed } from './submit-need.js';
import type { UseCases } from './use-cases.js';
import { visibleNeed } from './visible-need.js';
import { type WhatIfDeps, whatIf } from './what-if.js';

export type NeedUseCases = Pick<
  UseCases,
  'submitNeed' | 'reviseNeed' | 'getNeed' | 'listNeeds' | 'readMatches' | 'readMatchesJson' | 'whatIf' | 'readCoverage'
>;

export type NeedUseCaseDeps = NeedDeps & ReadDeps & WhatIfDeps & CoverageDeps;

/** Binds what is asked of needs to a caller: a county sees and writes the needs of its own firms, the province all. */
export function createNeedUseCases(deps: NeedUseCaseDeps, caller: Caller): NeedUseCases {
  return {
    submitNeed: (need, idempotencyKey) => submitNeed(deps, caller, need, idempotencyKey),
    reviseNeed: (id, expectedVersion, need) => reviseNeed(deps, caller, id, expectedVersion, need),
    getNeed: (id) => visibleNeed(deps.needStore, caller, id),
    listNeeds: (cursor, limit) => deps.needStore.list(caller.actor.countyAdcode, cursor, limit),
    readMatches: (id, waitMs, signal) => readMatches(deps, caller, id, waitMs, signal),
    readMatchesJson: (id, waitMs, signal) => readMatchesJson(deps, caller, id, waitMs, signal),
    whatIf: (id, supposition, signal) => whatIf(deps, caller, id, supposition, signal),
    readCoverage: (chainId, county, cursor, limit) => readCoverage(deps, caller, chainId, county, cursor, limit),
  };
}
