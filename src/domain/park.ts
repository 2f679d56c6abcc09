import type { Adcode } from './county.js';
import type { Factor } from './factors.js';
import type { ParkCapacity } from './hold.js';
import type { Basis, IsoDate, Provenance } from './provenance.js';

/** A number with its trust and day; `value: null` is unknown, not zero. */
export interface Fact {
  readonly value: number | null;
  readonly basis: Basis;
  readonly asOf: IsoDate;
}

/** One piece of land (地块). */
export interface Parcel {
  readonly id: string;
  readonly areaMu: number;
  /** First day on which it can be supplied. */
  readonly availableFrom: IsoDate;
}

/** The least a project must promise to get land here (标准地). */
export interface LandStandard {
  /** Least fixed investment, 万元 per mu. */
  readonly investPerMuWan: Fact;
  /** Least tax, 万元 per mu and year. */
  readonly taxPerMuWan: Fact;
  /** Most energy, tce per 万元 of value added. */
  readonly energyPerValueAddedTce: Fact;
  /** Least plot ratio (容积率). */
  readonly plotRatio: Fact;
}

/** What a park can give: parcels, factors, prices. Total stock; holds are subtracted by the engine's caller. */
export interface ParkInventory {
  readonly parcels: readonly Parcel[];
  readonly factors: Readonly<Record<Factor, Fact>>;
  /** 万元 per mu. */
  readonly landPriceWanPerMu: Fact;
  /** Standard workshop, yuan per m² and month. */
  readonly workshopRentYuanPerM2Month: Fact;
  /** Mean gross wage, yuan a month. */
  readonly wageYuanPerMonth: Fact;
  /** Workers that can be hired within commuting reach. */
  readonly labourAvailable: Fact;
  readonly landStandard: LandStandard;
  readonly provenance: Provenance;
}

/** A zone with a factor inventory; belongs to one county. */
export interface Park {
  readonly id: string;
  readonly name: string;
  readonly countyAdcode: Adcode;
  readonly level: 'national' | 'provincial' | 'county' | 'unknown';
  /** Planned area; null where no source gives it. */
  readonly planKm2: number | null;
  readonly provenance: Provenance;
  readonly inventory: ParkInventory;
  /** Counts edits of the inventory, from 1. */
  readonly version: number;
  /** What is set aside for leads. Available = inventory - holds. */
  readonly capacity: ParkCapacity;
}
