import type { FactChange } from '../../domain/rematch.js';

const STEPS_KEPT = 200;

/** What changed from one snapshot to the next. */
interface FactStep {
  readonly from: string;
  readonly changes: readonly FactChange[];
}

/** The last changes of parks, step by step, within one frame. */
export function createSteps() {
  let steps: readonly FactStep[] = [];
  return {
    /** Takes in the next step. */
    add(step: FactStep): void {
      steps = [...steps, step].slice(-STEPS_KEPT);
    },
    /** What changed since a snapshot; nothing where it is not remembered. */
    changesFrom(snapshotId: string): readonly FactChange[] {
      const first = steps.findIndex(({ from }) => from === snapshotId);
      return first === -1 ? [] : steps.slice(first).flatMap(({ changes }) => changes);
    },
  };
}
