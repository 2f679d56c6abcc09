import type { Caller } from '../../domain/access.js';
import type { HistoryStore } from '../../ports/history-store.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { RematchUseCases } from '../rematch-use-cases.js';
import { readHistory } from './history.js';
import { getRun, listRuns, listSchedules, putSchedule, type RunDeps, startRematch } from './runs.js';

/** What reading and steering rematching needs from outside. */
export interface RematchUseCaseDeps extends RunDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly historyStore: Pick<HistoryStore, 'list'>;
}

/** Binds the use cases of rematching to a caller. */
export function createRematchUseCases(deps: RematchUseCaseDeps, caller: Caller): RematchUseCases {
  return {
    readHistory: (needId, cursor, limit) => readHistory(deps, caller, needId, cursor, limit),
    startRematch: () => startRematch(deps, caller),
    getRun: (id) => getRun(deps, caller, id),
    listRuns: (cursor, limit) => listRuns(deps, caller, cursor, limit),
    listSchedules: () => listSchedules(deps, caller),
    putSchedule: (countyAdcode, expectedVersion, cron) =>
      putSchedule(deps, caller, countyAdcode, expectedVersion, cron),
  };
}
