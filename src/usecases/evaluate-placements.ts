import { AppError, type FieldIssue } from '../domain/errors.js';
import type { PlacementCase } from '../domain/placement-case.js';
import { type Evaluation, evaluateCases } from '../matching/evaluation/judge-cases.js';
import { candidateCounties } from '../matching/evaluation/rank-counties.js';
import type { SnapshotSource } from './current-snapshot.js';
import { textNumbers } from './match-need.js';

export type { ScorePart } from '../matching/evaluation/ablation.js';
export { BASELINES, type Baseline } from '../matching/evaluation/baselines.js';
export { RESAMPLES, SEED } from '../matching/evaluation/bootstrap.js';
export {
  type CountyParts,
  type Evaluation,
  type JudgedCase,
  MISS_AFTER,
} from '../matching/evaluation/judge-cases.js';
export {
  FIGURE_KINDS,
  type FigureKind,
  type Figures,
  type FiguresByKind,
  MEASURES,
  type Measure,
} from '../matching/evaluation/metrics.js';
export type { CaseNote } from '../matching/evaluation/question-need.js';

/** Measures the engine on documented landings. Stores nothing. */
export interface PlacementEvaluation {
  /**
   * @param options.ablation also measures the engine without each part of its score.
   * @throws AppError `invalidInput` where cases landed outside the ranked counties: an issue each, field
   * `CASE.destinationAdcode`; `storeUnavailable`.
   */
  run(cases: readonly PlacementCase[], options: { readonly ablation: boolean }): Promise<Evaluation>;
}

export function createPlacementEvaluation(deps: { readonly snapshots: SnapshotSource }): PlacementEvaluation {
  return {
    async run(cases, options) {
      const { snapshot, edition } = await deps.snapshots.current();
      const candidates = new Set(candidateCounties(snapshot.frame));
      const outside = cases.flatMap(({ id, truth }): FieldIssue[] =>
        candidates.has(truth)
          ? []
          : [{ field: `${id}.destinationAdcode`, code: 'notACandidate', value: truth, limit: candidates.size }],
      );
      if (outside.length > 0) throw new AppError('invalidInput', { issues: outside });
      const text = edition.text();
      return evaluateCases(
        snapshot,
        cases.map((placement) => ({
          placement,
          text: textNumbers(snapshot.frame, text, { title: '', description: placement.description }),
        })),
        options,
      );
    },
  };
}
