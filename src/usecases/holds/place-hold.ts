import { normalAmounts, sameAmounts } from '../../capacity/amounts.js';
import { shortfallIssues, shortfalls } from '../../capacity/available.js';
import { defaultAmounts } from '../../capacity/default-amounts.js';
import { activeHold, joinWaitlist, makeFirm, placeInCapacity } from '../../capacity/holds.js';
import { type Caller, SYSTEM_CALLER } from '../../domain/access.js';
import { AppError, type FieldIssue } from '../../domain/errors.js';
import type { Hold, HoldAmounts, WaitEntry } from '../../domain/hold.js';
import type { HoldClaim, Lead } from '../../domain/lead.js';
import type { Park } from '../../domain/park.js';
import type { HoldOutcome, HoldRequest } from '../lead-use-cases.js';
import { claimOnce, clearClaim, confirmClaim } from './claims.js';
import { daysAfter, type HoldDeps, untilDone } from './deps.js';
import { changePark, type Decision } from './documents.js';
import { holdFacts, waitFacts } from './hold-changes.js';
import { lapsePark } from './lapse-park.js';
import { giveBack } from './release-hold.js';
import { checkStage, mayHoldFor, refuse } from './rights.js';
import { CLAIM_PATIENCE_MS, settleOne } from './settle-claims.js';
import { daysOf, schemeOf, wakeAt } from './terms.js';

/** Leftovers are made by moves of the lead, and a move changes the lead: more than one is rare. */
const LEFTOVER_TRIES = 3;

function checkAmounts(amounts: HoldAmounts, park: Park): void {
  const issues: FieldIssue[] = [];
  const known = new Set(park.inventory.parcels.map(({ id }) => id));
  for (const [index, { parcelId, mu }] of amounts.parcels.entries()) {
    if (!known.has(parcelId)) {
      issues.push({ field: `amounts.parcels[${index}].parcelId`, code: 'unknownParcel', value: parcelId });
    }
    if (!(mu > 0)) issues.push({ field: `amounts.parcels[${index}].mu`, code: 'tooSmall', value: mu, limit: 0 });
  }
  for (const [factor, amount] of Object.entries(amounts.factors)) {
    if (!(amount >= 0)) issues.push({ field: `amounts.factors.${factor}`, code: 'tooSmall', value: amount, limit: 0 });
  }
  if (issues.length > 0) throw new AppError('invalidInput', { issues });
}

/** What is asked for, of a park as it is at a moment. */
type Asking = (park: Park, now: string) => HoldAmounts;

/**
 * What the request asks for; where it does not say, what the pushed version of the need does, on the parcels that are
 * free when it is placed.
 */
async function askingOf(deps: HoldDeps, lead: Lead, asked: HoldAmounts | undefined): Promise<Asking> {
  if (asked !== undefined) return () => normalAmounts(asked);
  const stored = await deps.needStore.get(lead.needId);
  const need = stored?.history.find(({ version }) => version === lead.needVersion)?.need;
  if (need === undefined) throw new AppError('notFound', { params: { what: 'need' } });
  return (park, now) => defaultAmounts(need, park, now);
}

const shares = (left: HoldAmounts, right: HoldAmounts): boolean =>
  left.parcels.some(({ parcelId }) => right.parcels.some((other) => other.parcelId === parcelId)) ||
  Object.keys(left.factors).some((factor) => factor in right.factors);

type Placed =
  | { readonly outcome: 'held'; readonly hold: Hold }
  | { readonly outcome: 'waiting'; readonly entry: WaitEntry; readonly position: number }
  | { readonly outcome: 'refused'; readonly error: AppError }
  /** Holds and entries of the lead that its claim is not for. */
  | { readonly outcome: 'leftover'; readonly holdIds: readonly string[] };

/** The lead's holds and entries in a park but the one it claims: a move of the lead has given them up and not got here yet. */
function leftoverOf({ capacity }: Park, leadId: string, claimed: string): readonly string[] {
  const held = capacity.holds.filter((hold) => hold.leadId === leadId).map(({ id }) => id);
  const waiting = capacity.waitlist.filter((entry) => entry.leadId === leadId).map(({ holdId }) => holdId);
  return [...held, ...waiting].filter((id) => id !== claimed);
}

/**
 * Places the hold, or puts the lead on the waitlist. Who asks for something others wait for waits behind them, fits or
 * not: a large project is not overtaken for ever by small ones.
 */
