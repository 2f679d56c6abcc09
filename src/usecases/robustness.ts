import type { MatchResult } from '../domain/match.js';
import { MATCH_DEFAULTS, type MatchOptions, type PreparedMatch } from '../matching/match.js';
import { runSmaa, smaaCost } from '../matching/robustness/smaa.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';

/**
 * Multiplications up to which weightings are counted in place: about 10 ms on one core. A province of today's size
 * needs an eighteenth of it; handing numbers to a thread and back costs about 1 ms.
 */
export const IN_PLACE_COST = 36_000_000;

/** How a deployment matches: the defaults, with its own age at which facts become doubtful. */
export function matchOptions(staleAfterDays: number = MATCH_DEFAULTS.robustness.staleAfterDays): MatchOptions {
  return { ...MATCH_DEFAULTS, robustness: { ...MATCH_DEFAULTS.robustness, staleAfterDays } };
}

/** Finishes a match: small ones in place, large ones where they don't hold up others. */
export async function finishMatch(
  prepared: PreparedMatch,
  runner?: RobustnessRunner,
  signal?: AbortSignal,
): Promise<MatchResult> {
  const { problem } = prepared;
  const inPlace = runner === undefined || smaaCost(problem) <= IN_PLACE_COST;
  return prepared.finish(inPlace ? runSmaa(problem) : await runner.run(problem, signal));
}
