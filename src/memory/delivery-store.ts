import type { Delivery } from '../domain/webhook.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { DeliveryFilter, DeliveryStore, Settlement } from '../ports/webhook-store.js';

const ATTEMPTS_KEPT = 20;

const byAge = (left: Delivery, right: Delivery): number =>
  left.createdAt < right.createdAt || (left.createdAt === right.createdAt && left.id < right.id) ? -1 : 1;

/** Keeps deliveries in this process. Hands out copies, so that nobody can change what is kept. */
export class MemoryDeliveryStore implements DeliveryStore {
  readonly #deliveries = new Map<string, Delivery>();

  async add(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      if (!this.#deliveries.has(delivery.id)) this.#deliveries.set(delivery.id, structuredClone(delivery));
    }
  }

  async due(
    endpointId: string,
    now: string,
    limit: number,
    inHand: ReadonlySet<string> = new Set(),
  ): Promise<readonly Delivery[]> {
    const due = this.#pendingOf(endpointId).filter(
      ({ id, nextAt }) => nextAt !== null && nextAt <= now && !inHand.has(id),
    );
    return structuredClone(due.sort(byAge).slice(0, limit));
  }

  async nextDue(endpointId: string): Promise<string | null> {
    const times = this.#pendingOf(endpointId).flatMap(({ nextAt }) => nextAt ?? []);
    return times.sort()[0] ?? null;
  }

  async endpointsDue(now: string, limit: number): Promise<readonly string[]> {
    const due = this.#all().filter(({ state, nextAt }) => state === 'pending' && nextAt !== null && nextAt <= now);
    return [...new Set(due.map(({ endpointId }) => endpointId))].sort().slice(0, limit);
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    for (const { delivery, attempt, next } of settlements) {
      const attempts = [...delivery.attempts.filter(({ at }) => at !== attempt.at), attempt].slice(-ATTEMPTS_KEPT);
      const nextAt = next.state === 'pending' ? next.at : null;
      this.#deliveries.set(delivery.id, structuredClone({ ...delivery, attempts, state: next.state, nextAt }));
    }
  }

  async replay(
    filter: DeliveryFilter & { readonly ids?: readonly string[] },
    at: string,
    limit: number,
  ): Promise<number> {
    const found = this.#matching(filter)
      .filter(({ id, state }) => state !== 'pending' && (filter.ids === undefined || filter.ids.includes(id)))
      .slice(0, limit);
    for (const delivery of found) {
      this.#deliveries.set(delivery.id, { ...delivery, state: 'pending', nextAt: at, replayedAt: at });
    }
    return found.length;
  }

  async cancel(endpointId: string): Promise<number> {
    const pending = this.#pendingOf(endpointId);
    for (const delivery of pending) {
      this.#deliveries.set(delivery.id, { ...delivery, state: 'cancelled', nextAt: null });
    }
    return pending.length;
  }

  async get(id: string): Promise<Delivery | null> {
    return structuredClone(this.#deliveries.get(id) ?? null);
  }

  async list(filter: DeliveryFilter, cursor: string | null, limit: number): Promise<Page<Delivery>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const found = this.#matching(filter).filter(
      ({ createdAt, id }) =>
        after === null || createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id),
    );
    const items = structuredClone(found.slice(0, limit));
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor({ createdAt: last.createdAt, id: last.id }) : null };
  }

  async purge(before: string): Promise<number> {
    const old = this.#all().filter(({ state, createdAt }) => state !== 'pending' && createdAt < before);
    for (const { id } of old) this.#deliveries.delete(id);
    return old.length;
  }

  async tidy(): Promise<number> {
    return 0;
  }

  #all(): Delivery[] {
    return [...this.#deliveries.values()];
  }

  #pendingOf(endpointId: string): Delivery[] {
    return this.#all().filter((delivery) => delivery.state === 'pending' && delivery.endpointId === endpointId);
  }

  /** Newest first. */
  #matching({ countyAdcode, endpointId, type, state, from, to }: DeliveryFilter): Delivery[] {
    return this.#all()
      .filter(
        (delivery) =>
          (countyAdcode === null || delivery.countyAdcode === countyAdcode) &&
          (endpointId === undefined || delivery.endpointId === endpointId) &&
          (type === undefined || delivery.type === type) &&
          (state === undefined || delivery.state === state) &&
          (from === undefined || delivery.createdAt >= from) &&
          (to === undefined || delivery.createdAt <= to),
      )
      .sort((left, right) => byAge(right, left));
  }
}
