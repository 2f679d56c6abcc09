import type { Caller } from '../../domain/access.js';
import { AppError, type FieldIssue } from '../../domain/errors.js';
import type { Lead, MoveRefusal, MoveRequest } from '../../domain/lead.js';
import { type AppliedMove, applyMove, isOpen, judgeMove } from '../../leads/machine.js';
import { leadChange } from './lead-changes.js';
import { leadOfCaller, partyOf } from './lead-parties.js';
import { leadReaders } from './lead-views.js';
import type { LeadWritingDeps } from './lead-writing-deps.js';
import { gatherFacts, needsOfMove } from './move-facts.js';
import { claimPush } from './push-claims.js';

/** What came of asking for a move of a lead as it was read. */
export type MoveOutcome =
  | { readonly outcome: 'moved'; readonly lead: Lead }
  | { readonly outcome: 'refused'; readonly refusals: readonly MoveRefusal[] }
  /** Somebody else changed the lead meanwhile. */
  | { readonly outcome: 'stale' };

/**
 * Makes a move if it is allowed. Order: the claim of an open push in the report, the lead's document (with the hold's
 * claim taken out where the move releases it), the park's document. A crash after any of them leaves what the next
 * attempt or the reconciling sweep mends; the lead's document is the truth.
 * @throws AppError `storeUnavailable`.
 */
export async function makeMove(
  deps: LeadWritingDeps,
  caller: Caller,
  lead: Lead,
  asked: MoveRequest,
): Promise<MoveOutcome> {
  const request = withoutStrayParts(asked);
  const readers = leadReaders(deps);
  const scheme = await readers.scheme(lead.scheme);
  const facts = await gatherFacts(deps, readers, lead, scheme, needsOfMove(request.move), request.parkId);
  const question = { lead, party: partyOf(caller.actor, lead), facts, scheme, now: deps.clock.now() };
  let refusals = judgeMove({ ...question, request });
  if (refusals.length === 0 && request.move === 'transfer' && facts.targetAdcode !== null) {
    refusals = againstTarget(lead, facts.targetAdcode, await readers.leadsOfNeed(lead.needId));
  }
  if (refusals.length === 0 && (request.move === 'push' || request.move === 'transfer')) {
    refusals = await claimPush(deps, lead, scheme);
  }
  if (refusals.length > 0) return { outcome: 'refused', refusals };

  const applied = applyMove({ ...question, request, by: caller.actor.id, calendar: deps.calendar });
  // A county that hosted it reads in its own trail that the lead has left.
  const alsoIn = request.move === 'transfer' ? { alsoIn: lead.hostAdcode } : {};
  const change = leadChange(caller, applied.lead, applied.change, alsoIn);
  if (!(await deps.leadStore.replace(applied.lead, lead.version, [change]))) return { outcome: 'stale' };
  deps.changes.changed('lead', lead.id);
  await carryToPark(deps, caller, lead, applied);
  return { outcome: 'moved', lead: applied.lead };
}

/**
 * See `LeadUseCases.moveLead`; the lead after the move.
 * @throws AppError `notFound`, `versionConflict`, `moveRefused`, `storeUnavailable`.
 */
export async function moveLead(
  deps: LeadWritingDeps,
  caller: Caller,
  id: string,
  expectedVersion: number,
  request: MoveRequest,
): Promise<Lead> {
  const lead = await leadOfCaller(deps.leadStore, caller, id);
  if (lead.version !== expectedVersion) throw conflict(lead);
  const outcome = await makeMove(deps, caller, lead, request);
  switch (outcome.outcome) {
    case 'moved':
      return outcome.lead;
    case 'refused':
      throw new AppError('moveRefused', {
        params: { move: request.move, stage: lead.stage },
        issues: outcome.refusals.map((refusal) => issueOf(refusal, request)),
      });
    case 'stale':
      // Read again as the caller: the lead may have gone to another county meanwhile.
      throw conflict(await leadOfCaller(deps.leadStore, caller, id));
  }
}

function conflict(current: Lead): AppError {
  return new AppError('versionConflict', { params: { currentVersion: current.version } });
}

/** Only what the move reads is kept: anything else is free text that nobody checked and the trail must not show. */
function withoutStrayParts({ move, reason, note, parkId, outcome }: MoveRequest): MoveRequest {
  return {
    move,
    ...(reason !== undefined && (move === 'decline' || move === 'end') ? { reason } : {}),
    ...(note === undefined ? {} : { note }),
    ...(parkId !== undefined && move === 'transfer' ? { parkId } : {}),
    ...(outcome !== undefined && move === 'giveFeedback' ? { outcome } : {}),
  };
}

/** A lead does not go back to the county the firm is in, nor to one that has the need already. */
function againstTarget(lead: Lead, targetAdcode: string, ofNeed: readonly Lead[]): readonly MoveRefusal[] {
  if (targetAdcode === lead.sourceAdcode) return [{ code: 'sameCounty', params: { hostAdcode: targetAdcode } }];
  const there = ofNeed.some(
    ({ id, stage, hostAdcode }) => id !== lead.id && isOpen(stage) && hostAdcode === targetAdcode,
  );
  return there ? [{ code: 'alreadyDone', params: { hostAdcode: targetAdcode } }] : [];
}

async function carryToPark(deps: LeadWritingDeps, caller: Caller, before: Lead, applied: AppliedMove): Promise<void> {
  const { effect, releaseReason, lead } = applied;
  if (before.claim === null || effect === 'none') return;
  const { holdId, parkId } = before.claim;
  try {
    if (effect === 'use') await deps.holds.use(lead, holdId, parkId, caller);
    else await deps.holds.release(lead, holdId, parkId, releaseReason ?? 'withdrawn', caller);
  } catch (error) {
    // The move is made; what the park's document still says is mended by the reconciling sweep.
    const code = error instanceof AppError ? error.code : 'internal';
    deps.log.warn({ leadId: lead.id, holdId, parkId, effect, code }, 'hold left to the sweep');
  }
}

/** Parameters that say most, first: the one that is there is shown as the limit. */
const TELLING = [
  'dueAt',
  'since',
  'minInvestWan',
  'atMost',
  'held',
  'hostAdcode',
  'stage',
  'allowed',
  'reason',
] as const;

/** One refusal as an issue of the request. */
export function issueOf({ code, params }: MoveRefusal, { move }: Pick<MoveRequest, 'move'>): FieldIssue {
  const limit = TELLING.map((name) => params[name]).find((value) => value !== undefined);
  return { field: 'move', code, value: move, ...(limit === undefined ? {} : { limit }) };
}
