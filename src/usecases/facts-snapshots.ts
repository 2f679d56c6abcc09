import { AppError } from '../domain/errors.js';
import type { ReferenceData } from '../domain/reference.js';
import { compileFrame, type Frame } from '../matching/frame.js';
import { compileSnapshot, type Snapshot } from '../matching/snapshot.js';
import type { FactsStore } from '../ports/facts-store.js';
import type { TextAnalysis, TextAnalysisFactory } from '../ports/text-analysis.js';
import { frameKey } from './current-snapshot.js';
import type { ReferenceCache } from './reference-cache.js';

/** Compiled snapshots kept: the one of the last change of facts, and the one before, which some still ask for. */
const KEPT = 2;

/** A snapshot as it was, with the text analysis of its edition. */
export interface PastSnapshot {
  readonly snapshot: Snapshot;
  /** Built when first asked for. */
  text(): TextAnalysis;
}

/** Hands out snapshots compiled from stored facts. */
export interface FactsSnapshots {
  /**
   * Null where the facts of the snapshot are not kept.
   * @throws AppError `storeUnavailable`; `internal` where the facts are kept and their edition is not.
   */
  of(snapshotId: string): Promise<PastSnapshot | null>;
}

export interface FactsSnapshotsDeps {
  readonly factsStore: Pick<FactsStore, 'facts' | 'edition'>;
  readonly references: ReferenceCache;
  readonly makeText: TextAnalysisFactory;
}

interface PastEdition {
  readonly name: string;
  readonly data: ReferenceData;
  text(): TextAnalysis;
}

export function createFactsSnapshots({ factsStore, references, makeText }: FactsSnapshotsDeps): FactsSnapshots {
  /** Snapshots by name, the one asked for last at the end; compiling one is waited for by all who ask. */
  const kept = new Map<string, Promise<PastSnapshot | null>>();
  /** The last edition that was not in force: many snapshots share it, and its text takes half a second. */
  let past: PastEdition | null = null;
  let frame: { readonly key: string; readonly frame: Frame } | null = null;

  async function editionOf(name: string): Promise<PastEdition> {
    const current = await references.current();
    if (current.name === name) return current;
    if (past?.name === name) return past;
    const data = await factsStore.edition(name);
    if (data === null) throw new AppError('internal', { params: { what: 'edition' } });
    let text: TextAnalysis | null = null;
    past = {
      name,
      data,
      text: () => {
        text ??= makeText(data);
        return text;
      },
    };
    return past;
  }

  async function compile(snapshotId: string): Promise<PastSnapshot | null> {
    const facts = await factsStore.facts(snapshotId);
    if (facts === null) return null;
    const { parks, today } = facts;
    const edition = await editionOf(facts.edition);
    const key = frameKey(edition.name, today, parks);
    if (frame?.key !== key) frame = { key, frame: compileFrame(edition.data, parks, today) };
    return { snapshot: compileSnapshot(frame.frame, parks, snapshotId), text: () => edition.text() };
  }

  /** Only what was compiled is kept: facts may come, and the store may come back. */
  async function compileOrForget(snapshotId: string): Promise<PastSnapshot | null> {
    let compiled: PastSnapshot | null = null;
    try {
      compiled = await compile(snapshotId);
      return compiled;
    } finally {
      if (compiled === null) kept.delete(snapshotId);
    }
  }

  return {
    of(snapshotId) {
      const compiling = kept.get(snapshotId) ?? compileOrForget(snapshotId);
      kept.delete(snapshotId);
      kept.set(snapshotId, compiling);
      for (const name of [...kept.keys()].slice(0, -KEPT)) kept.delete(name);
      return compiling;
    },
  };
}
