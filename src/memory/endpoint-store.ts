import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { WebhookEndpoint } from '../domain/webhook.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { EndpointStore } from '../ports/webhook-store.js';
import { MemoryOutbox } from './outbox.js';

/** Keeps endpoints in this process. Hands out copies. */
export class MemoryEndpointStore implements EndpointStore {
  readonly outbox = new MemoryOutbox();
  readonly #endpoints = new Map<string, WebhookEndpoint>();

  async insert(endpoint: WebhookEndpoint, changes: readonly Change[]): Promise<void> {
    this.#endpoints.set(endpoint.id, structuredClone(endpoint));
    this.outbox.push(endpoint.id, changes);
  }

  async get(id: string): Promise<WebhookEndpoint | null> {
    return structuredClone(this.#endpoints.get(id) ?? null);
  }

  async replace(endpoint: WebhookEndpoint, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    if (this.#endpoints.get(endpoint.id)?.version !== expectedVersion) return false;
    await this.insert(endpoint, changes);
    return true;
  }

  async remove(id: string, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    if (this.#endpoints.get(id)?.version !== expectedVersion) return false;
    this.#endpoints.delete(id);
    this.outbox.push(id, changes);
    return true;
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<WebhookEndpoint>> {
    const keyOf = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }) => `${createdAt} ${id}`;
    const after = cursor === null ? null : keyOf(decodeCursor(cursor));
    const found = [...this.#endpoints.values()]
      .filter((one) => countyAdcode === null || one.countyAdcode === countyAdcode)
      .filter((one) => after === null || keyOf(one) < after)
      .sort((left, right) => (keyOf(left) < keyOf(right) ? 1 : -1));
    const items = structuredClone(found.slice(0, limit));
    const last = items.at(-1);
    return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(last) : null };
  }

  async disabledOf(countyAdcode: Adcode | null): Promise<readonly WebhookEndpoint[]> {
    const disabled = [...this.#endpoints.values()].filter(
      (one) => one.state === 'disabled' && one.countyAdcode === countyAdcode,
    );
    return structuredClone(disabled.sort((left, right) => (left.id < right.id ? -1 : 1)));
  }

  async subscribed(): Promise<readonly WebhookEndpoint[]> {
    const active = [...this.#endpoints.values()].filter(({ state }) => state !== 'disabled');
    return structuredClone(active.sort((left, right) => (left.id < right.id ? -1 : 1)));
  }

  async markFailing(id: string, since: string | null): Promise<void> {
    const endpoint = this.#endpoints.get(id);
    if (endpoint === undefined || (since !== null && endpoint.failingSince !== null)) return;
    this.#endpoints.set(id, { ...endpoint, failingSince: since });
  }
}
