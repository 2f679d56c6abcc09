import type { HistoryEntry, ResultOutline } from '../domain/rematch.js';
import {
  HISTORY_PAGE_MAX,
  type HistoryStep,
  type HistoryStore,
  historyCursor,
  positionOfHistoryCursor,
  type StepPlace,
} from '../ports/history-store.js';
import type { Page } from '../ports/need-store.js';
import { readOutlineText } from '../ports/outline-text.js';
import { needOfResult } from '../ports/result-store.js';

function entryOf({ outline: _, difference, ...step }: HistoryStep): HistoryEntry {
  return structuredClone({ ...step, difference: difference === null ? null : JSON.parse(difference) });
}

/** Keeps the history of needs in this process. Hands out copies. */
export class MemoryHistoryStore implements HistoryStore {
  readonly #steps = new Map<string, HistoryStep[]>();

  async append(step: HistoryStep): Promise<boolean> {
    const steps = this.#steps.get(step.needId) ?? [];
    const there = steps[step.position - 1];
    if (there !== undefined) return there.toResultId === step.toResultId;
    steps[step.position - 1] = structuredClone(step);
    this.#steps.set(step.needId, steps);
    return true;
  }

  async appendMany(steps: readonly HistoryStep[]): Promise<readonly boolean[]> {
    return Promise.all(steps.map((step) => this.append(step)));
  }

  async outline(resultId: string): Promise<ResultOutline | null> {
    const steps = this.#steps.get(needOfResult(resultId)) ?? [];
    const text = steps.findLast(({ toResultId }) => toResultId === resultId)?.outline ?? null;
    return text === null ? null : readOutlineText(text);
  }

  async outlines(places: readonly StepPlace[]): Promise<ReadonlyMap<string, ResultOutline | null>> {
    const found = new Map<string, ResultOutline | null>();
    for (const { resultId, position } of places) {
      const step = this.#steps.get(needOfResult(resultId))?.[position - 1];
      if (step?.toResultId !== resultId) continue;
      found.set(resultId, step.outline === null ? null : readOutlineText(step.outline));
    }
    return found;
  }

  async last(needId: string): Promise<HistoryEntry | null> {
    const step = this.#steps.get(needId)?.at(-1);
    return step === undefined ? null : entryOf(step);
  }

  async list(needId: string, cursor: string | null, limit: number): Promise<Page<HistoryEntry>> {
    const before = cursor === null ? Number.POSITIVE_INFINITY : positionOfHistoryCursor(cursor);
    const rest = (this.#steps.get(needId) ?? []).filter(({ position }) => position < before).toReversed();
    const items = rest.slice(0, Math.min(limit, HISTORY_PAGE_MAX)).map(entryOf);
    const last = items.at(-1);
    return { items, nextCursor: rest.length > items.length && last !== undefined ? historyCursor(last) : null };
  }
}
