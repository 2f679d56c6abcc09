import type { Delivery, DeliveryAttempt } from '../../domain/webhook.js';
import type { Settlement } from '../../ports/webhook-store.js';
import type { DeliverySettings } from './delivery-settings.js';

/** An attempt with what the receiver asked for. */
export type Outcome = DeliveryAttempt & { readonly retryAfterMs: number | null };

const GONE = 410;

/** True for what counts as delivered: an answer of 2xx that was read to its end. */
export function isDelivered({ status, error }: DeliveryAttempt): boolean {
  return error === null && status !== null && status >= 200 && status < 300;
}

/** True where the receiver wants nothing any more. */
export function isGone({ status, error }: DeliveryAttempt): boolean {
  return error === null && status === GONE;
}

/** Attempts since the delivery was made, or last replayed: the schedule counts from there. */
function triesOf({ attempts, replayedAt }: Delivery): number {
  return replayedAt === undefined ? attempts.length : attempts.filter(({ at }) => at >= replayedAt).length;
}

/**
 * What becomes of a delivery after an attempt: delivered, cancelled where the receiver is gone, tried again by the
 * schedule (or when the receiver asked for, if that is later), or failed once the schedule is at its end.
 * @param random in [0, 1): where in the jitter around the pause the next attempt lies.
 */
export function settlementOf(
  delivery: Delivery,
  outcome: Outcome,
  { retryS, jitter }: Pick<DeliverySettings, 'retryS' | 'jitter'>,
  random: number,
): Settlement {
  const { retryAfterMs, ...attempt } = outcome;
  if (isDelivered(attempt)) return { delivery, attempt, next: { state: 'delivered' } };
  if (isGone(attempt)) return { delivery, attempt, next: { state: 'cancelled' } };
  const pauseS = retryS[triesOf(delivery)];
  if (pauseS === undefined) return { delivery, attempt, next: { state: 'failed' } };
  const pauseMs = pauseS * 1_000 * (1 + jitter * (2 * random - 1));
  const at = Date.parse(attempt.at) + attempt.latencyMs + Math.max(pauseMs, retryAfterMs ?? 0);
  return { delivery, attempt, next: { state: 'pending', at: new Date(Math.round(at)).toISOString() } };
}
