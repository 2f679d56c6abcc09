import type { IsoDate } from '../domain/provenance.js';

/** The only source of time. */
export interface Clock {
  /** UTC, ISO 8601 with milliseconds. */
  now(): string;
  /** The calendar day in Asia/Shanghai. */
  today(): IsoDate;
  /** Milliseconds on a clock that never goes back, for measuring. */
  monotonicMs(): number;
  /** Resolves after `ms`, or early when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
