import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditEntry, Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { auditKey } from '../ports/audit-chain.js';
import { malformed } from './errors.js';

const PLACE_DIGITS = 12;

/** An entry as it stands in the collection `auditEntries`: written once, never changed. */
export interface AuditDocument extends AuditEntry {
  /** `auditPlace`: a position is written once. */
  readonly _id: string;
  /** `auditKey`: a change is in a chain once. */
  readonly key: string;
}

/** The last entry of a chain as it stands in the collection `auditHeads`; `_id` is the chain. */
export interface AuditHeadDocument {
  readonly _id: Adcode;
  readonly position: number;
  readonly hash: string;
}

const entrySchema = new Schema<AuditDocument>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    chain: { type: String, required: true },
    position: { type: Number, required: true },
    previousHash: { type: String, required: true },
    hash: { type: String, required: true },
    // Sealed as it is: casting it could change what the hash covers.
    change: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'auditEntries', strict: 'throw', minimize: false, versionKey: false, id: false },
);
entrySchema.index({ key: 1 }, { unique: true });
entrySchema.index({ chain: 1, position: -1 });
entrySchema.index({ chain: 1, 'change.object.id': 1, position: -1 });
entrySchema.index({ chain: 1, 'change.type': 1, position: -1 });

const headSchema = new Schema<AuditHeadDocument>(
  {
    _id: { type: String, required: true },
    position: { type: Number, required: true },
    hash: { type: String, required: true },
  },
  { collection: 'auditHeads', strict: 'throw', versionKey: false, id: false },
);

/** The models of both collections on this connection. */
export function auditModels(connection: Connection): {
  readonly entries: Model<AuditDocument>;
  readonly heads: Model<AuditHeadDocument>;
} {
  return {
    entries: connection.model<AuditDocument>('AuditEntry', entrySchema),
    heads: connection.model<AuditHeadDocument>('AuditHead', headSchema),
  };
}

/** The id of the document at a place of a chain; ids of a chain are ordered as its positions. */
export function auditPlace(chain: Adcode, position: number): string {
  return `${chain}:${String(position).padStart(PLACE_DIGITS, '0')}`;
}

/** The document of an entry. */
export function fromAuditEntry(entry: AuditEntry): AuditDocument {
  return { _id: auditPlace(entry.chain, entry.position), key: auditKey(entry.chain, entry.change), ...entry };
}

const isChange = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && 'id' in value && 'at' in value && 'type' in value;

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of an entry.
 */
export function toAuditEntry({ _id, chain, position, previousHash, hash, change }: AuditDocument): AuditEntry {
  if (!Number.isInteger(position) || typeof hash !== 'string' || !isChange(change)) {
    throw malformed('auditEntries', _id);
  }
  return { chain, position, previousHash, hash, change };
}