function decidePlace(park: Park, now: string, lead: Lead, hold: Hold, wait: boolean): Decision<Placed> {
  const nothing = (result: Placed): Decision<Placed> => ({ capacity: null, events: [], result });
  const holdIds = leftoverOf(park, lead.id, hold.id);
  if (holdIds.length > 0) return nothing({ outcome: 'leftover', holdIds });
  const ahead = park.capacity.waitlist.filter(({ holdId }) => holdId !== hold.id);
  const queued = ahead.some((entry) => shares(entry.amounts, hold.amounts));
  const placing = queued ? null : placeInCapacity(park, hold, now);
  if (placing?.outcome === 'placed') {
    const events = [{ type: 'hold.placed' as const, lead, before: null, after: holdFacts(hold) }];
    return { capacity: placing.capacity, events, result: { outcome: 'held', hold } };
  }
  if (placing?.outcome === 'there') return nothing({ outcome: 'held', hold: placing.hold });
  const refused = (error: AppError) => nothing({ outcome: 'refused', error });
  const short = (park: Park) =>
    new AppError('capacityShort', { issues: shortfallIssues(shortfalls(park, hold.amounts, now)) });
  // Waiting for more than there is at all would hold up everybody behind for nothing.
  const never = { ...park, capacity: { ...park.capacity, holds: [] } };
  if (shortfalls(never, hold.amounts, now).length > 0) return refused(short(park));
  const entry: WaitEntry = { holdId: hold.id, leadId: lead.id, amounts: hold.amounts, askedAt: now };
  const joined = wait ? joinWaitlist(park.capacity, entry) : null;
  if (joined !== null) {
    const events = [{ type: 'hold.waiting' as const, lead, before: null, after: waitFacts(entry) }];
    return { capacity: joined, events, result: { outcome: 'waiting', entry, position: joined.waitlist.length } };
  }
  if (placing?.outcome === 'fenced' || wait) return refused(issue('lead', 'claimGivenUp'));
  return refused(placing === null ? issue('park', 'othersWait', ahead.length) : short(park));
}

function issue(field: string, code: string, limit?: number): AppError {
  return new AppError('holdRefused', { issues: [{ field, code, ...(limit === undefined ? {} : { limit }) }] });
}

/**
 * Places once nothing else is left of the lead, in its park or in those it was in before: it never has two holds. What is
 * raised as `holdRefused` (overtaken every time) has written nothing; after any other failure nobody knows, and the sweep
 * looks.
 */
async function place(
  deps: HoldDeps,
  caller: Caller,
  lead: Lead,
  claimed: string,
  decide: (park: Park, now: string) => Decision<Placed>,
): Promise<Exclude<Placed, { outcome: 'leftover' }>> {
  const giveUp = async (parkId: string, holdIds: readonly string[]): Promise<void> => {
    // Asked after the park was read: had the claim been given up before, what is there could be the next one's.
    const current = holdIds.length === 0 ? lead : await deps.leadStore.get(lead.id);
    if (holdIds.length > 0 && current?.claim?.holdId !== claimed) throw issue('lead', 'claimGivenUp');
    for (const holdId of holdIds) {
      await giveBack(deps, { parkId, holdId, leadId: lead.id }, lead, 'orphaned', SYSTEM_CALLER);
    }
  };
  try {
    for (const parkId of new Set(lead.history.map((step) => step.parkId))) {
      const before = parkId === lead.parkId ? null : await deps.parkStore.get(parkId);
      if (before !== null) await giveUp(parkId, leftoverOf(before, lead.id, claimed));
    }
    for (let tries = 0; tries < LEFTOVER_TRIES; tries += 1) {
      const { result } = await changePark(deps, lead.parkId, claimed, caller, decide);
      if (result.outcome !== 'leftover') return result;
      await giveUp(lead.parkId, result.holdIds);
    }
    return { outcome: 'refused', error: issue('lead', 'busy') };
  } catch (error) {
    if (error instanceof AppError && error.code === 'holdRefused') return { outcome: 'refused', error };
    throw error;
  }
}

/** Claims, places, and says on the lead that it is placed: in this order, so that no lead ever has two. */
async function placeNew(deps: HoldDeps, caller: Caller, lead: Lead, request: HoldRequest): Promise<HoldOutcome | null> {
  const park = await deps.parkStore.get(lead.parkId);
  if (park === null) return refuse('park', 'unknownPark');
  if (request.amounts !== undefined) checkAmounts(request.amounts, park);
  const asking = await askingOf(deps, lead, request.amounts);
  const scheme = await schemeOf(deps, lead);
  const now = deps.clock.now();
  const { parcels, factors } = asking(park, now);
  if (parcels.length === 0 && Object.keys(factors).length === 0) {
    throw new AppError('invalidInput', { issues: [{ field: 'amounts', code: 'required' }] });
  }
  const claim: HoldClaim = {
    holdId: deps.ids.idFor('hold', `${lead.id}:${lead.version}`),
    parkId: lead.parkId,
    state: 'placing',
    at: now,
  };
  const claimed = await claimOnce(deps, lead, claim, caller);
  if (claimed === null) return null;
  const hold: Omit<Hold, 'amounts'> = {
    id: claim.holdId,
    leadId: lead.id,
    kind: request.kind,
    placedAt: now,
    until: daysAfter(now, daysOf(scheme, request.kind)),
    expiringToldAt: null,
    extensions: [],
  };
  const result = await place(deps, caller, lead, claim.holdId, (park, at) =>
    decidePlace(park, at, lead, { ...hold, amounts: asking(park, at) }, request.wait),
  );
  // What is done is done: a claim that could not be settled now is settled by the sweep.
  const settling =
    result.outcome === 'refused'
      ? clearClaim(deps, lead.id, claim.holdId, caller)
      : confirmClaim(deps, lead.id, claim, result.outcome === 'held' ? 'placed' : 'waiting', caller);
  const settled = await settling.catch((error: unknown) => {
    deps.log.warn({ leadId: lead.id, holdId: claim.holdId, err: error }, 'claim left to the sweep');
    return null;
  });
  if (result.outcome === 'refused') throw result.error;
  const answer = { parkId: lead.parkId, lead: settled ?? claimed };
  if (result.outcome === 'waiting') {
    return { status: 'waiting', entry: result.entry, position: result.position, ...answer };
  }
  await wakeAt(deps, lead.parkId, hold.id, result.hold.until);
  return { status: 'held', hold: result.hold, ...answer };
}

