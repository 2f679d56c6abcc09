import type { Connection } from 'mongoose';
import type { Delivery } from '../domain/webhook.js';
import type { Page } from '../ports/need-store.js';
import type { DeliveryFilter, DeliveryStore, Settlement } from '../ports/webhook-store.js';
import {
  deliveryModels,
  endedAmongOthers,
  ofEndpoint,
  type PendingDocument,
  sharedKey,
  sliceOf,
} from './delivery-bundle.js';
import { DeliveryEvents } from './delivery-events.js';
import { checkEventId, endedItems, knownEvents, logText, pendingItems } from './delivery-items.js';
import { type DeliverySources, pageOfDeliveries, readEnded, readOne } from './delivery-reading.js';
import { type Move, moved, putEnded, putPending, takeEnded, write } from './delivery-writing.js';
import { guarded } from './errors.js';

/** Attempts kept of one delivery. */
const ATTEMPTS_KEPT = 20;
/** Deliveries written by one round trip. */
const WRITTEN_AT_ONCE = 2_000;
/** Bundles read or removed by one round trip. */
const BUNDLES_AT_ONCE = 100;
/** Pending bundles read by one round trip: about what a turn asks for. */
const DUE_AT_ONCE = 25;
/** Events outlive their deliveries by so much, ms: one of these may just be replayed while they are purged. */
const EVENTS_OUTLIVE_MS = 86_400_000;

/** Bundles that hold something. */
const HOLDING = { 'items.0': { $exists: true } };

/**
 * Deliveries in MongoDB, in bundles: pending ones in a collection that stays small, ended ones in another, and what they
 * tell in a third, once for all endpoints. The text is written before the deliveries that tell it; what ends is first
 * written among the ended ones and then taken from the pending ones: a crash in between loses nothing and repeats it.
 */
export class MongoDeliveryStore implements DeliveryStore {
  readonly #sources: DeliverySources;

  constructor(connection: Connection) {
    this.#sources = { ...deliveryModels(connection), events: new DeliveryEvents(connection) };
  }

