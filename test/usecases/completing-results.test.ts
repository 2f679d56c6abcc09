import { describe, expect, it } from 'vitest';
import { SYSTEM_CALLER } from '../../src/domain/access.js';
import { CRITERIA, type Criterion, type MatchResult } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { outlineOf } from '../../src/matching/rematch/outline.js';
import { MemoryFactsStore } from '../../src/memory/facts-store.js';
import { MemoryHistoryStore } from '../../src/memory/history-store.js';
import { MemoryResultStore } from '../../src/memory/result-store.js';
import { outlineText } from '../../src/ports/outline-text.js';
import { resultIdOf, resultJson } from '../../src/ports/result-store.js';
import { packResult } from '../../src/threads/pack-result.js';
import { type CompletingDeps, createCompletingResults } from '../../src/usecases/completing-results.js';
import { readMatches, readMatchesJson } from '../../src/usecases/read-matches.js';
import { known, tinyNeed, tinyPark, tinyReference } from '../matching/tiny.js';
import { outlineStep } from '../support/conformance/history-store.js';
import { makeBench, plainText } from './bench.js';

const parks = [1, 2, 3, 4, 5, 6].map((number) =>
  tinyPark(`p${number}`, {
    factors: { energyTce: known(number * 100, number % 2 === 0 ? 'unverified' : 'sample') },
    landPriceWanPerMu: known(30 - number),
  }),
);
const needOf = (energyTce: number): Need => tinyNeed({ energyTce, land: { minMu: 20 }, investWan: 5_000 });

/** Another edition that would order parks in another way. */
function otherReference(): ReferenceData {
  const weights = Object.fromEntries(CRITERIA.map((criterion, at) => [criterion, at])) as Record<Criterion, number>;
  return tinyReference({ profiles: [{ id: 'tiny', version: 2, weights }] });
}

/** Needs that were matched, a store with the outlines of their results only, and the facts those rest on. */
async function makeWorld() {
  const bench = await makeBench({ parks });
  const [resultStore, historyStore] = [new MemoryResultStore(), new MemoryHistoryStore()];
  const factsStore = new MemoryFactsStore();
  const asked = { facts: 0, needs: 0, texts: [] as ReferenceData[] };
  const deps: CompletingDeps = {
    resultStore,
    historyStore,
    factsStore: {
      facts(snapshotId) {
        asked.facts += 1;
        return factsStore.facts(snapshotId);
      },
      edition: (edition) => factsStore.edition(edition),
    },
    needStore: {
      get(id) {
        asked.needs += 1;
        return bench.needStore.get(id);
      },
    },
    references: bench.references,
    makeText: (data) => {
      asked.texts.push(data);
      return plainText(data);
    },
    log: bench.log,
  };
  return {
    ...{ bench, resultStore, historyStore, factsStore, deps, asked },
    make: (change: Partial<CompletingDeps> = {}) => createCompletingResults({ ...deps, ...change }),
    /** Matches a need and puts the outline of what came of it; gives the whole. */
    async outlined(need: Need): Promise<MatchResult> {
      const id = await bench.submit(need);
      await bench.matcher.matchNeed(id, 1);
      const resultId = (await bench.needStore.get(id))?.matching.resultId ?? '';
      const result = await bench.resultStore.get(resultId);
      if (result === null) throw new Error('not matched');
      await historyStore.append(outlineStep(result));
      return result;
    },
    /** Keeps the facts that hold now, as a store would give them back. */
    async keepFacts(): Promise<string> {
      const { snapshot, edition } = await bench.snapshots.current();
      const facts = { edition: edition.name, today: snapshot.frame.today, parks: snapshot.parks };
      await factsStore.putEdition(edition.name, edition.data);
      await factsStore.putFacts({ snapshotId: snapshot.id, ...structuredClone(facts) });
      return snapshot.id;
    },
    /** Another stock of energy in a park: a snapshot of another name. */
    async change(parkId: string, tce: number): Promise<void> {
      const { version, inventory } = await bench.useCases.getPark(parkId);
      const factors = { ...inventory.factors, energyTce: known(tce) };
      await bench.useCases.updateInventory(parkId, version, { ...inventory, factors });
    },
  };
}

