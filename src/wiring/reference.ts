import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { ReferenceStore } from '../ports/reference-store.js';
import { createIndustrySearch } from '../text/industry-search.js';
import { createTextAnalysis } from '../text/text-analysis.js';
import type { SnapshotSource } from '../usecases/current-snapshot.js';
import { createReferenceCache, type ReferenceCache } from '../usecases/reference-cache.js';

/** The edition in force with its text indexes; looked for again when it is `maxAgeMs` old. */
export function referenceCache(
  referenceStore: ReferenceStore,
  clock: Pick<Clock, 'monotonicMs'>,
  maxAgeMs: number,
): ReferenceCache {
  return createReferenceCache({
    referenceStore,
    makeText: createTextAnalysis,
    makeSearch: createIndustrySearch,
    clock,
    maxAgeMs,
  });
}

/**
 * Compiles the snapshot and the text indexes before anybody waits for them: they take half a second, which would hold
 * up requests or jobs. Without a store or seeds they are built when first asked for.
 */
export async function warmUp(snapshots: SnapshotSource, log: Log): Promise<void> {
  try {
    const { edition } = await snapshots.current();
    edition.text();
    edition.search();
  } catch (error) {
    log.warn({ error }, 'nothing to compile yet, store away or without seeds');
  }
}
