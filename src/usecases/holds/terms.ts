import { AppError } from '../../domain/errors.js';
import type { Hold } from '../../domain/hold.js';
import type { Lead } from '../../domain/lead.js';
import type { Scheme } from '../../domain/scheme.js';
import type { HoldDeps } from './deps.js';

/** The scheme the lead began with. @throws AppError `internal` where it is not kept. */
export async function schemeOf(deps: HoldDeps, lead: Lead): Promise<Scheme> {
  const scheme = await deps.schemeStore.get(lead.scheme);
  if (scheme === null) throw new AppError('internal', { params: { reason: 'unknownScheme', leadId: lead.id } });
  return scheme;
}

/** Days for which a hold of this kind stands. */
export function daysOf({ rules }: Scheme, kind: Hold['kind']): number {
  return kind === 'firm' ? rules.firmHoldDays.value : rules.softHoldDays.value;
}

/** Asks for the worker to come when the hold ends. A job that is lost is made good by the sweep. */
export async function wakeAt(deps: HoldDeps, parkId: string, holdId: string, at: string): Promise<void> {
  const left = await deps.holdExpiry.schedule({ parkId, holdId }, at);
  if (!left) deps.log.warn({ parkId, holdId }, 'queue away, end of hold left to the sweep');
}