/** Makes the lead's soft hold firm in its place. */
async function firmUp(
  deps: HoldDeps,
  caller: Caller,
  lead: Lead,
  parkId: string,
  holdId: string,
  request: HoldRequest,
): Promise<HoldOutcome> {
  const scheme = await schemeOf(deps, lead);
  const asked = request.amounts;
  const { result } = await changePark<Hold | AppError>(deps, parkId, `${holdId}:firm`, caller, (park, now) => {
    const nothing = (result: Hold | AppError): Decision<Hold | AppError> => ({ capacity: null, events: [], result });
    if (asked !== undefined) checkAmounts(asked, park);
    const present = activeHold(park.capacity, holdId, now);
    if (present !== null && present.kind !== 'soft') return nothing(present);
    const until = daysAfter(now, daysOf(scheme, 'firm'));
    const change = asked === undefined ? { until } : { until, amounts: normalAmounts(asked) };
    const renewal = makeFirm(park, holdId, change, now);
    if (renewal.outcome === 'missing') return nothing(issue('hold', 'runOut'));
    if (renewal.outcome === 'short') {
      return nothing(new AppError('capacityShort', { issues: shortfallIssues(renewal.shortfalls) }));
    }
    const { capacity, before, hold } = renewal;
    const events = [{ type: 'hold.firm' as const, lead, before: holdFacts(before), after: holdFacts(hold) }];
    return { capacity, events, result: hold };
  });
  if (result instanceof AppError) throw result;
  await wakeAt(deps, parkId, holdId, result.until);
  return { status: 'held', hold: result, parkId, lead };
}

/**
 * The answer for a lead that has a claim; null where the claim came to nothing and was cleared, `pending` where somebody
 * is placing just now.
 */
async function withClaim(
  deps: HoldDeps,
  caller: Caller,
  lead: Lead,
  claim: HoldClaim,
  request: HoldRequest,
): Promise<HoldOutcome | 'pending' | null> {
  const park = await deps.parkStore.get(claim.parkId);
  const now = deps.clock.now();
  const same = (amounts: HoldAmounts): boolean =>
    request.amounts === undefined || sameAmounts(normalAmounts(request.amounts), amounts);
  const hold = park === null ? null : activeHold(park.capacity, claim.holdId, now);
  if (hold !== null) {
    if (request.kind === 'firm' && hold.kind === 'soft') {
      return firmUp(deps, caller, lead, claim.parkId, hold.id, request);
    }
    if (hold.kind !== request.kind || !same(hold.amounts)) return refuse('lead', 'hasHold');
    return { status: 'held', hold, parkId: claim.parkId, lead };
  }
  if (park?.capacity.holds.some(({ id }) => id === claim.holdId) === true) {
    // Its time is over and nobody has taken it out yet.
    await lapsePark(deps, park);
    return null;
  }
  const position = park?.capacity.waitlist.findIndex(({ holdId }) => holdId === claim.holdId) ?? -1;
  const entry = park?.capacity.waitlist[position];
  if (entry !== undefined) {
    if (!same(entry.amounts)) return refuse('lead', 'waits');
    return { status: 'waiting', entry, position: position + 1, parkId: claim.parkId, lead };
  }
  const ageMs = Date.parse(now) - Date.parse(claim.at);
  if (claim.state === 'placing' && ageMs < CLAIM_PATIENCE_MS) return 'pending';
  await settleOne(deps, lead, claim, caller);
  return null;
}

/** With the pauses between them about a second. */
const PENDING_LOOKS = 10;

/** See `LeadUseCases.placeHold`. */
export async function placeHold(
  deps: HoldDeps,
  caller: Caller,
  leadId: string,
  request: HoldRequest,
): Promise<HoldOutcome> {
  let looks = 0;
  const outcome = await untilDone(deps, `${leadId}:${caller.requestId}`, async () => {
    const lead = mayHoldFor(caller, await deps.leadStore.get(leadId), 'lead');
    checkStage(lead, request.kind);
    if (lead.claim === null) return placeNew(deps, caller, lead, request);
    const answer = await withClaim(deps, caller, lead, lead.claim, request);
    if (answer !== 'pending') return answer;
    // Whoever is at it is done in a moment, unless it has ended: then the sweep settles the claim.
    looks += 1;
    return looks < PENDING_LOOKS ? null : refuse('lead', 'claimPending');
  });
  return outcome ?? refuse('lead', 'busy');
}
