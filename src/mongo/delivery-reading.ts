import type { Model, QueryFilter } from 'mongoose';
import type { Delivery } from '../domain/webhook.js';
import { decodeCursor, encodeCursor, type ListPosition } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { DeliveryFilter } from '../ports/webhook-store.js';
import { type BundleDocument, type DeliveryModels, type EndedDocument, sliceOf } from './delivery-bundle.js';
import type { DeliveryEvents } from './delivery-events.js';
import { type DeliveryItem, endedItems, pendingItems } from './delivery-items.js';
import { guarded } from './errors.js';

const BUNDLES_AT_ONCE = 100;

/** Where deliveries and what they tell are read from. */
export interface DeliverySources extends DeliveryModels {
  readonly events: DeliveryEvents;
}

type Filter = DeliveryFilter & { readonly ids?: readonly string[] };

const newestFirst = (left: Delivery, right: Delivery): number =>
  left.createdAt > right.createdAt || (left.createdAt === right.createdAt && left.id > right.id) ? -1 : 1;

/** True for what comes after a position in a list with the newest first. */
function isAfter({ createdAt, id }: Delivery, position: ListPosition | null): boolean {
  if (position === null) return true;
  return createdAt < position.createdAt || (createdAt === position.createdAt && id < position.id);
}

function matches(delivery: Delivery, { countyAdcode, endpointId, type, state, from, to, ids }: Filter): boolean {
  return (
    (countyAdcode === null || delivery.countyAdcode === countyAdcode) &&
    (endpointId === undefined || delivery.endpointId === endpointId) &&
    (type === undefined || delivery.type === type) &&
    (state === undefined || delivery.state === state) &&
    (from === undefined || delivery.createdAt >= from) &&
    (to === undefined || delivery.createdAt <= to) &&
    (ids === undefined || ids.includes(delivery.id))
  );
}

/** Bundles in which something may match; only those of `keys`, where they are given. */
function bundlesOf(
  { countyAdcode, endpointId, from, to }: Filter,
  position: ListPosition | null,
  keys?: readonly string[],
): QueryFilter<BundleDocument>[] {
  const conditions: QueryFilter<BundleDocument>[] = [];
  if (keys !== undefined) conditions.push({ _id: { $in: [...keys] } });
  if (countyAdcode !== null) conditions.push({ countyAdcode });
  if (endpointId !== undefined) conditions.push({ endpointId });
  if (from !== undefined) conditions.push({ slice: { $gte: sliceOf(from) } });
  if (to !== undefined) conditions.push({ slice: { $lte: sliceOf(to) } });
  if (position !== null) conditions.push({ slice: { $lte: sliceOf(position.createdAt) } });
  return conditions;
}

/** Ids of the bundles in which deliveries of these ids may stand. */
async function keysOf(events: DeliveryEvents, ids: readonly string[]): Promise<readonly string[]> {
  const slices = await events.slicesOf(ids.map((id) => id.split('.')[0] ?? ''));
  return ids.flatMap((id) => {
    const [eventId = '', endpointId = ''] = id.split('.');
    return slices.flatMap((slice) => [`${endpointId}.${slice}`, `${endpointId}.${slice}.${eventId}`]);
  });
}

/** Matching deliveries of one collection after a position, newest first. */
async function* read<T extends BundleDocument>(
  model: Model<T>,
  source: { readonly events: DeliveryEvents; readonly itemsOf: (document: T) => readonly DeliveryItem[] },
  conditions: readonly QueryFilter<T>[],
  filter: Filter,
  position: ListPosition | null,
): AsyncGenerator<Delivery> {
  const where = { $and: [...conditions] } as QueryFilter<T>;
  const cursor = model
    .find(conditions.length === 0 ? {} : where)
    .sort({ slice: -1 })
    .lean<T>()
    .cursor({ batchSize: BUNDLES_AT_ONCE });
  let waiting: T[] = [];
  async function matching(documents: readonly T[]): Promise<Delivery[]> {
    const deliveries = await source.events.deliveriesOf(documents, source.itemsOf);
    const wanted = deliveries.filter((delivery) => matches(delivery, filter) && isAfter(delivery, position));
    return wanted.sort(newestFirst);
  }
  for await (const document of cursor as AsyncIterable<T>) {
    // Slices are read whole: only within one is the order not told by the bundles.
    if (waiting.length >= BUNDLES_AT_ONCE && waiting.at(-1)?.slice !== document.slice) {
      yield* await matching(waiting);
      waiting = [];
    }
    waiting.push(document);
  }
  yield* await matching(waiting);
}

