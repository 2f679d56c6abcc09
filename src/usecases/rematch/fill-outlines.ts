import { AppError } from '../../domain/errors.js';
import type { MatchOptions } from '../../matching/match.js';
import type { BatchNeed } from '../../matching/match-batch.js';
import type { Facts } from '../../matching/snapshot-shelf.js';
import type { FactsStore, OutlineNote, SnapshotFacts } from '../../ports/facts-store.js';
import type { HistoryStore } from '../../ports/history-store.js';
import type { Ids } from '../../ports/ids.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { ResultStore } from '../../ports/result-store.js';
import type { CurrentSnapshot } from '../current-snapshot.js';
import type { NeedShards } from './batches.js';
import { frameKeyOf } from './frame-key.js';
import type { NeedBook, OpenNeed } from './load-index.js';
import { type WaveFacts, wholeFacts } from './wave-facts.js';

/** Results made whole in one turn: so long a change waits for them. */
const AT_ONCE = 4;
/** Snapshots whose facts are kept in memory while results of theirs are outlines only. */
const KEPT = 3;
/** Parks that may differ from the facts written in full; where more do, all are written again. */
const DIFFER_AT_MOST = 60;
/** Notes read at the start. */
const NOTES = 10_000;

export interface FillerDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly resultStore: Pick<ResultStore, 'putPacked'>;
  readonly historyStore: Pick<HistoryStore, 'outline'>;
  readonly factsStore: FactsStore;
  readonly shards: Pick<NeedShards, 'match'>;
  readonly book: Pick<NeedBook, 'get' | 'textOf'>;
  readonly ids: Pick<Ids, 'digest' | 'newId'>;
  readonly log: Log;
  readonly options: MatchOptions;
  /** Makes a result whole whatever edition it is of: slowly, in place. */
  complete(resultId: string): Promise<void>;
}

/** Makes results whole that were stored as outlines, a few at a time. */
export interface Filler {
  /** Results that are still outlines, as far as is known. */
  readonly size: number;
  /** Reads what processes before this one have left. @throws AppError `storeUnavailable`. */
  begin(): Promise<void>;
  /** Begins to keep what results of the snapshot can be made whole from; `note` waits for it. */
  keep(current: CurrentSnapshot): void;
  /** Notes results that are about to be stored as outlines, once they can be made whole. */
  note(current: CurrentSnapshot, resultIds: readonly string[]): Promise<void>;
  /** Makes some results whole; false where there are none left. @throws AppError `storeUnavailable`. */
  turn(at: WaveFacts, signal?: AbortSignal): Promise<boolean>;
}

/** The need of a result, in the version that was matched. */
type Matched = Pick<OpenNeed, 'version' | 'need' | 'text'> & { readonly id: string };

/** An outline on its way to be whole. */
interface Outlined {
  readonly resultId: string;
  readonly generatedAt: string;
  readonly need: BatchNeed;
}

interface Open {
  readonly note: OutlineNote;
  readonly left: string[];
}

/** Need and version of a result's id. */
function needOf(resultId: string): { readonly needId: string; readonly version: number } {
  const [needId = '', version = ''] = resultId.split(':');
  return { needId, version: Number(version) };
}

/** True if only a few parks differ, and all stand in the same rows. */
function isBaseOf(base: SnapshotFacts | null, { parks }: SnapshotFacts): base is SnapshotFacts {
  if (base?.parks.length !== parks.length) return false;
  const differing = parks.filter((park, row) => base.parks[row] !== park);
  return differing.length <= DIFFER_AT_MOST && parks.every(({ id }, row) => base.parks[row]?.id === id);
}

