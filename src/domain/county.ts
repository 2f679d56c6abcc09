import type { IsoDate, Provenance } from './provenance.js';

/** Six digits of GB/T 2260, as text. */
export type Adcode = string;

/** What a county is under a scheme, with the days on which that began and ended. `to: null` is open. */
export interface CountyStatus {
  readonly scheme: string;
  readonly kind: 'mountain' | 'industrial' | 'sourceOther';
  readonly from: IsoDate;
  readonly to: IsoDate | null;
  readonly provenance: Provenance;
}

/** An industry the county is known for (主导产业). */
export interface LeadingIndustry {
  readonly name: string;
  /** GB/T 4754-2017 codes, two to four digits. */
  readonly gbt: readonly string[];
  readonly chainIds: readonly string[];
  /** True where the county names the industry as one it seeks, not one it has. */
  readonly wanted: boolean;
  readonly provenance: Provenance;
}

/** A natural or infrastructural endowment that siting depends on. */
export const ENDOWMENTS = [
  'firstGradeWater',
  'keyEcologicalZone',
  'limestone',
  'timber',
  'bamboo',
  'hydropower',
  'seaport',
  'inlandWaterway',
  'fluorite',
  'nuclearSite',
  'medicinalHerbs',
  'edibleFungi',
] as const;
export type Endowment = (typeof ENDOWMENTS)[number];

export interface CountyEndowment {
  readonly kind: Endowment;
  readonly provenance: Provenance;
}

/** The size of a county's economy: what it can bear of one project. */
export interface CountyEconomy {
  /** Gross domestic product of a year, 亿元 (100 million yuan). */
  readonly gdpYi: number;
  readonly provenance: Provenance;
}

/** A county, city or district (县市区). */
export interface County {
  readonly adcode: Adcode;
  readonly name: string;
  readonly prefecture: string;
  /** County seat, WGS 84 degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly statuses: readonly CountyStatus[];
  /** 跨越发展类 leapfrog, 生态发展类 ecological; null outside the mountain counties. */
  readonly developmentClass: 'leapfrog' | 'ecological' | null;
  /** 国家重点生态功能区. */
  readonly keyEcologicalZone: boolean;
  readonly leadingIndustries: readonly LeadingIndustry[];
  readonly endowments: readonly CountyEndowment[];
  /** Absent where no figure is known. */
  readonly economy?: CountyEconomy;
  /** Words the county says about its limits; shown, never scored. */
  readonly constraints: readonly { readonly text: string; readonly provenance: Provenance }[];
  /** Lowest price for industrial land, 万元 per mu; null where the list does not name the county. */
  readonly landFloorPriceWanPerMu: number | null;
  readonly provenance: Provenance;
}

/** Two counties paired (结对) under a scheme for a time. */
export interface Pairing {
  readonly id: string;
  readonly scheme: string;
  /** 工业大县: the county leads come from. */
  readonly sourceAdcode: Adcode;
  /** 山区县: the county that takes them in. */
  readonly hostAdcode: Adcode;
  readonly from: IsoDate;
  readonly to: IsoDate | null;
  readonly provenance: Provenance;
}

/** True if a dated relation holds on a day; both ends count. */
export function holdsOn(relation: { readonly from: IsoDate; readonly to: IsoDate | null }, day: IsoDate): boolean {
  return relation.from <= day && (relation.to === null || day <= relation.to);
}
