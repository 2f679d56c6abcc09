import type { MatchResult } from '../../../src/domain/match.js';
import type { Need } from '../../../src/domain/need.js';
import type { Park, ParkInventory } from '../../../src/domain/park.js';
import type { FactChange, ResultOutline } from '../../../src/domain/rematch.js';
import { outlineOfMade } from '../../../src/matching/rematch/made-result.js';
import { MemoryFactsStore } from '../../../src/memory/facts-store.js';
import { MemoryHistoryStore } from '../../../src/memory/history-store.js';
import { MemoryLeadStore } from '../../../src/memory/lead-store.js';
import { MemoryNeedStore } from '../../../src/memory/need-store.js';
import { MemoryParkStore } from '../../../src/memory/park-store.js';
import { MemoryReferenceStore } from '../../../src/memory/reference-store.js';
import { MemoryRematchRunStore } from '../../../src/memory/rematch-run-store.js';
import { MemoryResultStore } from '../../../src/memory/result-store.js';
import { createCompletingResults } from '../../../src/usecases/completing-results.js';
import { createSnapshotSource } from '../../../src/usecases/current-snapshot.js';
import { createMatcher } from '../../../src/usecases/match-need.js';
import { createOwnHolds } from '../../../src/usecases/own-holds.js';
import { createReferenceCache } from '../../../src/usecases/reference-cache.js';
import { createRematcher, type Rematcher, type RematcherDeps } from '../../../src/usecases/rematch/rematcher.js';
import { settleTogether } from '../../../src/usecases/rematch/settle-result.js';
import { DAY, known, tinyNeed, tinyPark, tinyReference } from '../../matching/tiny.js';
import { makeStoredNeed, needIdOf } from '../../support/conformance/records.js';
import { recordingLog } from '../../support/recording-log.js';
import { countingIds, plainSearch, plainText } from '../bench.js';
import { ManualClock } from '../manual-clock.js';
import { shardsInPlace } from './shards-in-place.js';

/** A result that was stored, with why. */
export interface Settled {
  readonly needId: string;
  readonly outline: ResultOutline;
  readonly changes: readonly FactChange[];
}

/** Park number `n` has n x 100 tce and one parcel of n x 20 mu. */
export function numberedPark(number: number): Park {
  return tinyPark(`p${String(number).padStart(2, '0')}`, {
    parcels: [{ id: 'a', areaMu: number * 20, availableFrom: DAY }],
    factors: { energyTce: known(number * 100) },
    landPriceWanPerMu: known(10 + number),
  });
}

