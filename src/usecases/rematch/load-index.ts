import type { Adcode } from '../../domain/county.js';
import type { Need, StoredNeed } from '../../domain/need.js';
import type { TextNumbers } from '../../matching/compile-need.js';
import type { Clock } from '../../ports/clock.js';
import type { LeadStore } from '../../ports/lead-store.js';
import type { NeedStore, TouchedNeed } from '../../ports/need-store.js';
import type { CurrentSnapshot } from '../current-snapshot.js';
import { textNumbers } from '../match-need.js';
import { sideBySide } from './batches.js';

/** Needs read at once. */
const PAGE = 500;
/** Needs read side by side. */
const READS = 8;
/** Clocks of processes may be apart by so much; what is read twice changes nothing. */
const OVERLAP_MS = 5_000;

/** A need with a result, as rematching keeps it in memory. */
export interface OpenNeed {
  readonly id: string;
  version: number;
  need: Need;
  /** Where the store has it. */
  matching: StoredNeed['matching'];
  resultId: string;
  /** `outcomeText` of the stored result; null until it was read or made. */
  outcome: string | null;
  text: { readonly edition: string; readonly numbers: TextNumbers } | null;
  /** Epoch of the index that holds this version; null where none does. */
  heldIn: string | null;
}

/** What catching up has found. */
export interface CaughtUp {
  /** New, of another version or with another result than was known. */
  readonly changed: readonly OpenNeed[];
  /** Without a result now, or with a signed lead. */
  readonly gone: readonly string[];
}

/** The open needs in memory: those with a result and without a signed lead. */
export interface NeedBook {
  get(needId: string): OpenNeed | undefined;
  /** Ids in their order. */
  ids(): readonly string[];
  /** Reads all needs. @throws AppError `storeUnavailable`. */
  load(signal?: AbortSignal): Promise<void>;
  /** Needs whose lead was signed since they were looked at: they are open no more. @throws AppError `storeUnavailable`. */
  signedSince(): Promise<readonly string[]>;
  /** Reads what has changed since the last call. @throws AppError `storeUnavailable`. */
  catchUp(signal?: AbortSignal): Promise<CaughtUp>;
  /** Takes over what was read of one need; gives it if that was news. */
  take(stored: StoredNeed): OpenNeed | null;
  /** Likeness of a need's words under an edition: made once, it costs more than all the rest. */
  textOf(need: Pick<OpenNeed, 'need' | 'text'>, current: CurrentSnapshot): TextNumbers;
}

export interface NeedBookDeps {
  readonly needStore: Pick<NeedStore, 'get' | 'settled' | 'changedSince'>;
  readonly leadStore: Pick<LeadStore, 'signedNeeds'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** True if a run of this county (null: of all) looks at the need. */
export function belongsTo(need: OpenNeed, countyAdcode: Adcode | null): boolean {
  return countyAdcode === null || need.need.firm.countyAdcode === countyAdcode;
}

export function createNeedBook({ needStore, leadStore, clock }: NeedBookDeps): NeedBook {
  const needs = new Map<string, OpenNeed>();
  let signed: ReadonlySet<string> = new Set();
  let sorted: string[] | null = null;
  let since = '';

  function forget(needId: string): boolean {
    if (!needs.delete(needId)) return false;
    sorted = null;
    return true;
  }

  function take({ id, version, need, matching }: StoredNeed): OpenNeed | null {
    const { resultId } = matching;
    if (matching.status !== 'ready' || resultId === null || signed.has(id)) {
      forget(id);
      return null;
    }
    const known = needs.get(id);
    if (known === undefined) {
      const empty = { outcome: null, text: null, heldIn: null };
      const fresh: OpenNeed = { id, version, need, matching, resultId, ...empty };
      needs.set(id, fresh);
      sorted = null;
      return fresh;
    }
    if (known.version === version && known.resultId === resultId) {
      known.matching = matching;
      return null;
    }
    if (known.version !== version) Object.assign(known, { text: null, heldIn: null });
    Object.assign(known, { version, need, matching, resultId, outcome: null });
    return known;
  }

  /** Needs whose lead was signed since, and those whose lead is signed no more. */
  async function readSigned(): Promise<{ readonly now: readonly string[]; readonly noMore: readonly string[] }> {
    const before = signed;
    signed = new Set(await leadStore.signedNeeds());
    return {
      now: [...signed].filter((id) => !before.has(id)),
      noMore: [...before].filter((id) => !signed.has(id)),
    };
  }

  async function readAll(signal: AbortSignal | undefined): Promise<OpenNeed[]> {
    const news: OpenNeed[] = [];
    let last: string | null = null;
    for (;;) {
      const page: readonly StoredNeed[] = await needStore.settled(null, last, PAGE);
      for (const stored of page) {
        const fresh = take(stored);
        if (fresh !== null) news.push(fresh);
      }
      last = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return news;
      signal?.throwIfAborted();
    }
  }

  /** True of what is not known to stand just there: as a rule it was rematching itself that touched a need. */
  function isNews({ id, version, matching }: TouchedNeed): boolean {
    const known = needs.get(id);
    if (known === undefined) return matching.status === 'ready' && !signed.has(id);
    return known.version !== version || known.resultId !== matching.resultId || matching.status !== 'ready';
  }

  function asOf(now: string): string {
    return new Date(Date.parse(now) - OVERLAP_MS).toISOString();
  }

  return {
    get: (needId) => needs.get(needId),
    ids() {
      sorted ??= [...needs.keys()].sort();
      return sorted;
    },
    async load(signal) {
      const now = clock.now();
      await readSigned();
      await readAll(signal);
      since = asOf(now);
    },
    async signedSince() {
      const ids = await leadStore.signedNeeds();
      return ids.filter(forget);
    },
    async catchUp(signal) {
      const now = clock.now();
      const leads = await readSigned();
      const gone = leads.now.filter(forget);
      const changed: OpenNeed[] = [];
      let from = since;
      for (;;) {
        const page = await needStore.changedSince(from, PAGE);
        await sideBySide(page.filter(isNews), READS, async ({ id }) => {
          const stored = await needStore.get(id);
          const known = needs.has(id);
          const fresh = stored === null ? null : take(stored);
          if (fresh !== null) changed.push(fresh);
          else if (known && !needs.has(id)) gone.push(id);
        });
        const last = page.at(-1)?.touchedAt ?? from;
        if (page.length < PAGE) break;
        if (last === from) {
          // More of one moment than a page holds.
          changed.push(...(await readAll(signal)));
          break;
        }
        from = last;
        signal?.throwIfAborted();
      }
      if (leads.noMore.length > 0) changed.push(...(await readAll(signal)));
      since = asOf(now);
      return { changed, gone };
    },
    take,
    textOf(need, { snapshot, edition }) {
      if (need.text?.edition !== edition.name) {
        need.text = { edition: edition.name, numbers: textNumbers(snapshot.frame, edition.text(), need.need) };
      }
      return need.text.numbers;
    },
  };
}