export function createFiller(deps: FillerDeps): Filler {
  const { needStore, resultStore, historyStore, factsStore, shards, book, ids, log, options } = deps;
  const open: Open[] = [];
  /** Facts by snapshot, the one used last at the end; the writing of those that are being kept. */
  const facts = new Map<string, { readonly edition: string; readonly facts: Facts; readonly frameKey: string }>();
  const kept = new Map<string, Promise<void>>();
  const editions = new Map<string, Promise<void>>();
  /** Facts that are kept in full: of later ones only what differs is written. */
  let base: SnapshotFacts | null = null;

  function remember(snapshotId: string, entry: { edition: string; facts: Facts }) {
    const { edition, facts: own } = entry;
    const whole = { ...entry, frameKey: frameKeyOf(edition, own.today, own.parks, ids) };
    facts.delete(snapshotId);
    facts.set(snapshotId, whole);
    const [oldest] = facts.keys();
    if (facts.size > KEPT && oldest !== undefined) facts.delete(oldest);
    return whole;
  }

  /** Written once; where that failed, again the next time. */
  function once(done: Map<string, Promise<void>>, key: string, write: () => Promise<void>): Promise<void> {
    const running = done.get(key);
    if (running !== undefined) return running;
    const writing = write();
    done.set(key, writing);
    writing.catch(() => done.delete(key));
    return writing;
  }

  async function keepFacts(current: CurrentSnapshot): Promise<void> {
    const { snapshot, edition } = current;
    const { parks, frame } = snapshot;
    await once(editions, edition.name, () => factsStore.putEdition(edition.name, edition.data));
    await once(kept, snapshot.id, async () => {
      remember(snapshot.id, { edition: edition.name, facts: wholeFacts(current) });
      const own: SnapshotFacts = { snapshotId: snapshot.id, edition: edition.name, today: frame.today, parks };
      const under = isBaseOf(base, own) ? base : null;
      await factsStore.putFacts(own, under);
      if (under === null) base = own;
    });
  }

  /** Takes facts out that nothing is made whole from any more; those of the present snapshot may be about to be used. */
  async function forget({ snapshot }: CurrentSnapshot): Promise<void> {
    kept.clear();
    editions.clear();
    await factsStore.tidy(base === null ? [snapshot.id] : [snapshot.id, base.snapshotId]);
  }

  async function factsOf(snapshotId: string, current: CurrentSnapshot) {
    const known = facts.get(snapshotId);
    if (known !== undefined) return known;
    const stored = await factsStore.facts(snapshotId);
    if (stored === null || stored.edition !== current.edition.name) return null;
    const { edition, today, parks } = stored;
    return remember(snapshotId, { edition, facts: { reference: current.edition.data, today, parks } });
  }

  async function matchedNeed(resultId: string): Promise<Matched | null> {
    const { needId, version } = needOf(resultId);
    const known = book.get(needId);
    if (known?.version === version) return known;
    const stored = await needStore.get(needId);
    const past = stored?.history.find((one) => one.version === version);
    return past === undefined ? null : { id: needId, version, need: past.need, text: null };
  }

  /** What a thread needs of a result that is an outline still; null where it is not. */
  async function asOutlined(resultId: string, current: CurrentSnapshot): Promise<Outlined | null> {
    const [stored, outline] = await Promise.all([matchedNeed(resultId), historyStore.outline(resultId)]);
    if (stored === null || outline === null) return null;
    const { id: needId, version, need } = stored;
    const text = book.textOf(stored, current);
    const own = { needId, version, asked: { need, text }, known: null, announced: null };
    return { resultId, generatedAt: outline.generatedAt, need: own };
  }

  /** The index that a result is an answer of still; null where the facts or the need have moved on. */
  function epochOf(resultId: string, { current, epoch }: WaveFacts): string | null {
    const need = book.get(needOf(resultId).needId);
    const stands = need?.resultId === resultId && need.heldIn === epoch;
    return stands && resultId.endsWith(`:${current.snapshot.id}`) ? epoch : null;
  }

  async function fillInThreads(
    snapshotId: string,
    resultIds: readonly string[],
    at: WaveFacts,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const own = await factsOf(snapshotId, at.current);
    if (own === null || own.edition !== at.current.edition.name) return false;
    const found = await Promise.all(resultIds.map((id) => asOutlined(id, at.current)));
    const outlined = found.filter((one) => one !== null);
    const name = { snapshotId, frameKey: own.frameKey };
    await Promise.all(
      // One to a batch: each keeps the moment its outline was made, and a change waits for no more.
      outlined.map(async ({ resultId, generatedAt, need }) => {
        const epoch = epochOf(resultId, at);
        const batch = { kind: 'whole' as const, facts: name, epoch, needs: [need], generatedAt, options };
        for (const { packed } of (await shards.match(batch, () => own.facts, signal)) ?? []) {
          if (packed !== null) await resultStore.putPacked(packed);
        }
      }),
    );
    return true;
  }

  /** One result that cannot be made whole must not hold up the others: whoever reads it is told. */
  async function fillHere(resultIds: readonly string[]): Promise<void> {
    for (const resultId of resultIds) {
      try {
        await deps.complete(resultId);
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'storeUnavailable') throw error;
        log.error({ needId: needOf(resultId).needId, code: error.code }, 'result not made whole');
      }
    }
  }

  return {
    get size() {
      return open.reduce((sum, { left }) => sum + left.length, 0);
    },
    async begin() {
      for (const note of await factsStore.notes(NOTES)) open.push({ note, left: [...note.resultIds] });
    },
    keep(current) {
      // Whether it went well is seen by those who note results.
      keepFacts(current).catch(() => undefined);
    },
    async note(current, resultIds) {
      const { snapshot } = current;
      if (resultIds.length === 0) return;
      await keepFacts(current);
      const note: OutlineNote = { id: ids.newId('note'), snapshotId: snapshot.id, resultIds };
      await factsStore.note(note);
      open.push({ note, left: [...resultIds] });
    },
    async turn(at, signal) {
      // The newest first: their facts are at hand, and they are what readers want.
      const next = open.at(-1);
      if (next === undefined) return false;
      const { note, left } = next;
      const some = left.slice(0, AT_ONCE);
      if (!(await fillInThreads(note.snapshotId, some, at, signal))) await fillHere(some);
      left.splice(0, some.length);
      if (left.length > 0) return true;
      await factsStore.settled(note.id);
      open.pop();
      if (open.some((other) => other.note.snapshotId === note.snapshotId)) return true;
      kept.delete(note.snapshotId);
      facts.delete(note.snapshotId);
      if (open.length === 0) await forget(at.current);
      return open.length > 0;
    },
  };
}
