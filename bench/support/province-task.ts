import type { MatchResult } from '../../src/domain/match.js';

/** What the bench tells a thread. */
export interface ProvinceTask {
  readonly parks: number;
  readonly needs: number;
  /** Needs taken at a time. */
  readonly batch: number;
  /** One shared number: the first need nobody has taken. */
  readonly next: Int32Array;
}

/** What a thread tells the bench: first that its province is made, then what it matched. */
export type ProvinceMessage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done';
      readonly matched: number;
      readonly ranked: number;
      readonly explained: number;
      readonly excludedExplained: number;
      readonly heapMb: number;
      /** A few needs' answers, to be held against those of one thread. */
      readonly samples: readonly { readonly at: number; readonly answer: string }[];
    };

/** Every so many needs the answer is compared. */
export const SAMPLE_EVERY = 500;

/** The whole of an answer as text. */
export function answerOf(result: Omit<MatchResult, 'robustness'>): string {
  return JSON.stringify(result);
}

/** The stamp of a need of the bench. */
export function stampOf(at: number) {
  return { needId: `need${at}`, version: 1, generatedAt: '2026-01-01T00:00:00.000Z' };
}
