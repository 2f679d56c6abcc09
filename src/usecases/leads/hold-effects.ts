import type { Caller } from '../../domain/access.js';
import type { HoldKind, ReleaseReason } from '../../domain/hold.js';
import type { Lead } from '../../domain/lead.js';

/**
 * What moves of a lead do to its hold. The lead's document is changed first, then the park's by one of these; a crash in
 * between leaves a hold nobody claims, which the reconciling sweep gives back. Each may be done twice.
 */
export interface HoldPort {
  /** The hold in the park's document that the lead's claim names; null where there is none, or its time has run out. */
  holdOf(lead: Lead): Promise<{ readonly kind: HoldKind; readonly until: string } | null>;
  /** Gives back, and fences, a hold or a place on the waitlist whose claim the lead has given up already. */
  release(lead: Lead, holdId: string, parkId: string, reason: ReleaseReason, caller: Caller): Promise<void>;
  /** Makes a firm hold `used`: the land is supplied. The lead keeps its claim. */
  use(lead: Lead, holdId: string, parkId: string, caller: Caller): Promise<void>;
}
