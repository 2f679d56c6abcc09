import type { Change } from '../domain/change.js';

/**
 * Changes that stand in the documents they changed and have not been carried on yet. Every store that takes `changes`
 * writes them by the same update as the change itself, so that neither is there without the other.
 */
export interface Outbox {
  /** Changes waiting in the documents with these ids, oldest first in each. */
  of(objectIds: readonly string[]): Promise<readonly Change[]>;
  /** Ids of up to `limit` documents in which something waits: for the sweep. */
  waiting(limit: number): Promise<readonly string[]>;
  /** Takes these changes out. Doing it twice changes nothing. */
  remove(changes: readonly Change[]): Promise<void>;
}

/** Told of every document whose outbox got something, so that it is carried on soon. Best effort: a sweep finds the rest. */
export interface ChangeSignal {
  changed(
    outbox: 'need' | 'lead' | 'park' | 'report' | 'account' | 'scheme' | 'endpoint' | 'rematch',
    objectId: string,
  ): void;
}

/** Several outboxes as one: of collections that share a name in `ChangeSignal`. Each leaves alone what it has not got. */
export function joinOutboxes(outboxes: readonly Outbox[]): Outbox {
  return {
    async of(objectIds) {
      return (await Promise.all(outboxes.map((outbox) => outbox.of(objectIds)))).flat();
    },
    async waiting(limit) {
      return (await Promise.all(outboxes.map((outbox) => outbox.waiting(limit)))).flat().slice(0, limit);
    },
    async remove(changes) {
      await Promise.all(outboxes.map((outbox) => outbox.remove(changes)));
    },
  };
}
