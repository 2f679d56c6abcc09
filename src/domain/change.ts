import type { Actor } from './access.js';
import type { Adcode } from './county.js';

/** The chain of what belongs to no single county: users, schemes. */
export const PROVINCE_CHAIN = '330000';

/** Codes, ids, numbers and dates; never a firm's or a person's data: those are referred to by id and version. */
export type PlainFacts = Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>;

/** What can be changed; the object's id tells which. */
export type ChangedKind =
  | 'need'
  | 'lead'
  | 'park'
  | 'report'
  | 'user'
  | 'session'
  | 'token'
  | 'scheme'
  | 'endpoint'
  | 'run'
  | 'schedule';

/**
 * One change, written into the document it changes by the same update (its outbox), and carried from there to the audit
 * trail and to subscribers. `id` is made of the object's id and version, so that carrying it twice changes nothing.
 */
export interface Change {
  /** `<object id>.<object version>` and, where one update makes several, `.<n>`. */
  readonly id: string;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly actor: Pick<Actor, 'kind' | 'id' | 'role' | 'countyAdcode'>;
  readonly requestId: string | null;
  /** e.g. `lead.pushed`, `hold.placed`, `need.revised`. */
  readonly type: string;
  readonly object: { readonly kind: ChangedKind; readonly id: string; readonly version: number };
  /** Counties whose trail it belongs to: one entry in each one's chain. `PROVINCE_CHAIN` for none. */
  readonly chains: readonly Adcode[];
  readonly before: PlainFacts | null;
  readonly after: PlainFacts | null;
  /** `id@version` of the scheme in force for the object; null where none is. */
  readonly scheme: string | null;
}

/** One link of a county's audit chain. `hash` covers everything else, `previousHash` included. */
export interface AuditEntry {
  readonly chain: Adcode;
  /** From 1, without gaps. */
  readonly position: number;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256 of the canonical JSON of the entry without `hash`. */
  readonly hash: string;
  readonly change: Change;
}