  async add(deliveries: readonly Delivery[]): Promise<void> {
    await guarded(async () => {
      for (const { eventId } of deliveries) checkEventId(eventId);
      for (let from = 0; from < deliveries.length; from += WRITTEN_AT_ONCE) {
        const fresh = await this.#unknown(deliveries.slice(from, from + WRITTEN_AT_ONCE));
        await this.#sources.events.put(fresh);
        await write(this.#sources.pending, putPending(fresh));
      }
    });
  }

  async due(
    endpointId: string,
    now: string,
    limit: number,
    inHand: ReadonlySet<string> = new Set(),
  ): Promise<readonly Delivery[]> {
    return guarded(async () => {
      const found = new Map<string, Delivery>();
      for await (const documents of this.#bundlesOf(endpointId, DUE_AT_ONCE, { nextAt: { $lte: now } })) {
        const wanted = (document: PendingDocument) =>
          pendingItems(document).filter(
            ({ eventId, nextAt }) => (nextAt === null || nextAt <= now) && !inHand.has(`${eventId}.${endpointId}`),
          );
        for (const delivery of await this.#sources.events.deliveriesOf(documents, wanted)) {
          // A worker that ended while it moved one leaves it in two places: what was tried more is newer.
          const there = found.get(delivery.id);
          if (there === undefined || there.attempts.length < delivery.attempts.length) found.set(delivery.id, delivery);
        }
        if (found.size >= limit) break;
      }
      return [...found.values()]
        .filter(({ createdAt, nextAt }) => (nextAt ?? createdAt) <= now)
        .sort(byAge)
        .slice(0, limit);
    });
  }

  async nextDue(endpointId: string): Promise<string | null> {
    return guarded(async () => {
      const [first] = await this.#sources.pending
        .find({ _id: ofEndpoint(endpointId), ...HOLDING }, { nextAt: 1 })
        .sort({ nextAt: 1 })
        .limit(1)
        .lean();
      return first?.nextAt ?? null;
    });
  }

  async endpointsDue(now: string, limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      const ids = await this.#sources.pending.distinct('endpointId', { nextAt: { $lte: now }, ...HOLDING });
      return ids.sort().slice(0, limit);
    });
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await guarded(async () => {
      for (let from = 0; from < settlements.length; from += WRITTEN_AT_ONCE) {
        const moves = settlements.slice(from, from + WRITTEN_AT_ONCE).map((settlement) => ({
          before: settlement.delivery,
          after: settled(settlement),
        }));
        await this.#move(moves);
      }
    });
  }

  async replay(
    filter: DeliveryFilter & { readonly ids?: readonly string[] },
    at: string,
    limit: number,
  ): Promise<number> {
    return guarded(async () => {
      let replayed = 0;
      const batch: Delivery[] = [];
      const flush = async (): Promise<void> => {
        const ended = batch.splice(0);
        const again = ended.map((before): Delivery => ({ ...before, state: 'pending', nextAt: at, replayedAt: at }));
        await write(this.#sources.pending, putPending(again));
        const elsewhere = ended.filter(endedAmongOthers);
        await write(this.#sources.ended, [...putEnded([], elsewhere), ...takeEnded(ended)]);
        replayed += ended.length;
      };
      for await (const delivery of readEnded(this.#sources, filter, null)) {
        batch.push(delivery);
        if (replayed + batch.length >= limit) break;
        if (batch.length >= WRITTEN_AT_ONCE) await flush();
      }
      await flush();
      return replayed;
    });
  }

  async cancel(endpointId: string): Promise<number> {
    return guarded(async () => {
      let cancelled = 0;
      for await (const documents of this.#bundlesOf(endpointId, BUNDLES_AT_ONCE, {})) {
        const moves = (await this.#sources.events.deliveriesOf(documents, pendingItems)).map((before) => {
          const after: Delivery = { ...before, state: 'cancelled', nextAt: null };
          return { before, after };
        });
        await this.#move(moves);
        cancelled += moves.length;
      }
      return cancelled;
    });
  }

  async get(id: string): Promise<Delivery | null> {
    return guarded(() => readOne(this.#sources, id));
  }

  async list(filter: DeliveryFilter, cursor: string | null, limit: number): Promise<Page<Delivery>> {
    return pageOfDeliveries(this.#sources, filter, cursor, limit);
  }

  async purge(before: string): Promise<number> {
    const { pending, ended, events } = this.#sources;
    return guarded(async () => {
      const slice = sliceOf(before);
      let purged = 0;
      for (;;) {
        const whole = await ended
          .find({ slice: { $lt: slice } })
          .limit(BUNDLES_AT_ONCE)
          .lean();
        if (whole.length === 0) break;
        await ended.deleteMany({ _id: { $in: whole.map(({ _id }) => _id) } });
        purged += whole.reduce((sum, document) => sum + endedItems(document).length, 0);
      }
      purged += await this.#purgeWithin(slice, before);
      const lastSlice = sliceOf(new Date(Date.parse(before) - EVENTS_OUTLIVE_MS).toISOString());
      const waiting = await pending.distinct('slice', { slice: { $lt: lastSlice } });
      await events.purge(lastSlice, new Set(waiting));
      return purged;
    });
  }

  async tidy(before: string): Promise<number> {
    return guarded(async () => {
      const gone = await this.#sources.pending.deleteMany({ items: [], slice: { $lt: sliceOf(before) } });
      return gone.deletedCount;
    });
  }

  /** Bundles of an endpoint in which something is pending, oldest first, so many at a time. */
  async *#bundlesOf(
    endpointId: string,
    atOnce: number,
    where: { readonly nextAt?: { readonly $lte: string } },
  ): AsyncGenerator<readonly PendingDocument[]> {
    const { $gte, $lt } = ofEndpoint(endpointId);
    let after: string = $gte;
    for (;;) {
      const documents = await this.#sources.pending
        .find({ _id: { $gt: after, $lt }, ...where })
        .sort({ _id: 1 })
        .limit(atOnce)
        .lean();
      if (documents.length > 0) yield documents;
      const last = documents.at(-1);
      if (last === undefined || documents.length < atOnce) return;
      after = last._id;
    }
  }

  /** Those that were not tried and have not ended yet. One that is pending may be written again: it is the same. */
  async #unknown(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    const shared = [...new Set(deliveries.map(sharedKey))];
    if (shared.length === 0) return [];
    const documents = await this.#sources.ended.find({ _id: { $in: shared } }).lean();
    const known = new Set(
      documents.flatMap((document) => knownEvents(document).map((eventId) => `${eventId}.${document.endpointId}`)),
    );
    return known.size === 0 ? deliveries : deliveries.filter(({ id }) => !known.has(id));
  }

  /** Writes what became of pending deliveries: ended ones first, then what stays pending, then away with the rest. */
  async #move(moves: readonly Move[]): Promise<void> {
    const { ended, pending } = moved(moves);
    await write(this.#sources.ended, ended);
    await write(this.#sources.pending, pending);
  }

  /** Purges in the slice that the limit parts. What is written to a bundle meanwhile stands, and goes another time. */
  async #purgeWithin(slice: string, before: string): Promise<number> {
    const { ended, events } = this.#sources;
    let purged = 0;
    for (const document of await ended.find({ slice }).lean()) {
      const deliveries = await events.deliveriesOf([document], endedItems);
      const kept = deliveries.filter(({ createdAt }) => createdAt >= before);
      if (kept.length === deliveries.length) continue;
      const { _id, log } = document;
      if (log === undefined) await ended.deleteOne({ _id });
      else await ended.updateOne({ _id, log }, { $set: { log: [logText(kept, [])] } });
      purged += deliveries.length - kept.length;
    }
    return purged;
  }
}

const byAge = (left: Delivery, right: Delivery): number =>
  left.createdAt < right.createdAt || (left.createdAt === right.createdAt && left.id < right.id) ? -1 : 1;

function settled({ delivery, attempt, next }: Settlement): Delivery {
  const attempts = [...delivery.attempts.filter(({ at }) => at !== attempt.at), attempt].slice(-ATTEMPTS_KEPT);
  const nextAt = next.state === 'pending' ? next.at : null;
  return { ...delivery, attempts, state: next.state, nextAt };
}
