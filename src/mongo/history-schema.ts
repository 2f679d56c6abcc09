import { type Connection, type Model, Schema } from 'mongoose';
import type { HistoryEntry } from '../domain/rematch.js';
import { malformed } from './errors.js';

const PLACE_DIGITS = 9;

/** An entry as it stands in the collection `needHistory`: written once, never changed. */
export interface HistoryDocument extends HistoryEntry {
  /** `historyPlace`: a position is written once. */
  readonly _id: string;
}

const schema = new Schema<HistoryDocument>(
  {
    _id: { type: String, required: true },
    needId: { type: String, required: true },
    position: { type: Number, required: true, min: 1 },
    at: { type: String, required: true },
    needVersion: { type: Number, required: true, min: 1 },
    // Made by the engine, never by a request; casting them again would only cost time.
    changes: { type: [Schema.Types.Mixed], required: true },
    changesTotal: { type: Number, required: true, min: 0 },
    fromResultId: { type: String, default: null },
    toResultId: { type: String, required: true },
    difference: { type: Schema.Types.Mixed, default: null },
    announced: { type: String, default: null },
  },
  { collection: 'needHistory', strict: 'throw', minimize: false, versionKey: false, id: false },
);

/** The model of the collection on this connection. */
export function historyModel(connection: Connection): Model<HistoryDocument> {
  return connection.model<HistoryDocument>('NeedHistory', schema);
}

/** The id of the document at a place of a need's history; ids of a need are ordered as its positions. */
export function historyPlace(needId: string, position: number): string {
  return `${needId}:${String(position).padStart(PLACE_DIGITS, '0')}`;
}

/** The document of an entry. */
export function fromHistoryEntry(entry: HistoryEntry): HistoryDocument {
  return { _id: historyPlace(entry.needId, entry.position), ...entry };
}

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of an entry.
 */
export function toHistoryEntry(document: HistoryDocument): HistoryEntry {
  const { _id, needId, position, at, needVersion, changes, changesTotal, toResultId } = document;
  const whole =
    Number.isInteger(position) &&
    Number.isInteger(needVersion) &&
    typeof at === 'string' &&
    typeof toResultId === 'string' &&
    Array.isArray(changes);
  if (!whole) throw malformed('needHistory', _id);
  return {
    needId,
    position,
    at,
    needVersion,
    changes,
    changesTotal,
    fromResultId: document.fromResultId ?? null,
    toResultId,
    difference: document.difference ?? null,
    announced: document.announced ?? null,
  };
}
