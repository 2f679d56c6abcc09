import type { Delivery } from '../domain/webhook.js';
import { endedKey, itemOf, ownKey, pendingKey, sharedKey, sliceOf } from './delivery-bundle.js';

type Operation = {
  readonly updateOne?: {
    readonly filter: Readonly<Record<string, unknown>>;
    readonly update: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly upsert?: boolean;
  };
  readonly deleteOne?: { readonly filter: Readonly<Record<string, unknown>> };
};

function groupedBy(deliveries: readonly Delivery[], keyOf: (delivery: Delivery) => string): Map<string, Delivery[]> {
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const key = keyOf(delivery);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [delivery]);
    else group.push(delivery);
  }
  return groups;
}

/** What every document says of the deliveries in it. */
function placeOf([first]: readonly Delivery[]): { readonly $set: Readonly<Record<string, unknown>> } {
  const { endpointId, countyAdcode = null, createdAt = '' } = first ?? {};
  return { $set: { endpointId, countyAdcode, slice: sliceOf(createdAt) } };
}

function put(
  key: string,
  deliveries: readonly Delivery[],
  more: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Operation {
  const items = Object.fromEntries(deliveries.map((delivery) => [`items.${delivery.eventId}`, itemOf(delivery)]));
  const ids = { $each: deliveries.map(({ eventId }) => eventId) };
  const update = {
    ...more,
    $set: { ...placeOf(deliveries).$set, ...items, ...more['$set'] },
    $addToSet: { ids, ...more['$addToSet'] },
  };
  return { updateOne: { filter: { _id: key }, update, upsert: true } };
}

/** Puts deliveries among the pending ones. */
export function putPending(deliveries: readonly Delivery[]): Operation[] {
  return [...groupedBy(deliveries, pendingKey)].map(([key, group]) => {
    const nextAt = group.map((delivery) => delivery.nextAt ?? delivery.createdAt).sort()[0];
    // One that stands alone moves on in time; others join those that are due already.
    const alone = group.every(({ attempts }) => attempts.length > 0);
    return put(key, group, alone ? { $set: { nextAt } } : { $min: { nextAt } });
  });
}

const distinct = (values: readonly string[]) => ({ $each: [...new Set(values)] });

/**
 * Puts deliveries among the ended ones, and notes there which were tried for the first time (`seen`), so that they are
 * not added again.
 */
export function putEnded(ended: readonly Delivery[], seen: readonly Delivery[]): Operation[] {
  const tried = groupedBy(seen, sharedKey);
  const operations = [...groupedBy(ended, endedKey)].map(([key, group]) => {
    const firsts = tried.get(key) ?? [];
    tried.delete(key);
    return put(key, group, {
      $addToSet: {
        states: distinct(group.map(({ state }) => state)),
        types: distinct(group.map(({ type }) => type)),
        ...(firsts.length === 0 ? {} : { seen: { $each: firsts.map(({ eventId }) => eventId) } }),
      },
    });
  });
  const notes = [...tried].map(([_id, group]): Operation => {
    const { $set } = placeOf(group);
    const $addToSet = { seen: { $each: group.map(({ eventId }) => eventId) } };
    return { updateOne: { filter: { _id }, update: { $set, $addToSet }, upsert: true } };
  });
  return [...operations, ...notes];
}

/**
 * Takes deliveries out of where they stood. Bundles of several stay, others may just be writing to them: what is empty
 * is cleared later.
 */
export function takeOut(deliveries: readonly Delivery[], keyOf: (delivery: Delivery) => string): Operation[] {
  return [...groupedBy(deliveries, keyOf)].map(([_id, group]): Operation => {
    const [first] = group;
    if (first !== undefined && _id === ownKey(first)) return { deleteOne: { filter: { _id } } };
    const $unset = Object.fromEntries(group.map(({ eventId }) => [`items.${eventId}`, '']));
    const $pullAll = { ids: group.map(({ eventId }) => eventId) };
    return { updateOne: { filter: { _id }, update: { $unset, $pullAll } } };
  });
}
