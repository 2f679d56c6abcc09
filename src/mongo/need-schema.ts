import { type Connection, type Model, Schema } from 'mongoose';
import type { Need, StoredNeed } from '../domain/need.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

/** A need as it stands in the collection `needs`. One document: the current version, all versions and the matching. */
export interface NeedDocument extends Omit<StoredNeed, 'id'>, OutboxDocument {
  readonly _id: string;
  /** When it was last changed or settled. Absent in documents written before needs were matched again. */
  readonly touchedAt?: string;
}

const schema = new Schema<NeedDocument>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    // Checked against the request schema before it gets here; casting it again would only cost time.
    need: { type: Schema.Types.Mixed, required: true },
    history: { type: [Schema.Types.Mixed], required: true },
    createdAt: { type: String, required: true },
    updatedAt: { type: String, required: true },
    matching: {
      status: { type: String, required: true, enum: ['pending', 'ready', 'failed'] },
      resultId: { type: String, default: null },
      failure: { type: String, default: null },
      previousResultId: { type: String, default: null },
      announced: { type: Schema.Types.Mixed, default: null },
      sequence: { type: Number, default: 0 },
      steps: { type: Number },
    },
    touchedAt: { type: String },
    firstBodyDigest: { type: String, default: null },
    outbox: OUTBOX_FIELD,
  },
  { collection: 'needs', strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ createdAt: -1, _id: -1 });
schema.index({ 'need.firm.countyAdcode': 1, createdAt: -1, _id: -1 });
schema.index({ 'matching.status': 1, updatedAt: 1, _id: 1 });
schema.index({ touchedAt: 1, _id: 1 });

/** The model of the collection on this connection. */
export function needModel(connection: Connection): Model<NeedDocument> {
  return connection.model<NeedDocument>('Need', schema);
}

/** The document of a need. */
export function fromStoredNeed(stored: StoredNeed): NeedDocument {
  const { id, ...rest } = stored;
  return { _id: id, ...rest, touchedAt: stored.updatedAt };
}

const isNeed = (value: unknown): value is Need =>
  typeof value === 'object' && value !== null && 'firm' in value && 'land' in value && 'gbt' in value;

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of a need.
 */
export function toStoredNeed(document: NeedDocument): StoredNeed {
  const { _id, version, need, history, createdAt, updatedAt, matching, firstBodyDigest } = document;
  const whole =
    Number.isInteger(version) &&
    isNeed(need) &&
    Array.isArray(history) &&
    history.at(-1)?.version === version &&
    history.every((past) => isNeed(past.need) && typeof past.at === 'string') &&
    typeof createdAt === 'string' &&
    typeof updatedAt === 'string' &&
    ['pending', 'ready', 'failed'].includes(matching?.status);
  if (!whole) throw malformed('needs', _id);
  return {
    id: _id,
    version,
    need,
    history: history.map((past) => ({ version: past.version, need: past.need, at: past.at })),
    createdAt,
    updatedAt,
    matching: {
      status: matching.status,
      resultId: matching.resultId ?? null,
      failure: matching.failure ?? null,
      // Absent in documents written before needs were matched again.
      previousResultId: matching.previousResultId ?? null,
      announced: matching.announced ?? null,
      sequence: matching.sequence ?? 0,
      ...(typeof matching.steps === 'number' && { steps: matching.steps }),
    },
    firstBodyDigest: firstBodyDigest ?? null,
  };
}
