import type { Config } from '../config.js';
import { Argon2Hasher } from '../passwords/argon2-hasher.js';
import type { AuditStore } from '../ports/audit-store.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Log } from '../ports/log.js';
import type { ChangeSignal } from '../ports/outbox.js';
import type { ParkStore } from '../ports/park-store.js';
import type { ReferenceStore } from '../ports/reference-store.js';
import type { SchemeStore } from '../ports/scheme-store.js';
import { systemClock, systemIds } from '../system.js';
import type { AccountDeps } from '../usecases/accounts/settings.js';
import { openStores } from './stores.js';

/** Builds what loading the seeds needs. */
export async function wireSeeding(
  config: Config,
  log: Log,
): Promise<{
  readonly referenceStore: ReferenceStore;
  readonly parkStore: ParkStore;
  readonly schemeStore: SchemeStore;
  readonly changes: ChangeSignal;
  readonly clock: Clock;
  close(): Promise<void>;
}> {
  const { referenceStore, parkStore, schemeStore, relay, close } = await openStores(config, log);
  return { referenceStore, parkStore, schemeStore, changes: relay, clock: systemClock, close };
}

/** Builds what making accounts from the command line needs. */
export async function wireAccounts(
  config: Config,
  log: Log,
): Promise<
  Pick<AccountDeps, 'accounts' | 'hasher' | 'ids' | 'clock' | 'changes' | 'demoMode'> & { close(): Promise<void> }
> {
  const { accounts, relay, close } = await openStores(config, log);
  const hasher = new Argon2Hasher();
  return { accounts, hasher, ids: systemIds, clock: systemClock, changes: relay, demoMode: config.DEMO_MODE, close };
}

/** Builds what verifying the audit trail needs. */
export async function wireAudit(
  config: Config,
  log: Log,
): Promise<{ readonly auditStore: AuditStore; readonly ids: Pick<Ids, 'digest'>; close(): Promise<void> }> {
  const { auditStore, close } = await openStores(config, log);
  return { auditStore, ids: systemIds, close };
}
