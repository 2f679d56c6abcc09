import type { Delivery, DeliveryAttempt, DeliveryState } from '../domain/webhook.js';
import { readJson } from '../ports/read-json.js';
import type { BundleDocument, EndedDocument, PendingDocument } from './delivery-bundle.js';
import { malformed } from './errors.js';

/** What a bundle tells of one delivery; the rest is told by the event. */
export interface DeliveryItem extends Pick<Delivery, 'eventId' | 'state' | 'attempts' | 'replayedAt'> {
  /** Null: not pending, or due from its creation on. */
  readonly nextAt: string | null;
}

type AttemptText = [at: string, status: number | null, error: string | null, latencyMs: number, answer: string];
type ItemText = [state: DeliveryState, attempts: AttemptText[], replayedAt?: string];
/** An event's id alone: the delivery stands, or stood, elsewhere. */
type LogEntry = [eventId: string] | [eventId: string, ...ItemText];

const EVENT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** @throws RangeError for an event id that could be taken for more than an id. */
export function checkEventId(eventId: string): void {
  if (!EVENT_ID.test(eventId)) throw new RangeError('event id has another form');
}

/** How a delivery stands in a pending bundle of several: `<event>`, or `<event>@<time>` if it is not due at once. */
export function pendingItem({ eventId, createdAt, nextAt }: Delivery): string {
  return nextAt === null || nextAt === createdAt ? eventId : `${eventId}@${nextAt}`;
}

function itemText({ state, attempts, replayedAt }: Delivery): ItemText {
  const tries = attempts.map(({ at, status, error, latencyMs, answer }): AttemptText => {
    return [at, status, error, latencyMs, answer];
  });
  return replayedAt === undefined ? [state, tries] : [state, tries, replayedAt];
}

/** What a bundle keeps of a delivery that stands alone. */
export function aloneText(delivery: Delivery): string {
  return JSON.stringify(itemText(delivery));
}

/** One writing of a log: what became of some deliveries, and which others stand elsewhere from now on. */
export function logText(ended: readonly Delivery[], elsewhere: readonly Delivery[]): string {
  const entries: LogEntry[] = ended.map((delivery) => [delivery.eventId, ...itemText(delivery)]);
  for (const { eventId } of elsewhere) entries.push([eventId]);
  return JSON.stringify(entries);
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function readAttempt(value: unknown): DeliveryAttempt | null {
  if (!isList(value)) return null;
  const [at, status, error, latencyMs, answer] = value;
  if (typeof at !== 'string' || typeof latencyMs !== 'number' || typeof answer !== 'string') return null;
  if ((status !== null && typeof status !== 'number') || (error !== null && typeof error !== 'string')) return null;
  return { at, status, error, latencyMs, answer };
}

function isState(value: unknown): value is DeliveryState {
  return value === 'pending' || value === 'delivered' || value === 'failed' || value === 'cancelled';
}

type Told = Pick<DeliveryItem, 'state' | 'attempts' | 'replayedAt'>;

function readItem([state, tries, replayedAt]: readonly unknown[]): Told | null {
  if (!isState(state) || !isList(tries)) return null;
  const attempts = tries.flatMap((one) => readAttempt(one) ?? []);
  if (attempts.length !== tries.length) return null;
  return { state, attempts, ...(typeof replayedAt === 'string' ? { replayedAt } : {}) };
}

function read(text: unknown, { _id }: BundleDocument): unknown[] {
  const value = readJson(text);
  if (!isList(value)) throw malformed('deliveries', _id);
  return value;
}

function alone(document: BundleDocument & { readonly alone?: string }): { readonly eventId: string } & Told {
  const told = readItem(read(document.alone, document));
  const eventId = document._id.split('.')[2];
  if (told === null || eventId === undefined) throw malformed('deliveries', document._id);
  return { eventId, ...told };
}

/**
 * The deliveries of a pending bundle.
 * @throws AppError `internal` if it does not have the form of one.
 */
export function pendingItems(document: PendingDocument): DeliveryItem[] {
  if (document.alone !== undefined) return [{ ...alone(document), nextAt: document.nextAt }];
  return document.items.map((text) => {
    const at = text.indexOf('@');
    const eventId = at < 0 ? text : text.slice(0, at);
    return { eventId, state: 'pending', attempts: [], nextAt: at < 0 ? null : text.slice(at + 1) };
  });
}

/** By event id, what the log of an ended bundle says last; null for those that stand elsewhere. */
function lastWords(document: EndedDocument): Map<string, Told | null> {
  const words = new Map<string, Told | null>();
  for (const text of document.log ?? []) {
    for (const entry of read(text, document)) {
      if (!isList(entry)) throw malformed('deliveries', document._id);
      const [eventId, ...rest] = entry;
      const told = rest.length === 0 ? null : readItem(rest);
      if (typeof eventId !== 'string' || (rest.length > 0 && told === null))
        throw malformed('deliveries', document._id);
      words.set(eventId, told);
    }
  }
  return words;
}

/**
 * The deliveries of an ended bundle.
 * @throws AppError `internal` if it does not have the form of one.
 */
export function endedItems(document: EndedDocument): DeliveryItem[] {
  if (document.alone !== undefined) return [{ ...alone(document), nextAt: null }];
  return [...lastWords(document)].flatMap(([eventId, told]) =>
    told === null ? [] : [{ eventId, ...told, nextAt: null }],
  );
}

/** Events whose deliveries have left the pending bundle of the same id. */
export function knownEvents(document: EndedDocument): string[] {
  return [...lastWords(document).keys()];
}
