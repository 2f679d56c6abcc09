import { flatAmounts } from '../../capacity/amounts.js';
import type { Caller } from '../../domain/access.js';
import type { Change, PlainFacts } from '../../domain/change.js';
import type { Hold, WaitEntry } from '../../domain/hold.js';
import type { HoldClaim, Lead } from '../../domain/lead.js';
import type { Park } from '../../domain/park.js';
import { changeBy, leadChange } from '../leads/lead-changes.js';

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

/** The changes of one update of a park's capacity: `<park>.c<version>`, and `.<n>` from the second on. */
export function capacityChanges(
  park: Pick<Park, 'id' | 'countyAdcode'>,
  capacityVersion: number,
  events: readonly CapacityEvent[],
  caller: Caller,
  at: string,
): readonly Change[] {
  return events.map(({ type, lead, before, after }, index) => ({
    ...changeBy(caller, {
      ...{ type, before, after, at },
      object: { kind: 'park', id: park.id, version: capacityVersion },
      chains: [...new Set([park.countyAdcode, ...(lead === null ? [] : [lead.sourceAdcode])])],
      scheme: lead?.scheme ?? null,
    }),
    // The park's inventory counts versions of its own.
    id: `${park.id}.c${capacityVersion}${index === 0 ? '' : `.${index}`}`,
  }));
}

const claimFacts = (claim: HoldClaim | null): PlainFacts =>
  claim === null ? { claim: null } : { claim: claim.state, holdId: claim.holdId, parkId: claim.parkId };

/** The change of a lead's claim; `lead` is the lead as it will be. */
export function claimChange(caller: Caller, lead: Lead, before: HoldClaim | null): Change {
  return leadChange(caller, lead, {
    type: 'lead.claim_changed',
    before: claimFacts(before),
    after: claimFacts(lead.claim),
  });
}

/** The change of an inventory, as the park will be: what is stated anew, by field. */
export function inventoryChange(
  caller: Caller,
  park: Park,
  at: string,
  facts: { readonly before: PlainFacts; readonly after: PlainFacts },
): Change {
  return changeBy(caller, {
    ...facts,
    ...{ type: 'park.inventory_changed', at, chains: [park.countyAdcode], scheme: null },
    object: { kind: 'park', id: park.id, version: park.version },
  });
}
