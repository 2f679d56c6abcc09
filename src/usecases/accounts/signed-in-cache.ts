import type { Clock } from '../../ports/clock.js';
import type { SignedIn } from '../account-use-cases.js';

/** An answer with all it rests on. */
export interface KeptAnswer {
  readonly signedIn: SignedIn;
  /** Of the session or token. */
  readonly expiresAt: string;
  /** Ids of the session, the token and the user: what happens to one of these ends the answer. */
  readonly restsOn: readonly string[];
}

/** Who secrets belong to, kept for a moment. Keys are digests of secrets. */
export interface SignedInCache {
  read(key: string): SignedIn | null;
  /** Marks the beginning of a look at the store, for `keep`. */
  begin(): number;
  /** Keeps an answer, unless anything was forgotten since the look at the store began. */
  keep(key: string, answer: KeptAnswer, begun: number): void;
  /** Drops every answer that rests on this session, token or user. */
  forget(id: string): void;
}

/** Answers live `maxAgeMs` and are `atMost` in number; the oldest goes first. */
export function createSignedInCache(
  clock: Pick<Clock, 'now' | 'monotonicMs'>,
  { maxAgeMs, atMost }: { readonly maxAgeMs: number; readonly atMost: number } = { maxAgeMs: 1_000, atMost: 10_000 },
): SignedInCache {
  const kept = new Map<string, KeptAnswer & { readonly atMs: number }>();
  let forgotten = 0;

  return {
    read(key) {
      const answer = kept.get(key);
      if (answer === undefined) return null;
      if (clock.monotonicMs() - answer.atMs < maxAgeMs && answer.expiresAt > clock.now()) return answer.signedIn;
      kept.delete(key);
      return null;
    },
    begin: () => forgotten,
    keep(key, answer, begun) {
      if (begun !== forgotten) return;
      // Taken out first, so that the map's order is that of age.
      kept.delete(key);
      kept.set(key, { ...answer, atMs: clock.monotonicMs() });
      for (const oldest of kept.keys()) {
        if (kept.size <= atMost) break;
        kept.delete(oldest);
      }
    },
    forget(id) {
      forgotten += 1;
      for (const [key, { restsOn }] of kept) if (restsOn.includes(id)) kept.delete(key);
    },
  };
}
