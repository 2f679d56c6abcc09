import { flatAmounts } from '../../capacity/amounts.js';
import type { Caller } from '../../domain/access.js';
import { type Change, type PlainFacts, PROVINCE_CHAIN } from '../../domain/change.js';
import type { Hold, WaitEntry } from '../../domain/hold.js';
import type { HoldClaim, Lead } from '../../domain/lead.js';
import type { Park } from '../../domain/park.js';

/** One thing that happened to a park's capacity, before it is known under which version it is written. */
export interface CapacityEvent {
  readonly type:
    | 'hold.placed'
    | 'hold.firm'
    | 'hold.extended'
    | 'hold.used'
    | 'hold.released'
    | 'hold.expiring'
    | 'hold.waiting'
    | 'hold.dropped'
    | 'hold.fenced';
  readonly lead: Pick<Lead, 'sourceAdcode' | 'scheme'> | null;
  readonly before: PlainFacts | null;
  readonly after: PlainFacts | null;
}

/** A hold in a change: ids, kind, end and amounts by name; of extensions their number, never a reason's words. */
export function holdFacts(hold: Hold): PlainFacts {
  const { id, leadId, kind, until, extensions } = hold;
  return { holdId: id, leadId, kind, until, extensions: extensions.length, ...flatAmounts(hold.amounts) };
}

export function waitFacts({ holdId, leadId, amounts }: WaitEntry): PlainFacts {
  return { holdId, leadId, ...flatAmounts(amounts) };
}

function actorOf({ actor }: Caller): Change['actor'] {
  const { kind, id, role, countyAdcode } = actor;
  return { kind, id, role, countyAdcode };
}

/** The changes of one update of a park's capacity: `<park>.c<version>`, and `.<n>` from the second on. */
export function capacityChanges(
  park: Pick<Park, 'id' | 'countyAdcode'>,
  capacityVersion: number,
  events: readonly CapacityEvent[],
  caller: Caller,
  at: string,
): readonly Change[] {
  return events.map(({ type, lead, before, after }, index) => ({
    id: `${park.id}.c${capacityVersion}${index === 0 ? '' : `.${index}`}`,
    at,
    actor: actorOf(caller),
    requestId: caller.requestId,
    type,
    object: { kind: 'park', id: park.id, version: capacityVersion },
    chains: [...new Set([park.countyAdcode, ...(lead === null ? [] : [lead.sourceAdcode])])],
    before,
    after,
    scheme: lead?.scheme ?? null,
  }));
}

const claimFacts = (claim: HoldClaim | null): PlainFacts =>
  claim === null ? { claim: null } : { claim: claim.state, holdId: claim.holdId, parkId: claim.parkId };

/** The change of a lead's claim; `lead` is the lead as it will be. */
export function claimChange(lead: Lead, before: HoldClaim | null, caller: Caller, at: string): Change {
  return {
    id: `${lead.id}.${lead.version}`,
    at,
    actor: actorOf(caller),
    requestId: caller.requestId,
    type: 'lead.claim_changed',
    object: { kind: 'lead', id: lead.id, version: lead.version },
    chains: [...new Set([lead.sourceAdcode, lead.hostAdcode])],
    before: claimFacts(before),
    after: claimFacts(lead.claim),
    scheme: lead.scheme,
  };
}

/** The change of an inventory: what is stated anew, by field, before and after. */
export function inventoryChange(park: Park, before: PlainFacts, after: PlainFacts, caller: Caller, at: string): Change {
  return {
    id: `${park.id}.${park.version}`,
    at,
    actor: actorOf(caller),
    requestId: caller.requestId,
    type: 'park.inventory_changed',
    object: { kind: 'park', id: park.id, version: park.version },
    chains: [park.countyAdcode === '' ? PROVINCE_CHAIN : park.countyAdcode],
    before,
    after,
    scheme: null,
  };
}
