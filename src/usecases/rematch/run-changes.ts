import type { Caller } from '../../domain/access.js';
import { type Change, type PlainFacts, PROVINCE_CHAIN } from '../../domain/change.js';
import type { RematchRun, RematchSchedule } from '../../domain/rematch.js';
import { changeBy } from '../leads/lead-changes.js';

/** The change by which somebody started a run: in the province's trail where it is of all needs. */
export function runChange(caller: Caller, { id, reason, countyAdcode, startedAt }: RematchRun): Change {
  return changeBy(caller, {
    type: 'rematch.started',
    at: startedAt,
    object: { kind: 'run', id, version: 1 },
    chains: [countyAdcode ?? PROVINCE_CHAIN],
    before: null,
    after: { reason, countyAdcode },
    scheme: null,
  });
}

const scheduleFacts = ({ cron, version }: RematchSchedule): PlainFacts => ({ cron, version });

/** The change that made this version of a county's schedule, which goes by the county; `before` is null for its first. */
export function scheduleChange(
  caller: Caller,
  at: string,
  schedule: RematchSchedule,
  before: RematchSchedule | null,
): Change {
  const { countyAdcode, version } = schedule;
  return changeBy(caller, {
    type: 'rematch.rescheduled',
    at,
    object: { kind: 'schedule', id: countyAdcode, version },
    chains: [countyAdcode],
    before: before === null ? null : scheduleFacts(before),
    after: scheduleFacts(schedule),
    scheme: null,
  });
}
