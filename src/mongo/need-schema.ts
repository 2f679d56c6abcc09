import { type Connection, type Model, Schema } from 'mongoose';
import type { Adcode } from '../domain/county.js';
import type { Need, StoredNeed } from '../domain/need.js';
import { readJson } from '../ports/read-json.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

/** A need as it stands in the collection `needs`. One document: the current version, all versions and the matching. */
export interface NeedDocument extends Omit<StoredNeed, 'id' | 'need' | 'history'>, OutboxDocument {
  readonly _id: string;
  /** Of the firm. */
  readonly countyAdcode: Adcode;
  /** All versions as JSON, `StoredNeed.history`: only ever read whole, while the matching beside them is often written. */
  readonly versions: string;
  /** When it was last changed or settled. Absent in documents written before needs were matched again. */
  readonly touchedAt?: string;
}

const schema = new Schema<NeedDocument>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    countyAdcode: { type: String, required: true },
    versions: { type: String, required: true },
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
schema.index({ countyAdcode: 1, createdAt: -1, _id: -1 });
schema.index({ 'matching.status': 1, updatedAt: 1, _id: 1 });
schema.index({ touchedAt: 1, _id: 1 });

/** The model of the collection on this connection. */
export function needModel(connection: Connection): Model<NeedDocument> {
  return connection.model<NeedDocument>('Need', schema);
}

/** The document of a need. */
export function fromStoredNeed(stored: StoredNeed): NeedDocument {
  const { id, need, history, ...rest } = stored;
  const own = { countyAdcode: need.firm.countyAdcode, versions: JSON.stringify(history) };
  return { _id: id, ...rest, ...own, touchedAt: stored.updatedAt };
}

const isNeed = (value: unknown): value is Need =>
  typeof value === 'object' && value !== null && 'firm' in value && 'land' in value && 'gbt' in value;

const isPast = (value: unknown): value is StoredNeed['history'][number] =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  'need' in value &&
  isNeed(value.need) &&
  'at' in value &&
  typeof value.at === 'string';

const isHistory = (value: unknown): value is StoredNeed['history'] => Array.isArray(value) && value.every(isPast);

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of a need.
 */
export function toStoredNeed(document: NeedDocument): StoredNeed {
  const { _id, version, versions, createdAt, updatedAt, matching, firstBodyDigest } = document;
  const history = readJson(versions);
  const current = isHistory(history) ? history.at(-1) : undefined;
  const whole =
    Number.isInteger(version) &&
    current?.version === version &&
    typeof createdAt === 'string' &&
    typeof updatedAt === 'string' &&
    ['pending', 'ready', 'failed'].includes(matching?.status);
  if (!whole || current === undefined || !isHistory(history)) throw malformed('needs', _id);
  return {
    id: _id,
    version,
    need: current.need,
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
