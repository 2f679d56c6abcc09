import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { WebhookEndpoint } from '../domain/webhook.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { EndpointStore } from '../ports/webhook-store.js';
import { type EndpointDocument, endpointModel, fromEndpoint, toEndpoint } from './endpoint-schema.js';
import { guarded } from './errors.js';
import { outboxOf, outboxPush } from './outbox.js';

/** Endpoints of webhooks in MongoDB. */
export class MongoEndpointStore implements EndpointStore {
  readonly #model: Model<EndpointDocument>;

  constructor(connection: Connection) {
    this.#model = endpointModel(connection);
  }

  async insert(endpoint: WebhookEndpoint, changes: readonly Change[]): Promise<void> {
    await guarded(() => this.#model.create({ ...fromEndpoint(endpoint), ...outboxOf(changes) }));
  }

  async get(id: string): Promise<WebhookEndpoint | null> {
    return guarded(async () => {
      const document = await this.#model.findById(id).lean();
      return document === null || document.removed ? null : toEndpoint(document);
    });
  }

  async replace(endpoint: WebhookEndpoint, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      const { _id, ...fields } = fromEndpoint(endpoint);
      const changed = await this.#model.updateOne(
        { _id, version: expectedVersion, removed: false },
        { $set: fields, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }

  async remove(id: string, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      const forgotten = { removed: true, url: '', description: '', keys: [], state: 'paused' as const };
      const changed = await this.#model.updateOne(
        { _id: id, version: expectedVersion, removed: false },
        { $set: { ...forgotten, version: expectedVersion + 1 }, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<WebhookEndpoint>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const filter: QueryFilter<EndpointDocument> = {
      removed: false,
      ...(countyAdcode === null ? {} : { countyAdcode }),
      ...(after === null
        ? {}
        : { $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }] }),
    };
    return guarded(async () => {
      const documents = await this.#model
        .find(filter)
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean();
      const items = documents.slice(0, limit).map(toEndpoint);
      const last = items.at(-1);
      return { items, nextCursor: documents.length > limit && last !== undefined ? encodeCursor(last) : null };
    });
  }

  async disabledOf(countyAdcode: Adcode | null): Promise<readonly WebhookEndpoint[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ countyAdcode, state: 'disabled', removed: false })
        .sort({ _id: 1 })
        .lean();
      return documents.map(toEndpoint);
    });
  }

  async subscribed(): Promise<readonly WebhookEndpoint[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ removed: false, state: { $ne: 'disabled' } })
        .sort({ _id: 1 })
        .lean();
      return documents.map(toEndpoint);
    });
  }

  async markFailing(id: string, since: string | null): Promise<void> {
    const unmarked = since === null ? {} : { failingSince: null };
    await guarded(() => this.#model.updateOne({ _id: id, ...unmarked }, { $set: { failingSince: since } }));
  }
}
