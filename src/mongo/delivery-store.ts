import type { Connection, Model } from 'mongoose';
import type { Delivery, DeliveryAttempt, DeliveryState } from '../domain/webhook.js';
import type { Page } from '../ports/need-store.js';
import type { DeliveryFilter, DeliveryStore, Settlement } from '../ports/webhook-store.js';
import {
  type BundleDocument,
  deliveriesOf,
  deliveryModels,
  endedKey,
  ofEndpoint,
  pendingKey,
  sharedKey,
  sliceOf,
} from './delivery-bundle.js';
import { pageOfDeliveries, readEnded } from './delivery-reading.js';
import { putEnded, putPending, takeOut } from './delivery-writing.js';
import { guarded, isDuplicateKey } from './errors.js';

/** Attempts kept of one delivery. */
const ATTEMPTS_KEPT = 20;
/** Deliveries written by one round trip. */
const WRITTEN_AT_ONCE = 1_000;
/** Bundles read or removed by one round trip. */
const BUNDLES_AT_ONCE = 100;

/** What was written here is not checked again for being UTF-8: with long texts that is half the cost of reading them. */
const OUR_OWN_TEXT = { enableUtf8Validation: false };

type Operations = ReturnType<typeof takeOut>;

/** A pending bundle: when the first of its deliveries is due, and how many there are. */
interface Ripeness {
  readonly _id: string;
  readonly nextAt: string;
  readonly count: number;
}

/** How many of these bundles hold `deliveries`, as far as one round trip goes. */
function bundlesFor(deliveries: number, bundles: readonly Ripeness[]): number {
  let held = 0;
  const enough = bundles.findIndex(({ count }) => {
    held += count;
    return held >= deliveries;
  });
  return Math.min(BUNDLES_AT_ONCE, enough < 0 ? bundles.length : enough + 1);
}

/**
 * Deliveries in MongoDB, in bundles: pending ones in a collection that stays small, ended ones in another. What ends is
 * first written there and then taken from the pending ones, so that a crash in between loses nothing and repeats it.
 */
export class MongoDeliveryStore implements DeliveryStore {
  readonly #pending: Model<BundleDocument>;
  readonly #ended: Model<BundleDocument>;

  constructor(connection: Connection) {
    const { pending, ended } = deliveryModels(connection);
    this.#pending = pending;
    this.#ended = ended;
  }

