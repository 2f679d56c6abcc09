import type { County } from '../../src/domain/county.js';
import type { SeedPark } from '../../src/schemas/reference-schemas.js';

/** Lowest and highest value of a provincial park of ordinary size. */
export type Band = readonly [low: number, high: number];

/** Bands from which a park's sample inventory is drawn, by the county's class. Units as in `Factor`. */
export interface InventoryBands {
  readonly energyTce: Band;
  readonly powerKva: Band;
  readonly waterM3PerDay: Band;
  readonly codT: Band;
  readonly so2T: Band;
  readonly noxT: Band;
  readonly vocT: Band;
  readonly workshopM2: Band;
  /** Largest parcel of a provincial park, mu. */
  readonly largestParcelMu: number;
  readonly rentYuanPerM2Month: Band;
  readonly wageYuanPerMonth: Band;
  readonly labour: Band;
  readonly investPerMuWan: Band;
  readonly taxPerMuWan: Band;
}

/**
 * Land standards are the 经验区间 of `standards.json` (ok-inv-70, ok-tax-71, ok-inv-73, ok-tax-74); rents start from
 * the one reported figure, 75–100 yuan per m² and year in 常山 (cs-rent). The rest is judged from the class: ecological
 * counties (生态发展类) get a fraction of the quota and of the pollutants of leapfrog ones (跨越发展类).
 */
const BANDS: Readonly<Record<'leapfrog' | 'ecological', InventoryBands>> = {
  leapfrog: {
    energyTce: [6_000, 32_000],
    powerKva: [15_000, 60_000],
    waterM3PerDay: [2_500, 15_000],
    codT: [15, 70],
    so2T: [12, 60],
    noxT: [18, 80],
    vocT: [10, 45],
    workshopM2: [5_000, 60_000],
    largestParcelMu: 190,
    rentYuanPerM2Month: [7, 12],
    wageYuanPerMonth: [5_600, 7_200],
    labour: [900, 5_000],
    investPerMuWan: [250, 350],
    taxPerMuWan: [15, 25],
  },
  ecological: {
    energyTce: [2_000, 11_000],
    powerKva: [5_000, 22_000],
    waterM3PerDay: [900, 5_000],
    codT: [2, 14],
    so2T: [2, 12],
    noxT: [3, 16],
    vocT: [1.5, 10],
    workshopM2: [3_000, 30_000],
    largestParcelMu: 120,
    rentYuanPerM2Month: [6.3, 8.3],
    wageYuanPerMonth: [5_000, 6_300],
    labour: [350, 2_000],
    investPerMuWan: [200, 300],
    taxPerMuWan: [12, 20],
  },
};

/** The bands of a county; one without a class is drawn as leapfrog. */
export function bandsOf(county: County): InventoryBands {
  return BANDS[county.developmentClass ?? 'leapfrog'];
}

const LEVEL_SIZE: Readonly<Record<SeedPark['level'], number>> = {
  national: 1.8,
  provincial: 1,
  county: 0.55,
  unknown: 0.5,
};

/** How large a park is against a provincial one of 10 km²; a known area counts with its fourth root, within 0.6..1.6. */
export function sizeOf(park: SeedPark): number {
  const area = park.planKm2 === null ? 1 : Math.min(1.6, Math.max(0.6, (park.planKm2 / 10) ** 0.25));
  return LEVEL_SIZE[park.level] * area;
}
