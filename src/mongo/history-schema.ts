import { type Connection, type Model, Schema } from 'mongoose';
import type { HistoryEntry } from '../domain/rematch.js';
import type { HistoryStep } from '../ports/history-store.js';
import { readJson } from '../ports/read-json.js';
import { malformed } from './errors.js';

const PLACE_DIGITS = 9;

/** An entry as it stands in the collection `needHistory`: written once, never changed. */
export interface HistoryDocument extends Omit<HistoryEntry, 'changes' | 'difference'> {
  /** `historyPlace`: a position is written once. */
  readonly _id: string;
  /** What changed and what moved, as JSON: it is only ever read whole, and many are written at once. */
  readonly text: string;
  /** `outlineText` of the result it leads to, where that was not stored whole. */
  readonly outline?: string;
}

const schema = new Schema<HistoryDocument>(
  {
    _id: { type: String, required: true },
    needId: { type: String, required: true },
    position: { type: Number, required: true, min: 1 },
    at: { type: String, required: true },
    needVersion: { type: Number, required: true, min: 1 },
    changesTotal: { type: Number, required: true, min: 0 },
    fromResultId: { type: String, default: null },
    toResultId: { type: String, required: true },
    text: { type: String, required: true },
    outline: { type: String },
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

/** The document of a step. */
export function fromHistoryStep({ changes, difference, outline, ...entry }: HistoryStep): HistoryDocument {
  const text = `{"changes":${JSON.stringify(changes)},"difference":${difference ?? 'null'}}`;
  const _id = historyPlace(entry.needId, entry.position);
  return { _id, ...entry, text, ...(outline !== null && { outline }) };
}

/** Where all documents of a need stand, and no others. */
export function historyOf(needId: string): { readonly $gt: string; readonly $lt: string } {
  return { $gt: `${needId}:`, $lt: `${needId};` };
}

type HistoryText = Pick<HistoryEntry, 'changes' | 'difference'>;

const isText = (value: unknown): value is HistoryText =>
  typeof value === 'object' &&
  value !== null &&
  'changes' in value &&
  Array.isArray(value.changes) &&
  'difference' in value;

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of an entry.
 */
export function toHistoryEntry(document: HistoryDocument): HistoryEntry {
  const { _id, needId, position, at, needVersion, changesTotal, toResultId, text } = document;
  const whole =
    Number.isInteger(position) &&
    Number.isInteger(needVersion) &&
    typeof at === 'string' &&
    typeof toResultId === 'string';
  const told = readJson(text);
  if (!whole || !isText(told)) throw malformed('needHistory', _id);
  return {
    needId,
    position,
    at,
    needVersion,
    changes: told.changes,
    changesTotal,
    fromResultId: document.fromResultId ?? null,
    toResultId,
    difference: told.difference,
    announced: document.announced ?? null,
  };
}
