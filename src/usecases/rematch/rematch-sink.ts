import type { Change } from '../../domain/change.js';
import type { RematchQueue } from '../../ports/rematch-queue.js';
import type { ChangeSink } from '../relay-outbox.js';

/** What answers rest on: parks with their inventories and holds, and schemes. Needs are caught up with by themselves. */
function isFact({ object }: Change): boolean {
  return object.kind === 'park' || object.kind === 'scheme';
}

/** Asks for a look at the facts when some have changed. Where the queue is away the rematcher looks by itself soon after. */
export function rematchSink(queue: Pick<RematchQueue, 'factsChanged'>): ChangeSink {
  return async (changes) => {
    if (changes.some(isFact)) await queue.factsChanged();
  };
}
