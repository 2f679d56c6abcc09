import { activeHold } from '../../capacity/holds.js';
import type { HoldPort } from '../leads/hold-effects.js';
import type { HoldDeps } from './deps.js';
import { useHold } from './reconcile-holds.js';
import { giveBack } from './release-hold.js';

/** What moves of a lead do to its hold; see `HoldPort`. */
export function createHoldEffects(deps: HoldDeps): HoldPort {
  return {
    async holdOf({ claim }) {
      if (claim === null || claim.state === 'waiting') return null;
      const park = await deps.parkStore.get(claim.parkId);
      const hold = park === null ? null : activeHold(park.capacity, claim.holdId, deps.clock.now());
      return hold === null ? null : { kind: hold.kind, until: hold.until };
    },
    async release(lead, holdId, parkId, reason, caller) {
      await giveBack(deps, { parkId, holdId, leadId: lead.id }, lead, reason, caller);
    },
    use: (lead, holdId, parkId, caller) => useHold(deps, lead, holdId, parkId, caller),
  };
}
