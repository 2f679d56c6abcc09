import { outcomeText } from '../../domain/outcome-text.js';
import type { ResultOutline } from '../../domain/rematch.js';
import { SAME_FACTS } from '../../matching/match-batch.js';
import type { HistoryStore, StepPlace } from '../../ports/history-store.js';
import type { ResultStore } from '../../ports/result-store.js';
import { inPieces } from './batches.js';
import { isOfOneNeed } from './failures.js';
import type { OpenNeed } from './load-index.js';
import { readOutline, readWholeOutline } from './settle-result.js';

/** Outlines read, and turned into outcomes, in one go. */
const AT_ONCE = 64;

export interface StoredOutcomesDeps {
  readonly resultStore: Pick<ResultStore, 'get'>;
  readonly historyStore: Pick<HistoryStore, 'outline' | 'outlines'>;
}

/** Gives the outcome that is stored of a need; null where none is. */
export type StoredOutcome = (need: OpenNeed) => Promise<string | null>;

/** Where the step to the need's result stands; null where nobody has counted. */
function placeOf({ resultId, matching: { steps } }: OpenNeed): StepPlace | null {
  return steps === undefined ? null : { resultId, position: steps };
}

/** Outlines of many needs; where that fails for a reason of one of them, each is asked for by itself later. */
async function outlinesOf({ historyStore }: StoredOutcomesDeps, needs: readonly OpenNeed[]) {
  const places = needs.map(placeOf).filter((place) => place !== null);
  try {
    return await historyStore.outlines(places);
  } catch (error) {
    if (!isOfOneNeed(error)) throw error;
    return new Map<string, ResultOutline | null>();
  }
}

/**
 * Reads what the history has of needs, many at once, and gives what reads the rest one by one: outcomes are read where
 * they were not made or read before, and kept with the need.
 * @throws AppError `storeUnavailable`; the reader raises `internal` too, where the need's result cannot be read.
 */
export async function storedOutcomes(
  deps: StoredOutcomesDeps,
  needs: readonly OpenNeed[],
  snapshotId: string,
): Promise<StoredOutcome> {
  const isOfFacts = ({ resultId }: OpenNeed): boolean => resultId.endsWith(`:${snapshotId}`);
  /** Results whose steps brought no outline. */
  const bare = new Set<string>();

  function keep(need: OpenNeed, resultId: string, outline: ResultOutline | null): void {
    if (outline !== null && need.resultId === resultId) need.outcome = outcomeText(outline.outcome);
  }

  const unknown = needs.filter((need) => need.outcome === null && !isOfFacts(need));
  for (const piece of inPieces(unknown, AT_ONCE)) {
    const asked = piece.map((need) => ({ need, resultId: need.resultId }));
    const outlines = await outlinesOf(deps, piece);
    for (const { need, resultId } of asked) {
      const outline = outlines.get(resultId);
      if (outline === undefined) continue;
      if (outline === null) bare.add(resultId);
      keep(need, resultId, outline);
    }
  }

  return async (need) => {
    if (need.outcome !== null) return need.outcome;
    if (isOfFacts(need)) return SAME_FACTS;
    const { resultId } = need;
    keep(need, resultId, await (bare.has(resultId) ? readWholeOutline : readOutline)(deps, resultId));
    return need.outcome;
  };
}
