import type { Config } from '../config.js';
import type { Log } from '../ports/log.js';
import type { ResultStore } from '../ports/result-store.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';
import { createTextAnalysis } from '../text/text-analysis.js';
import { createCompletingResults } from '../usecases/completing-results.js';
import type { ReferenceCache } from '../usecases/reference-cache.js';
import type { Stores } from './stores.js';

/**
 * Results for all but rematching, which writes outlines: whoever reads one gets it whole.
 * @param robustnessRunner null: weightings are counted in place.
 */
export function completingResults(
  {
    resultStore,
    historyStore,
    factsStore,
    needStore,
  }: Pick<Stores, 'resultStore' | 'historyStore' | 'factsStore' | 'needStore'>,
  references: ReferenceCache,
  robustnessRunner: RobustnessRunner | null,
  config: Pick<Config, 'STALE_AFTER_DAYS'>,
  log: Log,
): ResultStore {
  return createCompletingResults({
    ...{ resultStore, historyStore, factsStore, needStore, references, log },
    ...(robustnessRunner === null ? {} : { robustnessRunner }),
    makeText: createTextAnalysis,
    staleAfterDays: config.STALE_AFTER_DAYS,
  });
}