/** Rematching on stores in memory, matched in place; time passes when told. */
export async function makeRematchWorld(parkCount = 6) {
  const clock = new ManualClock();
  const ids = countingIds();
  const { log, lines } = recordingLog();
  const [parkStore, needStore, leadStore] = [new MemoryParkStore(), new MemoryNeedStore(), new MemoryLeadStore()];
  const [referenceStore, resultStore, runStore] = [
    new MemoryReferenceStore(),
    new MemoryResultStore(),
    new MemoryRematchRunStore(),
  ];
  await referenceStore.publish('edition-1', tinyReference());
  await parkStore.seed(Array.from({ length: parkCount }, (_, index) => numberedPark(index + 1)));
  const references = createReferenceCache({
    ...{ referenceStore, clock, maxAgeMs: 0, makeSearch: plainSearch },
    makeText: (data) => plainText(data),
  });
  const sourceOf = () => createSnapshotSource({ parkStore, references, clock, ids });
  const ownHolds = createOwnHolds(leadStore);
  const settled: Settled[] = [];
  const matched: string[] = [];
  const going = new AbortController();

  const historyStore = new MemoryHistoryStore();
  const factsStore = new MemoryFactsStore();
  const completing = createCompletingResults({
    ...{ resultStore, historyStore, needStore, factsStore, references, log },
    makeText: (data) => plainText(data),
  });
  const settling = {
    ...{ needStore, resultStore, historyStore, clock },
    resultSignal: { announce: async () => undefined, wait: async () => undefined },
    changes: { changed: () => undefined },
  };
  const settle: RematcherDeps['settle'] = async (inputs) => {
    const outcomes = await settleTogether(settling, inputs);
    for (const [place, { stored, made, changes }] of inputs.entries()) {
      const told = outcomes[place]?.settlement !== 'superseded';
      if (told) settled.push({ needId: stored.id, outline: outlineOfMade(made), changes });
    }
    return outcomes;
  };

  const deps: RematcherDeps = {
    ...{ needStore, leadStore, resultStore, historyStore, runStore, ownHolds, ids, log, settle, factsStore },
    complete: async (resultId) => void (await completing.get(resultId)),
    snapshots: sourceOf(),
    shards: shardsInPlace(matched),
    clock: Object.assign(Object.create(clock) as ManualClock, {
      now: () => clock.now(),
      today: () => clock.today(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
    }),
    confirm: async () => true,
    waveSize: 8,
  };
  const matcher = createMatcher({ ...settling, ownHolds, snapshots: sourceOf() });

  return {
    ...{ clock, deps, parkStore, needStore, leadStore, referenceStore, resultStore, runStore, ids, log, lines },
    ...{ settled, matched, historyStore, factsStore, completing, settling },
    /** A process that has just started, as a copy of the deps with changes. */
    rematcher: (change: Partial<RematcherDeps> = {}): Rematcher =>
      createRematcher({ ...deps, snapshots: sourceOf(), shards: shardsInPlace(matched), ...change }),
    /** Stores a need and matches it as the matching worker does; gives its id. */
    async need(number: number, change: Partial<Need> = {}): Promise<string> {
      const id = needIdOf(number);
      const at = clock.now();
      const need = tinyNeed({ investWan: 1_000, ...change });
      await needStore.insert(
        { ...makeStoredNeed(number, { need }), history: [{ version: 1, need, at }], createdAt: at, updatedAt: at },
        [],
      );
      await matcher.matchNeed(id, 1);
      return id;
    },
    matchNeed: (id: string, version: number) => matcher.matchNeed(id, version),
    async edit(parkId: string, change: (inventory: ParkInventory) => ParkInventory): Promise<void> {
      const park = await parkStore.get(parkId);
      if (park === null) throw new Error('no such park');
      const { version, capacity, inventory } = park;
      const expected = { version, capacityVersion: capacity.version };
      const { outcome } = await parkStore.updateInventory(parkId, expected, change(inventory), []);
      if (outcome !== 'replaced') throw new Error(outcome);
    },
    async energy(parkId: string, tce: number | null): Promise<void> {
      await this.edit(parkId, (inventory) => ({
        ...inventory,
        factors: { ...inventory.factors, energyTce: known(tce) },
      }));
    },
    /** Turns until there is nothing more to do. */
    async work(rematcher: Rematcher): Promise<void> {
      rematcher.look();
      while (await rematcher.turn(going.signal));
    },
    /** What stands stored of a need. */
    async answer(id: string): Promise<MatchResult> {
      const resultId = (await needStore.get(id))?.matching.resultId ?? '';
      const result = await completing.get(resultId);
      if (result === null) throw new Error(`no result ${resultId}`);
      return result;
    },
    /** What matching would give now. */
    async fresh(id: string): Promise<MatchResult> {
      const stored = await needStore.get(id);
      if (stored === null) throw new Error('no such need');
      const results = new MemoryResultStore();
      const needs = new MemoryNeedStore();
      const { matching } = stored;
      await needs.insert({ ...stored, matching: { ...matching, status: 'pending', resultId: null } }, []);
      const elsewhere = { ...settling, needStore: needs, resultStore: results, historyStore: new MemoryHistoryStore() };
      await createMatcher({ ...elsewhere, ownHolds, snapshots: sourceOf() }).matchNeed(id, stored.version);
      const current = await sourceOf().current();
      const { profile } = current.snapshot.frame;
      const result = await results.get(
        `${id}:${stored.version}:${profile.id}@${profile.version}:${current.snapshot.id}`,
      );
      if (result === null) throw new Error('not matched');
      return result;
    },
  };
}

export type RematchWorld = Awaited<ReturnType<typeof makeRematchWorld>>;
