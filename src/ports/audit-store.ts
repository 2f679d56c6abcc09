import type { AuditEntry, Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Page } from './need-store.js';

/** What a reader of the trail may narrow it to. */
export interface AuditFilter {
  readonly chain: Adcode;
  /** An object's id. */
  readonly objectId?: string;
  readonly type?: string;
  /** ISO times, both included. */
  readonly from?: string;
  readonly to?: string;
}

/** Keeps the audit chains: append only. Raises `storeUnavailable` when the store is away. */
export interface AuditStore {
  /**
   * Appends the changes to the chain in their order; a change that is in the chain already is passed over. Several
   * processes may append at once: entries never fork, for a position is written once.
   */
  append(chain: Adcode, changes: readonly Change[]): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, cursor: string | null, limit: number): Promise<Page<AuditEntry>>;
  /**
   * What stands at the `limit` places of a chain from a position on, in the order of the places: for verification. An
   * entry's own word for its position is not asked; a place where nothing stands is passed over.
   */
  read(chain: Adcode, fromPosition: number, limit: number): Promise<readonly AuditEntry[]>;
  /** The last position and hash that the store vouches for apart from the entries; null where nothing was appended. */
  head(chain: Adcode): Promise<{ readonly position: number; readonly hash: string } | null>;
  /** Every chain there is, by adcode. */
  chains(): Promise<readonly Adcode[]>;
}

/** The cursor after an entry. */
export function auditCursor(entry: AuditEntry): string {
  return encodeCursor({ createdAt: entry.change.at, id: String(entry.position) });
}

/**
 * The position after which the page of a cursor begins.
 * @throws AppError `invalidInput` with the issue `cursor: badCursor` for what `auditCursor` did not make.
 */
export function positionOfCursor(cursor: string): number {
  const { id } = decodeCursor(cursor);
  if (/^[1-9]\d{0,11}$/.test(id)) return Number(id);
  throw new AppError('invalidInput', { issues: [{ field: 'cursor', code: 'badCursor' }] });
}
