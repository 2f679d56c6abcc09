import type { Stage } from './chain.js';
import type { Adcode } from './county.js';
import type { Pollutant } from './factors.js';
import type { Criterion } from './match.js';
import type { IsoDate } from './provenance.js';
import type { Announced } from './rematch.js';

/** One phase of a project's land: so many mu by a day. */
export interface LandPhase {
  readonly mu: number;
  readonly by: IsoDate;
}

/** What a firm needs to expand (企业扩产需求). What is absent asks for nothing. Firm data is a trade secret. */
export interface Need {
  readonly firm: { readonly name: string; readonly creditCode?: string; readonly countyAdcode: Adcode };
  readonly title: string;
  readonly description: string;
  /** GB/T 4754-2017 code, two to four digits. */
  readonly gbt: string;
  readonly chain?: { readonly links: readonly string[]; readonly stage?: Stage };
  /** `minMu` 0 asks for no land (a firm that rents workshops). Phases add up to minMu..idealMu. */
  readonly land: { readonly minMu: number; readonly idealMu?: number; readonly phases?: readonly LandPhase[] };
  readonly energyTce?: number;
  readonly powerKva?: number;
  readonly waterM3PerDay?: number;
  /** t/year. */
  readonly emissions?: Partial<Readonly<Record<Pollutant, number>>>;
  readonly workshopM2?: number;
  /** Planned floor area on the land asked for, m²: read by the plot-ratio gate. */
  readonly floorAreaM2?: number;
  readonly investWan: number;
  readonly fixedInvestWan?: number;
  readonly outputWan?: number;
  readonly valueAddedWan?: number;
  readonly taxWan?: number;
  readonly workers?: number;
  readonly neededBy?: IsoDate;
  readonly exclude?: { readonly counties: readonly Adcode[] };
  /** Replaces the profile's weight of each criterion named; the rest keep theirs. */
  readonly weights?: Partial<Readonly<Record<Criterion, number>>>;
}

/** Where a need's matching stands. */
export type MatchStatus = 'pending' | 'ready' | 'failed';

/** A need as kept: the current version, and every version there was. */
export interface StoredNeed {
  readonly id: string;
  readonly version: number;
  readonly need: Need;
  /** All versions from 1, oldest first; the last equals `need`. */
  readonly history: readonly { readonly version: number; readonly need: Need; readonly at: string }[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Matching of the current version. */
  readonly matching: {
    readonly status: MatchStatus;
    readonly resultId: string | null;
    readonly failure: string | null;
    /** The result before this one, of this or an earlier version; null for the first. */
    readonly previousResultId: string | null;
    /** What subscribers were told last; null before the first result. */
    readonly announced: Announced | null;
    /** Counts the events told of this need's matching: their sequence numbers. */
    readonly sequence: number;
    /** Entries of the need's history up to this result; absent where nobody counted them. */
    readonly steps?: number;
  };
  /** Digest of the first body under its idempotency key; null where none was given. */
  readonly firstBodyDigest: string | null;
}
