import { type Connection, type Model, Schema } from 'mongoose';
import type { Delivery } from '../domain/webhook.js';
import { type BundleDocument, sliceOf } from './delivery-bundle.js';
import type { DeliveryItem } from './delivery-items.js';
import { write } from './delivery-writing.js';
import { malformed } from './errors.js';

/** Texts kept in memory: those of the last events serve every endpoint that is told of them. Characters. */
const KEPT_CHARACTERS = 8_000_000;
/** Slices read by one round trip. */
const SLICES_AT_ONCE = 200;

/** What was written here is not checked again for being UTF-8: with long texts that is half the cost of reading them. */
const OUR_OWN_TEXT = { enableUtf8Validation: false };

/** What every endpoint is told alike of an event. */
type EventText = Pick<Delivery, 'type' | 'payload' | 'createdAt'>;

/** The events that were created within the same tenth of a second. */
interface EventsDocument {
  /** The slice. */
  readonly _id: string;
  readonly ids: readonly string[];
  /** By event id: `<time> <type> <text>`. As texts, because documents within documents cost the embedded server most. */
  readonly events: Readonly<Record<string, string>>;
}

const schema = new Schema<EventsDocument>(
  {
    _id: { type: String, required: true },
    ids: { type: [String], required: true },
    // Made by the store, never by a request; casting them again would only cost time.
    events: { type: Schema.Types.Mixed, required: true },
  },
  { strict: 'throw', minimize: false, versionKey: false, id: false, collection: 'webhook_events' },
);
schema.index({ ids: 1 });

/** What was written as a type is one, also where a later version of the service knows it no more. */
function isType(text: string): text is Delivery['type'] {
  return text.length > 0;
}

function readEvent(text: string): EventText | null {
  const [first, second] = [text.indexOf(' '), text.indexOf(' ', text.indexOf(' ') + 1)];
  const type = text.slice(first + 1, second);
  if (first < 1 || second < first || !isType(type)) return null;
  return { createdAt: text.slice(0, first), type, payload: text.slice(second + 1) };
}

type Events = ReadonlyMap<string, EventText>;

function eventsOf({ _id, events }: Pick<EventsDocument, '_id' | 'events'>): Events {
  return new Map(
    Object.entries(events ?? {}).map(([eventId, text]) => {
      const event = readEvent(text);
      if (event === null) throw malformed('webhook events', _id);
      return [eventId, event];
    }),
  );
}

/**
 * What the endpoints are told, once for all of them. Written before the deliveries that point at it and kept for as long
 * as one of them is.
 */
export class DeliveryEvents {
  readonly #model: Model<EventsDocument>;
  /** Oldest reading first. */
  readonly #kept = new Map<string, { readonly events: Events; readonly characters: number }>();
  readonly #underWay = new Map<string, Promise<unknown>>();
  #characters = 0;

  constructor(connection: Connection) {
    this.#model = connection.model<EventsDocument>('WebhookEvents', schema);
  }

