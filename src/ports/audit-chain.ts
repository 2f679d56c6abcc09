import { canonicalJson } from '../domain/canonical-json.js';
import type { AuditEntry, Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';

/** SHA-256 of a text, 64 hexadecimal digits. */
export type Digest = (text: string) => string;

/** A place in a chain and the hash of the entry that stands there. */
export interface ChainHead {
  readonly position: number;
  readonly hash: string;
}

/** Before the first entry. */
export const CHAIN_START: ChainHead = { position: 0, hash: '0'.repeat(64) };

/** The key under which a change is in a chain once. */
export function auditKey(chain: Adcode, change: Pick<Change, 'id'>): string {
  return `${chain}:${change.id}`;
}

/** The entry that follows on `previousHash`; its hash covers the canonical JSON of everything else in it. */
export function sealEntry(
  digest: Digest,
  chain: Adcode,
  position: number,
  previousHash: string,
  change: Change,
): AuditEntry {
  const sealed = { chain, position, previousHash, change };
  return { ...sealed, hash: digest(canonicalJson(sealed)) };
}

/** The entries that follow on `last`, one a change, in their order. */
export function sealEntries(
  digest: Digest,
  chain: Adcode,
  last: ChainHead,
  changes: readonly Change[],
): readonly AuditEntry[] {
  let { position, hash } = last;
  return changes.map((change) => {
    position += 1;
    const entry = sealEntry(digest, chain, position, hash, change);
    hash = entry.hash;
    return entry;
  });
}

/**
 * What is wrong with a chain: `changed` an entry is not what was sealed; `missing` there is none at the position;
 * `reordered` entries stand in another order; `forked` two at one position, or an entry that does not follow on the one
 * before; `cut` the chain ends before its head; `headBroken` the head is gone, or is not the entry there;
 * `rewritten` the entry is not the one whose hash was kept elsewhere.
 */
export const CHAIN_FAULTS = ['changed', 'missing', 'reordered', 'forked', 'cut', 'headBroken', 'rewritten'] as const;
export type ChainFaultKind = (typeof CHAIN_FAULTS)[number];

/** What came of checking a chain. */
export interface ChainVerdict {
  readonly chain: Adcode;
  /** Entries looked at. */
  readonly entries: number;
  /** The last entry up to which all is well; null where not even the first is. */
  readonly head: ChainHead | null;
  /** The first thing that is wrong. */
  readonly fault: { readonly position: number; readonly kind: ChainFaultKind } | null;
}

/** Checks one chain, entry by entry, in the order in which they are stored. */
export interface ChainCheck {
  take(entry: AuditEntry): void;
  end(): ChainVerdict;
}

/** What a chain is checked against besides itself. */
export interface ChainWitnesses {
  /**
   * What the store vouches for apart from the entries, read before them: entries after it are in order (a process that
   * ended between the two, or one that goes on), entries up to it that are not there are cut off.
   */
  readonly head: ChainHead | null;
  /**
   * Heads of earlier days that were kept elsewhere. Without them a tail that was cut off together with the head, or
   * written and sealed anew from some entry on, can't be told from a true one.
   */
  readonly kept?: readonly ChainHead[];
}

/** A check of one chain. */
export function createChainCheck(digest: Digest, chain: Adcode, { head, kept = [] }: ChainWitnesses): ChainCheck {
  let last = CHAIN_START;
  let entries = 0;
  let fault: ChainVerdict['fault'] = null;

  function faultOf(entry: AuditEntry): ChainFaultKind | null {
    const { position, previousHash, hash, change } = entry;
    if (entry.chain !== chain || sealEntry(digest, chain, position, previousHash, change).hash !== hash) {
      return 'changed';
    }
    if (position === last.position) return 'forked';
    if (position < last.position) return 'reordered';
    // Turns to `reordered` if the entry of this position is met later.
    if (position > last.position + 1) return 'missing';
    if (previousHash !== last.hash) return 'forked';
    if (kept.some((one) => one.position === position && one.hash !== hash)) return 'rewritten';
    if (head !== null && head.position === position && head.hash !== hash) return 'headBroken';
    return null;
  }

  function endFault(): ChainVerdict['fault'] {
    const reach = Math.max(head?.position ?? 0, ...kept.map(({ position }) => position));
    if (reach > last.position) return { kind: 'cut', position: last.position + 1 };
    return head === null && entries > 0 ? { kind: 'headBroken', position: last.position } : null;
  }

  return {
    take(entry) {
      entries += 1;
      if (fault !== null) {
        if (fault.kind === 'missing' && entry.position === fault.position) fault = { ...fault, kind: 'reordered' };
        return;
      }
      const kind = faultOf(entry);
      if (kind === null) last = { position: entry.position, hash: entry.hash };
      else fault = { kind, position: kind === 'forked' ? entry.position : last.position + 1 };
    },
    end: () => ({ chain, entries, head: last.position === 0 ? null : last, fault: fault ?? endFault() }),
  };
}

/** Checks a whole chain at once; `entries` in the order in which they are stored. */
export function verifyChain(
  digest: Digest,
  chain: Adcode,
  entries: Iterable<AuditEntry>,
  witnesses: ChainWitnesses,
): ChainVerdict {
  const check = createChainCheck(digest, chain, witnesses);
  for (const entry of entries) check.take(entry);
  return check.end();
}