/** Matching ended deliveries, newest first. */
export async function* readEnded(
  { ended, events }: DeliverySources,
  filter: Filter,
  position: ListPosition | null,
): AsyncGenerator<Delivery> {
  const { type, state, ids } = filter;
  const keys = ids === undefined ? undefined : await keysOf(events, ids);
  const hints: QueryFilter<EndedDocument>[] = bundlesOf(filter, position, keys);
  if (type !== undefined) hints.push({ types: type });
  if (state !== undefined) hints.push({ states: state });
  yield* read(ended, { events, itemsOf: endedItems }, hints, filter, position);
}

/** The delivery of this id as it stands; null if there is none. */
export async function readOne({ pending, ended, events }: DeliverySources, id: string): Promise<Delivery | null> {
  const keys = await keysOf(events, [id]);
  if (keys.length === 0) return null;
  // One that is replayed just now goes the other way: then the second look finds it.
  for (const _ of ['a look', 'another']) {
    const where = { _id: { $in: [...keys] } };
    const waiting = await events.deliveriesOf(await pending.find(where).lean(), pendingItems);
    const over = waiting.some((delivery) => delivery.id === id)
      ? []
      : await events.deliveriesOf(await ended.find(where).lean(), endedItems);
    const found = [...waiting, ...over].filter((delivery) => delivery.id === id);
    const [newest] = found.sort((left, right) => right.attempts.length - left.attempts.length);
    if (newest !== undefined) return newest;
  }
  return null;
}

async function* nothing(): AsyncGenerator<Delivery> {}

/** Two lists with the newest first as one; what stands in both, because it is just being moved, once. */
async function* merged(left: AsyncGenerator<Delivery>, right: AsyncGenerator<Delivery>): AsyncGenerator<Delivery> {
  const lists = [left, right] as const;
  try {
    let heads = await Promise.all(lists.map((list) => list.next()));
    for (;;) {
      const [a, b] = heads;
      const one = a?.done === false ? a.value : null;
      const other = b?.done === false ? b.value : null;
      const takeLeft = one !== null && (other === null || one.id === other.id || newestFirst(one, other) < 0);
      const taken = takeLeft ? one : other;
      if (taken === null) return;
      yield taken;
      const both = one !== null && other !== null && one.id === other.id;
      heads = await Promise.all(
        lists.map(async (list, index) => {
          const head = heads[index];
          const moves = both || (index === 0) === takeLeft;
          return moves || head === undefined ? list.next() : head;
        }),
      );
    }
  } finally {
    await Promise.all(lists.map((list) => list.return(undefined)));
  }
}

/** A page of pending and ended deliveries, newest first. */
export async function pageOfDeliveries(
  sources: DeliverySources,
  filter: DeliveryFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<Delivery>> {
  const position = cursor === null ? null : decodeCursor(cursor);
  return guarded(async () => {
    const { state } = filter;
    const pending =
      state === undefined || state === 'pending'
        ? read(
            sources.pending,
            { events: sources.events, itemsOf: pendingItems },
            bundlesOf(filter, position),
            filter,
            position,
          )
        : nothing();
    const ended = state === 'pending' ? nothing() : readEnded(sources, filter, position);
    const items: Delivery[] = [];
    for await (const delivery of merged(pending, ended)) {
      items.push(delivery);
      if (items.length > limit) break;
    }
    const last = items.slice(0, limit).at(-1);
    const more = items.length > limit && last !== undefined;
    return {
      items: items.slice(0, limit),
      nextCursor: more ? encodeCursor({ createdAt: last.createdAt, id: last.id }) : null,
    };
  });
}