  /** Writes the events of these deliveries. Doing it again changes nothing. */
  async put(deliveries: readonly Delivery[]): Promise<void> {
    const slices = new Map<string, Map<string, string>>();
    for (const { eventId, createdAt, type, payload } of deliveries) {
      const slice = sliceOf(createdAt);
      const texts = slices.get(slice) ?? new Map<string, string>();
      slices.set(slice, texts);
      if (!texts.has(eventId)) texts.set(eventId, `${createdAt} ${type} ${payload}`);
    }
    if (slices.size === 0) return;
    const operations = [...slices].map(([_id, texts]) => {
      const $set = Object.fromEntries([...texts].map(([eventId, text]) => [`events.${eventId}`, text]));
      const $addToSet = { ids: { $each: [...texts.keys()] } };
      return { updateOne: { filter: { _id }, update: { $set, $addToSet }, upsert: true } };
    });
    await write(this.#model, operations);
  }

  /** The deliveries of bundles, whose items are given. @throws AppError `internal` where an event is not there. */
  async deliveriesOf<T extends BundleDocument>(
    documents: readonly T[],
    itemsOf: (document: T) => readonly DeliveryItem[],
  ): Promise<Delivery[]> {
    const read = documents.map((document) => ({ document, items: itemsOf(document) }));
    const wanted = new Map<string, Set<string>>();
    for (const { document, items } of read) {
      const ids = wanted.get(document.slice) ?? new Set<string>();
      wanted.set(document.slice, ids);
      for (const { eventId } of items) ids.add(eventId);
    }
    const found = await this.#read(wanted);
    return read.flatMap(({ document: { _id, endpointId, countyAdcode, slice }, items }) => {
      const events = found.get(slice);
      return items.map(({ eventId, nextAt, state, attempts, replayedAt }): Delivery => {
        const event = events?.get(eventId);
        if (event === undefined) throw malformed('webhook events', `${_id} ${eventId}`);
        const { type, payload, createdAt } = event;
        const dueAt = state === 'pending' ? (nextAt ?? createdAt) : null;
        const id = `${eventId}.${endpointId}`;
        // Spread only where it must be: this is made many thousand times a second.
        const place = {
          id,
          eventId,
          endpointId,
          countyAdcode,
          type,
          payload,
          createdAt,
          state,
          attempts,
          nextAt: dueAt,
        };
        return replayedAt === undefined ? place : { ...place, replayedAt };
      });
    });
  }

  /** Slices in which these events may be. */
  async slicesOf(eventIds: readonly string[]): Promise<readonly string[]> {
    const documents = await this.#model.find({ ids: { $in: [...eventIds] } }, { _id: 1 }).lean();
    return documents.map(({ _id }) => _id);
  }

  /** Forgets the events of slices before one, but for some. */
  async purge(slice: string, but: ReadonlySet<string>): Promise<void> {
    const documents = await this.#model.find({ _id: { $lt: slice } }, { _id: 1 }).lean();
    const old = documents.map(({ _id }) => _id).filter((_id) => !but.has(_id));
    for (let from = 0; from < old.length; from += SLICES_AT_ONCE) {
      await this.#model.deleteMany({ _id: { $in: old.slice(from, from + SLICES_AT_ONCE) } });
    }
  }

  async #read(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<ReadonlyMap<string, Events>> {
    const found = new Map<string, Events>();
    const missing = (): string[] => {
      return [...wanted].filter(([slice, ids]) => !holds(found.get(slice), ids)).map(([slice]) => slice);
    };
    for (const slice of wanted.keys()) {
      const kept = this.#kept.get(slice);
      if (kept !== undefined) found.set(slice, kept.events);
    }
    // Endpoints that are told of the same events read them at the same time: one reading serves them all.
    await Promise.all(missing().flatMap((slice) => this.#underWay.get(slice) ?? []));
    for (const slice of missing()) {
      const kept = this.#kept.get(slice);
      if (kept !== undefined) found.set(slice, kept.events);
    }
    const rest = missing();
    for (let from = 0; from < rest.length; from += SLICES_AT_ONCE) {
      for (const [slice, events] of await this.#fetch(rest.slice(from, from + SLICES_AT_ONCE)))
        found.set(slice, events);
    }
    return found;
  }

  async #fetch(slices: readonly string[]): Promise<readonly (readonly [string, Events])[]> {
    const reading = this.#model
      .find({ _id: { $in: [...slices] } }, { events: 1 })
      .setOptions(OUR_OWN_TEXT)
      .lean()
      .then((documents) => documents.map((document) => [document._id, eventsOf(document)] as const));
    const settled = reading.then(
      (read) => {
        for (const [slice, events] of read) this.#keep(slice, events);
      },
      () => undefined,
    );
    for (const slice of slices) this.#underWay.set(slice, settled);
    try {
      return await reading;
    } finally {
      for (const slice of slices) if (this.#underWay.get(slice) === settled) this.#underWay.delete(slice);
    }
  }

  #keep(slice: string, events: Events): void {
    const characters = [...events.values()].reduce((sum, { payload }) => sum + payload.length, 0);
    this.#characters += characters - (this.#kept.get(slice)?.characters ?? 0);
    this.#kept.delete(slice);
    this.#kept.set(slice, { events, characters });
    for (const [oldest, kept] of this.#kept) {
      if (this.#characters <= KEPT_CHARACTERS) break;
      this.#kept.delete(oldest);
      this.#characters -= kept.characters;
    }
  }
}

function holds(events: Events | undefined, ids: ReadonlySet<string>): boolean {
  if (events === undefined) return ids.size === 0;
  for (const id of ids) if (!events.has(id)) return false;
  return true;
}
