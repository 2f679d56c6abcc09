import { AppError } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { DeliveryStore, Settlement } from '../../ports/webhook-store.js';

/** Outcomes that come within this time are written together, whatever endpoints they are of, ms. */
const GATHER_MS = 40;
/** Written by one call. */
const AT_ONCE = 2_000;
/** Pauses between the tries to write while the store is away, ms. After the last the messages count as not sent. */
const AWAY_MS: readonly number[] = [250, 500, 1_000, 2_000, 4_000];

/**
 * Records an outcome and says when it is written, or why it could not be. One round trip serves all endpoints of the process: on its own each
 * would have the store commit many times a second.
 */
export type Recorder = (settlement: Settlement, done: (failure: { readonly error: unknown } | null) => void) => void;

interface Waiting {
  readonly settlement: Settlement;
  readonly done: Parameters<Recorder>[1];
}

/** Makes the recorder of a process. */
export function createRecorder(deliveryStore: Pick<DeliveryStore, 'settle'>, clock: Pick<Clock, 'sleep'>): Recorder {
  const waiting: Waiting[] = [];
  let writing = false;

  async function write(batch: readonly Waiting[]): Promise<void> {
    const settlements = batch.map(({ settlement }) => settlement);
    for (const pauseMs of AWAY_MS) {
      try {
        return await deliveryStore.settle(settlements);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'storeUnavailable') throw error;
        await clock.sleep(pauseMs);
      }
    }
    await deliveryStore.settle(settlements);
  }

  async function loop(): Promise<void> {
    while (waiting.length > 0) {
      // What has piled up while the last ones were written need not wait for more.
      if (waiting.length < AT_ONCE) await clock.sleep(GATHER_MS);
      const batch = waiting.splice(0, AT_ONCE);
      try {
        await write(batch);
        for (const { done } of batch) done(null);
      } catch (error) {
        for (const { done } of batch) done({ error });
      }
    }
    writing = false;
  }

  return (settlement, done) => {
    waiting.push({ settlement, done });
    if (writing) return;
    writing = true;
    void loop();
  };
}
