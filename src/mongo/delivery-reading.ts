import type { Model, QueryFilter } from 'mongoose';
import type { Delivery } from '../domain/webhook.js';
import { decodeCursor, encodeCursor, type ListPosition } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { DeliveryFilter } from '../ports/webhook-store.js';
import { type BundleDocument, deliveriesOf, sliceOf } from './delivery-bundle.js';
import { guarded } from './errors.js';

const BUNDLES_AT_ONCE = 100;

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

/** Bundles in which something may match. */
function bundlesOf(filter: Filter, position: ListPosition | null): QueryFilter<BundleDocument> {
  const { countyAdcode, endpointId, from, to, ids } = filter;
  const conditions: QueryFilter<BundleDocument>[] = [];
  if (countyAdcode !== null) conditions.push({ countyAdcode });
  if (endpointId !== undefined) conditions.push({ endpointId });
  if (ids !== undefined) conditions.push({ ids: { $in: ids.map((id) => id.split('.')[0] ?? '') } });
  if (from !== undefined) conditions.push({ slice: { $gte: sliceOf(from) } });
  if (to !== undefined) conditions.push({ slice: { $lte: sliceOf(to) } });
  if (position !== null) conditions.push({ slice: { $lte: sliceOf(position.createdAt) } });
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** Matching deliveries of one collection after a position, newest first. */
async function* read(
  model: Model<BundleDocument>,
  where: QueryFilter<BundleDocument>,
  filter: Filter,
  position: ListPosition | null,
): AsyncGenerator<Delivery> {
  const cursor = model.find(where).sort({ slice: -1 }).lean().cursor({ batchSize: BUNDLES_AT_ONCE });
  let slice = '';
  let together: Delivery[] = [];
  for await (const document of cursor) {
    if (document.slice !== slice) {
      yield* together.sort(newestFirst);
      together = [];
      slice = document.slice;
    }
    for (const delivery of deliveriesOf(document)) {
      if (matches(delivery, filter) && isAfter(delivery, position)) together.push(delivery);
    }
  }
  yield* together.sort(newestFirst);
}

/** Matching ended deliveries, newest first. */
export function readEnded(
  ended: Model<BundleDocument>,
  filter: Filter,
  position: ListPosition | null,
): AsyncGenerator<Delivery> {
  const { type, state } = filter;
  const hints: QueryFilter<BundleDocument>[] = [bundlesOf(filter, position)];
  if (type !== undefined) hints.push({ types: type });
  if (state !== undefined) hints.push({ states: state });
  return read(ended, { $and: hints }, filter, position);
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
  models: { readonly pending: Model<BundleDocument>; readonly ended: Model<BundleDocument> },
  filter: DeliveryFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<Delivery>> {
  const position = cursor === null ? null : decodeCursor(cursor);
  return guarded(async () => {
    const { state } = filter;
    const pending =
      state === undefined || state === 'pending'
        ? read(models.pending, bundlesOf(filter, position), filter, position)
        : nothing();
    const ended = state === 'pending' ? nothing() : readEnded(models.ended, filter, position);
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
