import type { Model } from 'mongoose';
import type { Delivery } from '../domain/webhook.js';
import { endedAmongOthers, ownKey, sharedKey, sliceOf, waitsAmongOthers } from './delivery-bundle.js';
import { aloneText, logText, pendingItem } from './delivery-items.js';
import { isDuplicateKey } from './errors.js';

type Values = Readonly<Record<string, unknown>>;

/** One operation of a bulk of writes. */
export type Operation = {
  readonly updateOne?: {
    readonly filter: Values;
    readonly update: Readonly<Record<string, Values>>;
    readonly upsert?: boolean;
  };
  readonly deleteMany?: { readonly filter: Values };
};

/** Writes all of it, in order. May be done again: each operation is idempotent, or read as if it had been done once. */
export async function write<T>(model: Model<T>, operations: readonly Operation[]): Promise<void> {
  if (operations.length === 0) return;
  const run = () => model.collection.bulkWrite([...operations] as never, { ordered: true });
  try {
    await run();
  } catch (error) {
    // Two that write the first of a document at the same moment: the second finds it now.
    if (!isDuplicateKey(error)) throw error;
    await run();
  }
}

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
function placeOf([first]: readonly Delivery[]): Values {
  const { endpointId, countyAdcode = null, createdAt = '' } = first ?? {};
  return { endpointId, countyAdcode, slice: sliceOf(createdAt) };
}

function upsert(_id: string, update: Readonly<Record<string, Values>>): Operation {
  return { updateOne: { filter: { _id }, update, upsert: true } };
}

const each = (values: readonly string[]) => ({ $each: [...new Set(values)] });

/** Puts deliveries among the pending ones. */
export function putPending(deliveries: readonly Delivery[]): Operation[] {
  const shared = groupedBy(deliveries.filter(waitsAmongOthers), sharedKey);
  const own = deliveries.filter((delivery) => !waitsAmongOthers(delivery));
  return [
    ...[...shared].map(([key, group]) => {
      const nextAt = group.map((delivery) => delivery.nextAt ?? delivery.createdAt).sort()[0];
      const $addToSet = { items: each(group.map(pendingItem)) };
      return upsert(key, { $set: placeOf(group), $min: { nextAt }, $addToSet });
    }),
    ...own.map((delivery) => {
      const { eventId, createdAt, nextAt } = delivery;
      const $set = { items: [eventId], nextAt: nextAt ?? createdAt, alone: aloneText(delivery) };
      return upsert(ownKey(delivery), { $set: { ...placeOf([delivery]), ...$set } });
    }),
  ];
}

/**
 * Puts deliveries among the ended ones, and notes there which others have left the pending bundle of the same id, so
 * that they are not added again.
 */
export function putEnded(ended: readonly Delivery[], elsewhere: readonly Delivery[]): Operation[] {
  const left = groupedBy(elsewhere, sharedKey);
  const operations = [...groupedBy(ended.filter(endedAmongOthers), sharedKey)].map(([key, group]) => {
    const log = logText(group, left.get(key) ?? []);
    left.delete(key);
    const [states, types] = [each(group.map(({ state }) => state)), each(group.map(({ type }) => type))];
    return upsert(key, { $set: placeOf(group), $addToSet: { states, types }, $push: { log } });
  });
  const notes = [...left].map(([key, group]) => {
    return upsert(key, { $set: placeOf(group), $push: { log: logText([], group) } });
  });
  const own = ended.filter((delivery) => !endedAmongOthers(delivery));
  const alone = own.map((delivery) => {
    const $set = { states: [delivery.state], types: [delivery.type], alone: aloneText(delivery) };
    return upsert(ownKey(delivery), { $set: { ...placeOf([delivery]), ...$set } });
  });
  return [...operations, ...notes, ...alone];
}

/** What a delivery was and what it has become. */
export interface Move {
  readonly before: Delivery;
  readonly after: Delivery;
}

/**
 * What became of pending deliveries: what to write among the ended ones, and after that among the pending ones. Most of
 * them end at their first attempt, many of a bundle together.
 */
export function moved(moves: readonly Move[]): { readonly ended: Operation[]; readonly pending: Operation[] } {
  const [ended, elsewhere, again, gone]: [Delivery[], Delivery[], Delivery[], Delivery[]] = [[], [], [], []];
  for (const { before, after } of moves) {
    const amongOthers = waitsAmongOthers(before);
    if (after.state !== 'pending') ended.push(after);
    else again.push(after);
    if (after.state === 'pending' && amongOthers) elsewhere.push(before);
    if (after.state !== 'pending' || amongOthers) gone.push(before);
  }
  return { ended: putEnded(ended, elsewhere), pending: [...putPending(again), ...takePending(gone)] };
}

/** Takes pending deliveries out of where they stand; a bundle in which nothing is left goes with them. */
export function takePending(deliveries: readonly Delivery[]): Operation[] {
  const shared = groupedBy(deliveries.filter(waitsAmongOthers), sharedKey);
  const pulls = [...shared].map(([_id, group]): Operation => {
    return { updateOne: { filter: { _id }, update: { $pullAll: { items: group.map(pendingItem) } } } };
  });
  const own = deliveries.filter((delivery) => !waitsAmongOthers(delivery)).map(ownKey);
  return [...pulls, ...without([...shared.keys()], { items: [] }), ...without(own, {})];
}

/** Takes ended deliveries that stand alone away. */
export function takeEnded(deliveries: readonly Delivery[]): Operation[] {
  return without(deliveries.filter((delivery) => !endedAmongOthers(delivery)).map(ownKey), {});
}

function without(keys: readonly string[], condition: Values): Operation[] {
  return keys.length === 0 ? [] : [{ deleteMany: { filter: { _id: { $in: keys }, ...condition } } }];
}
