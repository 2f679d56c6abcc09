import type { AuditEntry, Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { CHAIN_START, type ChainHead, type Digest, sealEntries } from '../ports/audit-chain.js';
import { type AuditFilter, type AuditStore, auditCursor, positionOfCursor } from '../ports/audit-store.js';
import type { Page } from '../ports/need-store.js';

/** Keeps the audit chains in this process. Hands out copies. */
export class MemoryAuditStore implements AuditStore {
  readonly #chains = new Map<Adcode, AuditEntry[]>();
  readonly #digest: Digest;

  constructor(ids: { readonly digest: Digest }) {
    this.#digest = ids.digest;
  }

  async append(chain: Adcode, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const entries = this.#chains.get(chain) ?? [];
    this.#chains.set(chain, entries);
    const there = new Set(entries.map(({ change }) => change.id));
    const fresh = changes.filter(({ id }) => !there.has(id));
    entries.push(...sealEntries(this.#digest, chain, entries.at(-1) ?? CHAIN_START, structuredClone(fresh)));
  }

  async list(filter: AuditFilter, cursor: string | null, limit: number): Promise<Page<AuditEntry>> {
    const before = cursor === null ? Number.POSITIVE_INFINITY : positionOfCursor(cursor);
    const { objectId, type, from, to } = filter;
    const wanted = (this.#chains.get(filter.chain) ?? [])
      .filter(
        ({ position, change }) =>
          position < before &&
          (objectId === undefined || change.object.id === objectId) &&
          (type === undefined || change.type === type) &&
          (from === undefined || change.at >= from) &&
          (to === undefined || change.at <= to),
      )
      .toReversed();
    const items = structuredClone(wanted.slice(0, limit));
    const last = items.at(-1);
    return { items, nextCursor: wanted.length > limit && last !== undefined ? auditCursor(last) : null };
  }

  async read(chain: Adcode, fromPosition: number, limit: number): Promise<readonly AuditEntry[]> {
    return structuredClone((this.#chains.get(chain) ?? []).slice(fromPosition - 1, fromPosition - 1 + limit));
  }

  async head(chain: Adcode): Promise<ChainHead | null> {
    const last = this.#chains.get(chain)?.at(-1);
    return last === undefined ? null : { position: last.position, hash: last.hash };
  }

  async chains(): Promise<readonly Adcode[]> {
    return [...this.#chains.keys()].sort();
  }
}
