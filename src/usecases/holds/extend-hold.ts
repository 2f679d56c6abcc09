import { shortfallIssues } from '../../capacity/available.js';
import { activeHold, extend } from '../../capacity/holds.js';
import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { Hold } from '../../domain/hold.js';
import { daysAfter, type HoldDeps } from './deps.js';
import { changePark } from './documents.js';
import { holdFacts } from './hold-changes.js';
import { findHold } from './release-hold.js';
import { isLive } from './rights.js';
import { daysOf, schemeOf, wakeAt } from './terms.js';

const REASON_MAX = 200;

/** See `LeadUseCases.extendHold`. The reason stays on the hold; the audit trail tells only that there is one. */
export async function extendHold(deps: HoldDeps, caller: Caller, holdId: string, reason: string): Promise<Hold> {
  const words = reason.trim();
  if (words === '') throw new AppError('invalidInput', { issues: [{ field: 'reason', code: 'required' }] });
  if (words.length > REASON_MAX) {
    throw new AppError('invalidInput', { issues: [{ field: 'reason', code: 'tooLong', limit: REASON_MAX }] });
  }
  const { park, lead } = await findHold(deps, caller, holdId);
  const scheme = await schemeOf(deps, lead);
  const atMost = scheme.rules.holdExtensionsAtMost.value;
  const refused = (code: string, limit?: number): AppError =>
    new AppError('holdRefused', { issues: [{ field: 'hold', code, ...(limit === undefined ? {} : { limit }) }] });
  if (!isLive(lead) || lead.claim?.holdId !== holdId) throw refused('leadClosed');
  const { result } = await changePark<Hold | AppError>(deps, park.id, `${holdId}:extend`, caller, (park, now) => {
    const nothing = (result: AppError) => ({ capacity: null, events: [], result });
    const present = activeHold(park.capacity, holdId, now);
    if (present === null) {
      const waits = park.capacity.waitlist.some((entry) => entry.holdId === holdId);
      return nothing(refused(waits ? 'waits' : 'runOut'));
    }
    if (present.kind === 'used') return nothing(refused('used'));
    if (present.extensions.length >= atMost) return nothing(refused('extendedTooOften', atMost));
    const until = daysAfter(now, daysOf(scheme, present.kind));
    const renewal = extend(park, holdId, { at: now, by: caller.actor.id, until, reason: words }, now);
    if (renewal.outcome === 'missing') return nothing(refused('runOut'));
    if (renewal.outcome === 'short') {
      return nothing(new AppError('capacityShort', { issues: shortfallIssues(renewal.shortfalls) }));
    }
    const { capacity, before, hold } = renewal;
    const after = { ...holdFacts(hold), hasReason: true };
    return { capacity, events: [{ type: 'hold.extended', lead, before: holdFacts(before), after }], result: hold };
  });
  if (result instanceof AppError) throw result;
  await wakeAt(deps, park.id, holdId, result.until);
  return result;
}
