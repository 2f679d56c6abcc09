import { placeInCapacity, promotable, release } from '../../capacity/holds.js';
import { SYSTEM_CALLER } from '../../domain/access.js';
import type { Hold, WaitEntry } from '../../domain/hold.js';
import type { Lead } from '../../domain/lead.js';
import type { Gate } from '../../domain/match.js';
import type { Park } from '../../domain/park.js';
import { compileNeed } from '../../matching/compile-need.js';
import { gateReports } from '../../matching/gate-reports.js';
import type { SnapshotSource } from '../current-snapshot.js';
import { clearClaim, confirmClaim, markClaim } from './claims.js';
import { daysAfter, type HoldDeps } from './deps.js';
import { changePark } from './documents.js';
import { holdFacts, waitFacts } from './hold-changes.js';
import { isLive } from './rights.js';
import { CLAIM_PATIENCE_MS, settleOne } from './settle-claims.js';
import { daysOf, schemeOf, wakeAt } from './terms.js';

/** Promoting needs the engine's gates on what the parks can give now. */
export interface PromoteDeps extends HoldDeps {
  readonly snapshots: SnapshotSource;
}

const AT_ONCE = 100;

/** Gates that decide against the lead's need in the park as it stands now, holds taken off. */
async function failingGatesOf(deps: PromoteDeps, lead: Lead, parkId: string): Promise<readonly Gate[] | 'unknown'> {
  const stored = await deps.needStore.get(lead.needId);
  const need = stored?.history.find(({ version }) => version === lead.needVersion)?.need;
  const { snapshot } = await deps.snapshots.current();
  const row = snapshot.frame.parkIds.indexOf(parkId);
  if (need === undefined || row < 0) return 'unknown';
  // Gates don't read the likeness of words.
  const silent = {
    links: new Float64Array(snapshot.frame.graph.links.length),
    counties: new Float64Array(snapshot.frame.counties.length),
  };
  return gateReports(snapshot, row, compileNeed(snapshot.frame, need, silent))
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ gate }) => gate);
}

/**
 * Takes an entry out whose turn will not come, if the park is still as it was when that was found: another worker may
 * have placed the entry meanwhile, and the gates have been asked with its own hold taken off.
 */
async function drop(
  deps: PromoteDeps,
  seen: Park,
  entry: WaitEntry,
  lead: Lead | null,
  why: { readonly reason: 'leadClosed' | 'gatesFail'; readonly gates?: readonly Gate[] },
): Promise<void> {
  const { holdId, leadId } = entry;
  const marked = await markClaim(deps, leadId, holdId, SYSTEM_CALLER);
  const { result: dropped } = await changePark(deps, seen.id, `${holdId}:drop`, SYSTEM_CALLER, ({ capacity }, now) => {
    // Later than this the sweep of claims may have looked, and said that the lead waits.
    const late = marked !== null && Date.parse(now) - Date.parse(marked.at) > CLAIM_PATIENCE_MS / 2;
    const taken = capacity.version === seen.capacity.version && !late ? release(capacity, holdId) : null;
    if (taken === null) return { capacity: null, events: [], result: false };
    const after = { holdId, leadId, ...why };
    const events = [{ type: 'hold.dropped' as const, lead, before: waitFacts(entry), after }];
    return { capacity: taken.capacity, events, result: true };
  });
  if (dropped) await clearClaim(deps, leadId, holdId, SYSTEM_CALLER);
  else if (marked !== null && lead !== null) await settleOne(deps, lead, marked);
}

/** Places the first entry softly if it is still the first and still fits. */
async function placeFirst(deps: PromoteDeps, parkId: string, entry: WaitEntry, lead: Lead): Promise<Hold | null> {
  const days = daysOf(await schemeOf(deps, lead), 'soft');
  const { holdId } = entry;
  const { result } = await changePark<Hold | null>(deps, parkId, `${holdId}:promote`, SYSTEM_CALLER, (park, now) => {
    const nothing = { capacity: null, events: [], result: null };
    if (promotable(park, now)?.entry.holdId !== holdId) return nothing;
    const hold: Hold = {
      ...{ id: holdId, leadId: entry.leadId, kind: 'soft', amounts: entry.amounts },
      ...{ placedAt: now, until: daysAfter(now, days), expiringToldAt: null, extensions: [] },
    };
    const placing = placeInCapacity(park, hold, now);
    if (placing.outcome !== 'placed') return nothing;
    const after = { ...holdFacts(hold), promoted: true };
    return {
      capacity: placing.capacity,
      events: [{ type: 'hold.placed', lead, before: waitFacts(entry), after }],
      result: hold,
    };
  });
  return result;
}

/**
 * Serves a park's waitlist strictly in the order of asking. The first entry is placed softly if it fits and no gate
 * decides against its need; it is dropped if its lead is closed or a gate fails; and where it does not fit, everybody
 * behind it waits on. Gives how many were placed.
 */
export async function promoteWaitlist(deps: PromoteDeps, parkId: string): Promise<number> {
  let placed = 0;
  for (let turns = 0; turns < AT_ONCE; turns += 1) {
    const park = await deps.parkStore.get(parkId);
    const turn = park === null ? null : promotable(park, deps.clock.now());
    if (park === null || turn === null) break;
    const { entry, fits } = turn;
    const lead = await deps.leadStore.get(entry.leadId);
    if (lead === null || !isLive(lead) || lead.claim?.holdId !== entry.holdId) {
      await drop(deps, park, entry, lead, { reason: 'leadClosed' });
      continue;
    }
    if (!fits) break;
    const gates = await failingGatesOf(deps, lead, parkId);
    if (gates === 'unknown') break;
    if (gates.length > 0) {
      await drop(deps, park, entry, lead, { reason: 'gatesFail', gates });
      continue;
    }
    const hold = await placeFirst(deps, parkId, entry, lead);
    if (hold === null) continue;
    placed += 1;
    await confirmClaim(deps, lead.id, lead.claim, 'placed', SYSTEM_CALLER);
    await wakeAt(deps, parkId, hold.id, hold.until);
  }
  return placed;
}
