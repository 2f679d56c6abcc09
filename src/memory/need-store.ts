import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { StoredNeed } from '../domain/need.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { NeedStore } from '../ports/need-store.js';
import { MemoryOutbox } from './outbox.js';

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Keeps needs in this process. Hands out copies, so that nobody can change what is kept. */
export class MemoryNeedStore implements NeedStore {
  readonly outbox = new MemoryOutbox();
  readonly #needs = new Map<string, StoredNeed>();
  /** When each was last changed or settled. */
  readonly #touched = new Map<string, string>();

  async insert(need: StoredNeed, changes: readonly Change[]): ReturnType<NeedStore['insert']> {
    const existing = this.#needs.get(need.id);
    if (existing !== undefined) return { inserted: false, existing: structuredClone(existing) };
    this.#put(structuredClone(need), need.updatedAt, changes);
    return { inserted: true };
  }

  async get(id: string): Promise<StoredNeed | null> {
    const need = this.#needs.get(id);
    return need === undefined ? null : structuredClone(need);
  }

  async replace(
    need: StoredNeed,
    expectedVersion: number,
    changes: readonly Change[],
    from?: Parameters<NeedStore['replace']>[3],
  ): ReturnType<NeedStore['replace']> {
    const current = this.#needs.get(need.id);
    if (current === undefined) return { outcome: 'missing' };
    const { resultId, sequence } = current.matching;
    const elsewhere = from !== undefined && (from.resultId !== resultId || from.sequence !== sequence);
    if (current.version !== expectedVersion || elsewhere) return { outcome: 'stale', currentVersion: current.version };
    this.#put(structuredClone(need), need.updatedAt, changes);
    return { outcome: 'replaced' };
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): ReturnType<NeedStore['list']> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const newestFirst = [...this.#needs.values()].sort(
      (left, right) => byText(right.createdAt, left.createdAt) || byText(right.id, left.id),
    );
    const rest = newestFirst.filter(
      ({ id, createdAt, need }) =>
        (countyAdcode === null || need.firm.countyAdcode === countyAdcode) &&
        (after === null || createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id)),
    );
    const items = rest.slice(0, limit).map((need) => structuredClone(need));
    const last = items.at(-1);
    return { items, nextCursor: rest.length > limit && last !== undefined ? encodeCursor(last) : null };
  }

  async settle(id: string, version: number, outcome: Parameters<NeedStore['settle']>[2]): Promise<boolean> {
    const need = this.#needs.get(id);
    if (need === undefined || need.version !== version) return false;
    const { matching } = need;
    if (outcome.status === 'failed') {
      if (matching.status === 'ready') return false;
      const { status, failure, at } = outcome;
      this.#put({ ...need, matching: { ...matching, status, resultId: null, failure } }, at, []);
      return true;
    }
    const { at, status, resultId, from, announced, sequence, steps, changes } = outcome;
    if (matching.resultId === resultId) return true;
    if (from !== undefined && matching.resultId !== from) return false;
    const previousResultId = from ?? matching.previousResultId;
    const counted = steps === undefined ? {} : { steps };
    const settled = { status, resultId, failure: null, previousResultId, announced, sequence, ...counted };
    this.#put({ ...need, matching: structuredClone(settled) }, at, changes);
    return true;
  }

  async settleMany(needs: Parameters<NeedStore['settleMany']>[0]): Promise<readonly boolean[]> {
    return Promise.all(needs.map(({ id, version, outcome }) => this.settle(id, version, outcome)));
  }

  async settled(countyAdcode: Adcode | null, afterId: string | null, limit: number): Promise<readonly StoredNeed[]> {
    return [...this.#needs.values()]
      .filter(
        ({ id, need, matching }) =>
          matching.status === 'ready' &&
          (afterId === null || id > afterId) &&
          (countyAdcode === null || need.firm.countyAdcode === countyAdcode),
      )
      .sort((left, right) => byText(left.id, right.id))
      .slice(0, limit)
      .map((need) => structuredClone(need));
  }

  async changedSince(since: string, limit: number): ReturnType<NeedStore['changedSince']> {
    return [...this.#needs.values()]
      .map(({ id, version, updatedAt, matching: { status, resultId } }) => {
        return { id, version, matching: { status, resultId }, touchedAt: this.#touched.get(id) ?? updatedAt };
      })
      .filter(({ touchedAt }) => touchedAt >= since)
      .sort((left, right) => byText(left.touchedAt, right.touchedAt) || byText(left.id, right.id))
      .slice(0, limit);
  }

  async pending(before: string, limit: number): ReturnType<NeedStore['pending']> {
    return [...this.#needs.values()]
      .filter((need) => need.matching.status === 'pending' && need.updatedAt < before)
      .sort((left, right) => byText(left.updatedAt, right.updatedAt) || byText(left.id, right.id))
      .slice(0, limit)
      .map((need) => ({ needId: need.id, version: need.version }));
  }

  #put(need: StoredNeed, touchedAt: string, changes: readonly Change[]): void {
    this.#needs.set(need.id, need);
    this.#touched.set(need.id, touchedAt);
    this.outbox.push(need.id, changes);
  }
}
