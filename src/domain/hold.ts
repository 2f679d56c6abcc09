import type { Factor } from './factors.js';

/**
 * 首谈 sets a soft hold aside, 签约 makes it firm, 供地 makes it used: what a landed project has taken is no longer free
 * and does not run out (`until` is NEVER) before the county records an inventory without it.
 */
export type HoldKind = 'soft' | 'firm' | 'used';

/** The end of a hold that does not run out. */
export const NEVER = '9999-12-31T00:00:00.000Z';

/** What is set aside: mu of parcels and amounts of factors, in the units of the inventory. At least one is not 0. */
export interface HoldAmounts {
  readonly parcels: readonly { readonly parcelId: string; readonly mu: number }[];
  readonly factors: Partial<Readonly<Record<Factor, number>>>;
}

/** Capacity of one park set aside for one lead (要素预留). From `until` on it counts for nothing, swept or not. */
export interface Hold {
  /** `hold_` + 24 letters and digits. */
  readonly id: string;
  readonly leadId: string;
  readonly kind: HoldKind;
  readonly amounts: HoldAmounts;
  readonly placedAt: string;
  readonly until: string;
  /** Events already raised for the present `until`. */
  readonly expiringToldAt: string | null;
  readonly extensions: readonly {
    readonly at: string;
    readonly by: string;
    readonly until: string;
    readonly reason: string;
  }[];
}

/** A lead that waits for capacity, in the order of asking. */
export interface WaitEntry {
  /** The id its hold will have. */
  readonly holdId: string;
  readonly leadId: string;
  readonly amounts: HoldAmounts;
  readonly askedAt: string;
}

/** Holds of a park, in the park's document: every change is one conditional update of it. */
export interface ParkCapacity {
  /** Counts changes, from 0 (never held). */
  readonly version: number;
  readonly holds: readonly Hold[];
  readonly waitlist: readonly WaitEntry[];
  /** Ids of holds that must never be placed any more: their claim was given up. The newest 200 are kept. */
  readonly fenced: readonly string[];
}

export const EMPTY_CAPACITY: ParkCapacity = { version: 0, holds: [], waitlist: [], fenced: [] };

/** One thing a hold asks for and the park has not free. */
export interface CapacityShortfall {
  /** `parcel:<id>` or a factor. */
  readonly what: string;
  readonly asked: number;
  /** Null: nobody knows what the park has. */
  readonly free: number | null;
  readonly unit: string;
}

export const RELEASE_REASONS = [
  'expired',
  'withdrawn',
  'transferred',
  'declined',
  'ended',
  'recorded',
  'orphaned',
] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];
