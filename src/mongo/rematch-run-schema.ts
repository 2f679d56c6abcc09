import { type Connection, type Model, Schema } from 'mongoose';
import type { RematchRun, RematchSchedule } from '../domain/rematch.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

/** Collections whose documents have an outbox. */
export const REMATCH_RUNS = 'rematchRuns';
export const REMATCH_SCHEDULES = 'rematchSchedules';

/** A run as it stands in the collection `rematchRuns`. */
export interface RematchRunDocument extends Omit<RematchRun, 'id'>, OutboxDocument {}

/** A schedule as it stands in the collection `rematchSchedules`; `_id` is the county. */
export interface RematchScheduleDocument extends Omit<RematchSchedule, 'countyAdcode'>, OutboxDocument {}

const runSchema = new Schema<RematchRunDocument>(
  {
    _id: { type: String, required: true },
    reason: { type: String, required: true, enum: ['nightly', 'edition', 'day', 'manual'] },
    countyAdcode: { type: String, default: null },
    state: { type: String, required: true, enum: ['waiting', 'running', 'done', 'failed'] },
    total: { type: Number, required: true, min: 0 },
    done: { type: Number, required: true, min: 0 },
    changed: { type: Number, required: true, min: 0 },
    cursor: { type: String, default: null },
    startedAt: { type: String, required: true },
    updatedAt: { type: String, required: true },
    finishedAt: { type: String, default: null },
    workedMs: { type: Number, required: true, min: 0 },
    outbox: OUTBOX_FIELD,
  },
  { collection: REMATCH_RUNS, strict: 'throw', minimize: false, versionKey: false, id: false },
);
runSchema.index({ state: 1, startedAt: 1, _id: 1 });
runSchema.index({ startedAt: -1, _id: -1 });
runSchema.index({ countyAdcode: 1, startedAt: -1, _id: -1 });

const scheduleSchema = new Schema<RematchScheduleDocument>(
  {
    _id: { type: String, required: true },
    cron: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    outbox: OUTBOX_FIELD,
  },
  { collection: REMATCH_SCHEDULES, strict: 'throw', minimize: false, versionKey: false, id: false },
);

/** The models of both collections on this connection. */
export function rematchRunModels(connection: Connection): {
  readonly runs: Model<RematchRunDocument>;
  readonly schedules: Model<RematchScheduleDocument>;
} {
  return {
    runs: connection.model<RematchRunDocument>('RematchRun', runSchema),
    schedules: connection.model<RematchScheduleDocument>('RematchSchedule', scheduleSchema),
  };
}

/** The document of a run, without its outbox. */
export function fromRematchRun(run: RematchRun): Omit<RematchRunDocument, 'outbox'> {
  const { id, ...rest } = run;
  return { _id: id, ...rest };
}

/**
 * Reads a document back, without its outbox.
 * @throws AppError `internal` if it does not have the form of a run.
 */
export function toRematchRun(document: RematchRunDocument): RematchRun {
  const { _id, reason, countyAdcode, state, total, done, changed, cursor, ...times } = document;
  const { startedAt, updatedAt, finishedAt, workedMs } = times;
  const whole =
    ['waiting', 'running', 'done', 'failed'].includes(state) &&
    [total, done, changed, workedMs].every(Number.isFinite) &&
    typeof startedAt === 'string';
  if (!whole) throw malformed(REMATCH_RUNS, _id);
  return {
    id: _id,
    reason,
    countyAdcode: countyAdcode ?? null,
    state,
    total,
    done,
    changed,
    cursor: cursor ?? null,
    startedAt,
    updatedAt,
    finishedAt: finishedAt ?? null,
    workedMs,
  };
}
