import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../src/domain/errors.js';
import type { MatchResult } from '../../../src/domain/match.js';
import { outcomeText } from '../../../src/domain/outcome-text.js';
import { SAME_FACTS } from '../../../src/matching/match-batch.js';
import { outlineOf } from '../../../src/matching/rematch/outline.js';
import { MemoryHistoryStore } from '../../../src/memory/history-store.js';
import { MemoryResultStore } from '../../../src/memory/result-store.js';
import { resultIdOf } from '../../../src/ports/result-store.js';
import type { OpenNeed } from '../../../src/usecases/rematch/load-index.js';
import { type StoredOutcomesDeps, storedOutcomes } from '../../../src/usecases/rematch/stored-outcomes.js';
import { outlineStep } from '../../support/conformance/history-store.js';
import { makeResult, makeStoredNeed } from '../../support/conformance/records.js';

/** A need as rematching keeps it, whose result is this one, stored with its step number `steps`. */
function openNeed(result: MatchResult, steps: number | null): OpenNeed {
  const { id, version, need, matching } = makeStoredNeed(1);
  const resultId = resultIdOf(result);
  return {
    ...{ id, version, need, resultId, outcome: null, text: null, heldIn: null },
    matching: { ...matching, status: 'ready', resultId, ...(steps !== null && { steps }) },
  };
}

const textOf = (result: MatchResult): string => outcomeText(outlineOf(result).outcome);

function world() {
  const [resultStore, historyStore] = [new MemoryResultStore(), new MemoryHistoryStore()];
  const calls: string[] = [];
  const note = <T>(name: string, id: string, answer: Promise<T>): Promise<T> => {
    calls.push(`${name} ${id}`);
    return answer;
  };
  const deps: StoredOutcomesDeps = {
    resultStore: { get: (id) => note('whole', id, resultStore.get(id)) },
    historyStore: {
      outline: (id) => note('outline', id, historyStore.outline(id)),
      outlines: (places) => note('outlines', String(places.length), historyStore.outlines(places)),
    },
  };
  return { deps, resultStore, historyStore, calls };
}

describe('storedOutcomes', () => {
  it('reads outlines where they are counted to stand, many at once', async () => {
    const { deps, historyStore, calls } = world();
    const results = Array.from({ length: 150 }, (_, number) => makeResult(number, number % 4));
    await historyStore.appendMany(results.map((result) => outlineStep(result)));
    const needs = results.map((result) => openNeed(result, 1));
    const read = await storedOutcomes(deps, needs, 'cc33');
    for (const [at, need] of needs.entries()) {
      expect(await read(need)).toBe(textOf(results[at] ?? makeResult(404)));
      expect(need.outcome).not.toBeNull();
    }
    expect(calls).toEqual(['outlines 64', 'outlines 64', 'outlines 22']);
  });

  it('reads the whole result where the step brought no outline, and all else one by one', async () => {
    const { deps, historyStore, resultStore, calls } = world();
    const [bare, uncounted, elsewhere, lost] = [makeResult(1), makeResult(2), makeResult(3), makeResult(4)];
    await historyStore.appendMany([
      outlineStep(bare, 1, { outline: null }),
      outlineStep(uncounted),
      outlineStep(elsewhere),
      outlineStep(lost, 1, { outline: null }),
    ]);
    await resultStore.put(bare);
    const needs = [openNeed(bare, 1), openNeed(uncounted, null), openNeed(elsewhere, 2), openNeed(lost, 1)];
    const read = await storedOutcomes(deps, needs, 'cc33');
    const outcomes = [];
    for (const need of needs) outcomes.push(await read(need));
    expect(outcomes).toEqual([textOf(bare), textOf(uncounted), textOf(elsewhere), null]);
    expect(calls).toEqual([
      'outlines 3',
      `whole ${resultIdOf(bare)}`,
      `outline ${resultIdOf(uncounted)}`,
      `outline ${resultIdOf(elsewhere)}`,
      `whole ${resultIdOf(lost)}`,
    ]);
  });

  it('reads nothing of what is known, or is of these facts', async () => {
    const { deps, calls } = world();
    const [made, same] = [openNeed(makeResult(1), 1), openNeed(makeResult(2, 3, { snapshot: 'cc33' }), 1)];
    made.outcome = 'known';
    const read = await storedOutcomes(deps, [made, same], 'cc33');
    expect([await read(made), await read(same)]).toEqual(['known', SAME_FACTS]);
    expect([calls, same.outcome]).toEqual([[], null]);
  });

  it('leaves a need alone that has moved on while its result was read', async () => {
    const { deps, historyStore } = world();
    const [before, after] = [makeResult(1), makeResult(1, 2, { snapshot: 'bb22' })];
    await historyStore.append(outlineStep(before));
    const need = openNeed(before, 1);
    const reading = storedOutcomes(deps, [need], 'cc33');
    need.resultId = resultIdOf(after);
    await reading;
    expect(need.outcome).toBeNull();
  });

  it('asks one by one where reading many failed, but not while the store is away', async () => {
    const { deps, historyStore } = world();
    const result = makeResult(1);
    await historyStore.append(outlineStep(result));
    const failing = (code: ErrorCode): StoredOutcomesDeps => ({
      ...deps,
      historyStore: { ...deps.historyStore, outlines: () => Promise.reject(new AppError(code)) },
    });
    const read = await storedOutcomes(failing('internal'), [openNeed(result, 1)], 'cc33');
    expect(await read(openNeed(result, 1))).toBe(textOf(result));
    await expect(storedOutcomes(failing('storeUnavailable'), [openNeed(result, 1)], 'cc33')).rejects.toMatchObject({
      code: 'storeUnavailable',
    });
  });
});