  async add(deliveries: readonly Delivery[]): Promise<void> {
    await guarded(async () => {
      for (let from = 0; from < deliveries.length; from += WRITTEN_AT_ONCE) {
        const fresh = await this.#unknown(deliveries.slice(from, from + WRITTEN_AT_ONCE));
        await write(this.#pending, putPending(fresh));
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
      const ripe = (await this.#timesOf(endpointId, inHand)).filter(({ nextAt }) => nextAt <= now);
      const found = new Map<string, Delivery>();
      while (ripe.length > 0 && found.size < limit) {
        const keys = ripe.splice(0, bundlesFor(limit - found.size, ripe)).map(({ _id }) => _id);
        const documents = await this.#pending
          .find({ _id: { $in: keys } })
          .setOptions(OUR_OWN_TEXT)
          .lean();
        for (const delivery of documents.flatMap((document) => deliveriesOf(document))) {
          if (inHand.has(delivery.id)) continue;
          // A worker that ended while it moved one leaves it in two places: what was tried more is newer.
          const there = found.get(delivery.id);
          if (there === undefined || there.attempts.length < delivery.attempts.length) found.set(delivery.id, delivery);
        }
      }
      return [...found.values()]
        .filter(({ nextAt }) => (nextAt ?? '') <= now)
        .sort(byAge)
        .slice(0, limit);
    });
  }

  async nextDue(endpointId: string): Promise<string | null> {
    return guarded(async () => (await this.#timesOf(endpointId)).map(({ nextAt }) => nextAt).sort()[0] ?? null);
  }

  async endpointsDue(now: string, limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      const ids = await this.#pending.distinct('endpointId', { nextAt: { $lte: now }, 'ids.0': { $exists: true } });
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
        const moves = batch.splice(0).map((before): Delivery => {
          return { ...before, state: 'pending', nextAt: at, replayedAt: at };
        });
        await write(this.#pending, putPending(moves));
        await write(this.#ended, takeOut(moves, endedKey));
        replayed += moves.length;
      };
      for await (const delivery of readEnded(this.#ended, filter, null)) {
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
      for (;;) {
        const keys = (await this.#timesOf(endpointId)).slice(0, BUNDLES_AT_ONCE).map(({ _id }) => _id);
        if (keys.length === 0) return cancelled;
        const documents = await this.#pending.find({ _id: { $in: keys } }).lean();
        const moves = documents
          .flatMap((document) => deliveriesOf(document))
          .map((before) => {
            const after: Delivery = { ...before, state: 'cancelled', nextAt: null };
            return { before, after };
          });
        await this.#move(moves);
        cancelled += moves.length;
      }
    });
  }

  async get(id: string): Promise<Delivery | null> {
    const [eventId, endpointId] = id.split('.');
    if (eventId === undefined || endpointId === undefined) return null;
    return guarded(async () => {
      for (const model of [this.#pending, this.#ended]) {
        const documents = await model.find({ ids: eventId, endpointId }).lean();
        const found = documents.flatMap((document) => deliveriesOf(document)).filter((delivery) => delivery.id === id);
        const [newest] = found.sort((left, right) => right.attempts.length - left.attempts.length);
        if (newest !== undefined) return newest;
      }
      return null;
    });
  }

  async list(filter: DeliveryFilter, cursor: string | null, limit: number): Promise<Page<Delivery>> {
    return pageOfDeliveries({ pending: this.#pending, ended: this.#ended }, filter, cursor, limit);
  }

  async purge(before: string): Promise<number> {
    return guarded(async () => {
      const slice = sliceOf(before);
      let purged = 0;
      for (;;) {
        const whole = await this.#ended
          .find({ slice: { $lt: slice } }, { ids: 1 })
          .limit(BUNDLES_AT_ONCE)
          .lean();
        if (whole.length === 0) break;
        await this.#ended.deleteMany({ _id: { $in: whole.map(({ _id }) => _id) } });
        purged += whole.reduce((sum, { ids }) => sum + ids.length, 0);
      }
      const parted = await this.#ended.find({ slice }).lean();
      const old = parted.flatMap((document) => deliveriesOf(document)).filter(({ createdAt }) => createdAt < before);
      await write(this.#ended, takeOut(old, endedKey));
      return purged + old.length;
    });
  }

  async tidy(before: string): Promise<number> {
    return guarded(async () => {
      const gone = await this.#pending.deleteMany({ ids: [], slice: { $lt: sliceOf(before) } });
      return gone.deletedCount;
    });
  }

  /** The endpoint's bundles in which something is pending, oldest first, and when that is due. */
  async #timesOf(endpointId: string, inHand: ReadonlySet<string> = new Set()): Promise<Ripeness[]> {
    // By `_id` alone: with any other condition the embedded server would look through the whole collection.
    const documents = await this.#pending.find({ _id: ofEndpoint(endpointId) }, { nextAt: 1, ids: 1 }).lean();
    const wanted = (ids: readonly string[]): readonly string[] =>
      inHand.size === 0 ? ids : ids.filter((eventId) => !inHand.has(`${eventId}.${endpointId}`));
    return documents
      .map(({ _id, nextAt, ids }) => ({ _id, nextAt: nextAt ?? '', count: wanted(ids).length }))
      .filter(({ count }) => count > 0)
      .sort((left, right) => (left._id < right._id ? -1 : 1));
  }

  /** Those that were not tried and have not ended yet. One that is pending may be written again: it is the same. */
  async #unknown(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    const shared = [...new Set(deliveries.map(sharedKey))];
    const documents = await this.#ended.find({ _id: { $in: shared } }, { seen: 1, endpointId: 1 }).lean();
    const seen = new Set(
      documents.flatMap(({ seen, endpointId }) => (seen ?? []).map((eventId) => `${eventId}.${endpointId}`)),
    );
    return deliveries.filter(({ id }) => !seen.has(id));
  }

  /** Writes what became of pending deliveries: ended ones first, then what stays pending, then away with the rest. */
  async #move(moves: readonly { readonly before: Delivery; readonly after: Delivery }[]): Promise<void> {
    const ended = moves.filter(({ after }) => after.state !== 'pending');
    const again = moves.filter(({ after }) => after.state === 'pending').map(({ after }) => after);
    const gone = moves
      .filter(({ before, after }) => after.state !== 'pending' || pendingKey(before) !== pendingKey(after))
      .map(({ before }) => before);
    const tried = moves.filter(({ before }) => before.attempts.length === 0).map(({ before }) => before);
    await write(
      this.#ended,
      putEnded(
        ended.map(({ after }) => after),
        tried,
      ),
    );
    await write(this.#pending, [...putPending(again), ...takeOut(gone, pendingKey)]);
  }
}

const byAge = (left: Delivery, right: Delivery): number =>
  left.createdAt < right.createdAt || (left.createdAt === right.createdAt && left.id < right.id) ? -1 : 1;

function settled({ delivery, attempt, next }: Settlement): Delivery {
  const attempts: DeliveryAttempt[] = [...delivery.attempts.filter(({ at }) => at !== attempt.at), attempt];
  const state: DeliveryState = next.state;
  return {
    ...delivery,
    attempts: attempts.slice(-ATTEMPTS_KEPT),
    state,
    nextAt: next.state === 'pending' ? next.at : null,
  };
}

async function write(model: Model<BundleDocument>, operations: Operations): Promise<void> {
  if (operations.length === 0) return;
  const run = () => model.collection.bulkWrite(operations as never, { ordered: true });
  try {
    await run();
  } catch (error) {
    // Two that write the first delivery of a bundle at the same moment: the second finds it now.
    if (!isDuplicateKey(error)) throw error;
    await run();
  }
}
