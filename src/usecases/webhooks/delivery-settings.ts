/** How messages are sent. */
export interface DeliverySettings {
  /** Pauses before the second, third … attempt, s; after the last one a delivery has failed. */
  readonly retryS: readonly number[];
  /** Each pause is drawn from so much around it, 0 to 1: receivers that come back are not met by all at once. */
  readonly jitter: number;
  /** Messages on their way to one endpoint at a time. */
  readonly concurrency: number;
  /** Messages a second to one endpoint at most. */
  readonly perSecond: number;
  /** An endpoint whose every attempt has failed for so long is disabled, ms. */
  readonly disableAfterMs: number;
}

/** The schedule of Standard Webhooks' recommendation: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
export const DELIVERY_SETTINGS: DeliverySettings = {
  retryS: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
  jitter: 0.2,
  concurrency: 16,
  perSecond: 200,
  disableAfterMs: 5 * 86_400_000,
};
