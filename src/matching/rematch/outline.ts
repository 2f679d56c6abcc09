import type { MatchResult } from '../../domain/match.js';
import type { ResultOutline } from '../../domain/rematch.js';
import { outcomeOf } from './outcome.js';

/** The outline of a whole result. */
export function outlineOf(result: MatchResult): ResultOutline {
  const { needId, version, profile, snapshot, generatedAt } = result;
  return {
    ...{ needId, version, profile, snapshot, generatedAt },
    outcome: outcomeOf(result),
    scores: result.ranked.map(({ score }) => score),
  };
}
