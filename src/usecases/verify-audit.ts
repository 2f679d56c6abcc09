import type { Adcode } from '../domain/county.js';
import { type ChainHead, type ChainVerdict, createChainCheck, type Digest } from '../ports/audit-chain.js';
import type { AuditStore } from '../ports/audit-store.js';

/** Places of a chain read at once. */
const WINDOW = 500;

export interface VerifyDeps {
  readonly auditStore: Pick<AuditStore, 'chains' | 'head' | 'read'>;
  readonly digest: Digest;
}

/** The head of a chain as an auditor keeps it. */
export interface KeptHead extends ChainHead {
  readonly chain: Adcode;
}

/**
 * Checks every chain there is, and every chain that a head was kept of, by adcode. Entries may be appended meanwhile.
 * @throws AppError `storeUnavailable`.
 */
export async function verifyAudit(
  { auditStore, digest }: VerifyDeps,
  kept: readonly KeptHead[] = [],
): Promise<readonly ChainVerdict[]> {
  const chains = new Set([...(await auditStore.chains()), ...kept.map(({ chain }) => chain)]);
  const verdicts: ChainVerdict[] = [];
  for (const chain of [...chains].sort()) {
    const own = kept.filter((head) => head.chain === chain);
    let verdict = await verifyOne({ auditStore, digest }, chain, own);
    // The first entry of a chain stands there a moment before its head.
    if (verdict.fault?.kind === 'headBroken') verdict = await verifyOne({ auditStore, digest }, chain, own);
    verdicts.push(verdict);
  }
  return verdicts;
}

async function verifyOne(
  { auditStore, digest }: VerifyDeps,
  chain: Adcode,
  kept: readonly ChainHead[],
): Promise<ChainVerdict> {
  const head = await auditStore.head(chain);
  const check = createChainCheck(digest, chain, { head, kept });
  for (let from = 1; ; from += WINDOW) {
    const entries = await auditStore.read(chain, from, WINDOW);
    for (const entry of entries) check.take(entry);
    // Behind a gap there may be more: the head tells how far.
    if (entries.length === 0 && from > (head?.position ?? 0)) return check.end();
  }
}