const textOf = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? new Uint8Array());

describe('createCompletingResults', () => {
  it('makes an outline whole, to the bit what matching gave, and stores it', async () => {
    const world = await makeWorld();
    const results = [
      await world.outlined(needOf(0)),
      await world.outlined(needOf(350)),
      await world.outlined(needOf(1e6)),
    ];
    await world.keepFacts();
    const store = world.make();
    for (const result of results) {
      const id = resultIdOf(result);
      expect(await world.resultStore.get(id)).toBeNull();
      const whole = await store.get(id);
      expect(whole === null ? '' : resultJson(whole)).toBe(resultJson(result));
      expect(await world.resultStore.get(id)).toEqual(result);
    }
    const made = { ...world.asked };
    for (const result of results) expect(await store.get(resultIdOf(result))).toEqual(result);
    expect(world.asked).toEqual(made);
    expect(world.bench.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('gives the JSON text of what it made whole, need and version first', async () => {
    const world = await makeWorld();
    const result = await world.outlined(needOf(350));
    await world.keepFacts();
    const store = world.make();
    const first = textOf(await store.getJson(resultIdOf(result)));
    expect(first.startsWith(`{"needId":"${result.needId}","version":1,`)).toBe(true);
    expect(first).toBe(resultJson(result));
    expect(textOf(await store.getJson(resultIdOf(result)))).toBe(first);
  });

  it('is what reading matches reads', async () => {
    const world = await makeWorld();
    const result = await world.outlined(needOf(350));
    await world.keepFacts();
    const deps = { ...world.bench, resultStore: world.make() };
    expect(await readMatches(deps, SYSTEM_CALLER, result.needId, 0)).toEqual({ status: 'ready', ...result });
    const text = textOf(await readMatchesJson(deps, SYSTEM_CALLER, result.needId, 0));
    expect(JSON.parse(text)).toEqual({ status: 'ready', ...result });
  });

  it('computes once what is read twice at the same time, and compiles a snapshot once', async () => {
    const world = await makeWorld();
    const [first, second] = [await world.outlined(needOf(350)), await world.outlined(needOf(150))];
    await world.keepFacts();
    const store = world.make();
    const [one, text, other] = await Promise.all([
      store.get(resultIdOf(first)),
      store.getJson(resultIdOf(first)),
      store.get(resultIdOf(second)),
    ]);
    expect([one, JSON.parse(textOf(text)), other]).toEqual([first, first, second]);
    expect(world.asked).toMatchObject({ facts: 1, needs: 2 });
  });

  it('keeps the last two snapshots compiled', async () => {
    const world = await makeWorld();
    const results: MatchResult[] = [];
    for (const [at, energyTce] of [110, 210, 310, 120, 220, 320].entries()) {
      await world.change('p6', 600 + (at % 3));
      results.push(await world.outlined(needOf(energyTce)));
      await world.keepFacts();
    }
    const store = world.make();
    const read = async (at: number) => {
      const result = results[at];
      if (result === undefined) throw new Error('no such result');
      expect(await store.get(resultIdOf(result))).toEqual(result);
      return world.asked.facts;
    };
    // Every edit has a version of its own, so each result has its snapshot.
    expect([await read(0), await read(1), await read(2)]).toEqual([1, 2, 3]);
    const more = await world.outlined(needOf(410));
    expect(more.snapshot).toBe(results[5]?.snapshot);
    expect([await read(5), await read(4)]).toEqual([4, 5]);
    expect(await store.get(resultIdOf(more))).toEqual(more);
    expect(world.asked.facts).toBe(5);
  });

  it('takes the version of the need that was matched', async () => {
    const world = await makeWorld();
    const result = await world.outlined(needOf(350));
    await world.keepFacts();
    await world.bench.useCases.reviseNeed(result.needId, 1, needOf(1));
    expect(await world.make().get(resultIdOf(result))).toEqual(result);
  });

  it('takes facts and edition of the outline, whatever is in force by now', async () => {
    const world = await makeWorld();
    const results = [await world.outlined(needOf(350)), await world.outlined(needOf(150))];
    await world.keepFacts();
    await world.change('p5', 0);
    const later = await world.outlined(needOf(350));
    await world.keepFacts();
    const store = world.make();
    await world.bench.referenceStore.publish('edition-2', otherReference());
    await world.bench.clock.advance(5_000);
    expect((await world.bench.references.current()).name).toBe('edition-2');
    for (const result of [...results, later]) {
      expect(await store.get(resultIdOf(result))).toEqual(result);
    }
    // The text of an edition that is not in force is made once for all its snapshots.
    expect(world.asked.texts).toEqual([tinyReference()]);
  });

  it('knows nothing of a result that is not there', async () => {
    const world = await makeWorld();
    const store = world.make();
    expect([await store.get('x:1:y@1:z'), await store.getJson('x:1:y@1:z')]).toEqual([null, null]);
  });

  it('reads again where the facts are gone because somebody was faster', async () => {
    const world = await makeWorld();
    const result = await world.outlined(needOf(350));
    const facts = async () => {
      await world.resultStore.put(result);
      return null;
    };
    const store = world.make({ factsStore: { facts, edition: async () => null } });
    expect(await store.get(resultIdOf(result))).toEqual(result);
  });

  it('says so where facts, edition or need are lost, and works once they are back', async () => {
    const world = await makeWorld();
    const result = await world.outlined(needOf(350));
    const id = resultIdOf(result);
    const lost = (what: string) => ({ code: 'internal', params: { what } });
    const store = world.make();
    await expect(store.get(id)).rejects.toMatchObject(lost('facts'));
    await expect(store.getJson(id)).rejects.toMatchObject(lost('facts'));
    await world.keepFacts();
    const needless = world.make({ needStore: { get: async () => null } });
    await expect(needless.get(id)).rejects.toMatchObject(lost('need'));
    const { factsStore } = world;
    await world.bench.referenceStore.publish('edition-2', otherReference());
    await world.bench.clock.advance(5_000);
    const without = world.make({
      factsStore: { facts: (name) => factsStore.facts(name), edition: async () => null },
    });
    await expect(without.get(id)).rejects.toMatchObject(lost('edition'));
    expect(await store.get(id)).toEqual(result);
  });

  it('hands out and stores what it computed where the outline is another, and logs it by ids', async () => {
    const world = await makeWorld();
    const result = await world.outlined(needOf(350));
    const old = new MemoryHistoryStore();
    const outline = outlineOf(result);
    const others = { ...outline, scores: outline.scores.map((score) => score + 1 / 1024) };
    await old.append({ ...outlineStep(result), outline: outlineText(others) });
    await world.keepFacts();
    const store = world.make({ historyStore: old });
    expect(await store.get(resultIdOf(result))).toEqual(result);
    expect(await world.resultStore.get(resultIdOf(result))).toEqual(result);
    const errors = world.bench.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    const { needId, snapshot } = result;
    expect(errors[0]?.fields).toEqual({ needId, version: 1, snapshot });
  });

  it('leaves all else to the store within', async () => {
    const world = await makeWorld();
    const [first, second] = [await world.outlined(needOf(350)), await world.outlined(needOf(150))];
    const store = world.make();
    expect(await store.putPacked(packResult(first))).toEqual({ id: resultIdOf(first), stored: true });
    expect(await store.put(second)).toEqual({ id: resultIdOf(second), stored: true });
    expect(await store.get(resultIdOf(first))).toEqual(first);
    expect(await store.get(resultIdOf(second))).toEqual(second);
    expect(world.asked.facts).toBe(0);
  });
});
