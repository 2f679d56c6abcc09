import type { County } from '../../src/domain/county.js';
import type { Fact, LandStandard, Parcel, ParkInventory } from '../../src/domain/park.js';
import { isoDate } from '../../src/domain/units.js';
import type { SeedPark } from '../../src/schemas/reference-schemas.js';
import type { SeedInventory } from '../../src/schemas/seed-file-schemas.js';
import { type Band, bandsOf, type InventoryBands, sizeOf } from './bands.js';
import { type SampleRandom, sampleRandom } from './random.js';

/** Names the sample edition; another seed gives another plausible world. */
const INVENTORY_SEED = 'shanhai-sample-2026';

const DRAWN_ON = '2026-11-01';
/** Parcels open between January of this year and the end of the fourth year. */
const FIRST_AVAILABLE_MONTH = { year: 2026, months: 48 };
/** Days on which facts were stated, counted from 1970-01-01: 2026-02-01 to 2026-10-24, and 2024-06-06 to 2025-09-28. */
const RECENT_FACTS: Band = [20_485, 20_751];
const OLD_FACTS: Band = [19_880, 20_360];
const OLD_SHARE = 0.1;
const UNKNOWN_SHARE = 0.04;
/** 新增项目单位工业增加值能耗控制目标 (standard en-052), tce per 万元; no text of it was found. */
const ENERGY_PER_VALUE_ADDED = 0.52;
const ENERGY_STANDARD_DAY = '2021-01-01';
const DEFAULT_FLOOR_PRICE_WAN = 8;
/** Largest parcel any park is given, mu; the smallest is 8. */
const PARCEL_LIMIT_MU: Band = [8, 260];

function rounded(value: number, step: number): number {
  const steps = Math.round(value / step);
  return step < 1 ? Number((steps * step).toFixed(2)) : steps * step;
}

function sampleFact(random: SampleRandom, value: number): Fact {
  const unknown = random.chance(UNKNOWN_SHARE);
  const day = random.chance(OLD_SHARE) ? random.between(...OLD_FACTS) : random.between(...RECENT_FACTS);
  return { value: unknown ? null : value, basis: 'sample', asOf: isoDate(Math.floor(day)) };
}

function sampleParcels(random: SampleRandom, park: SeedPark, bands: InventoryBands, size: number): readonly Parcel[] {
  const [smallest, limit] = PARCEL_LIMIT_MU;
  const largest = Math.min(limit, Math.max(3 * smallest, bands.largestParcelMu * size));
  const count = Math.max(3, Math.min(9, Math.round(random.between(3, 6) + 3 * (size - 0.6))));
  return Array.from({ length: count }, (_, index) => {
    // The first parcel is one of the park's larger ones, the rest lean towards small.
    const areaMu = index === 0 ? random.between(0.6 * largest, largest) : random.logBetween(smallest, 0.8 * largest);
    const open = random.chance(0.5);
    const month = open ? random.whole(0, 10) : random.whole(11, FIRST_AVAILABLE_MONTH.months - 1);
    const year = FIRST_AVAILABLE_MONTH.year + Math.floor(month / 12);
    return {
      id: `${park.id}-P${index + 1}`,
      areaMu: rounded(Math.max(smallest, areaMu), 1),
      availableFrom: `${year}-${String((month % 12) + 1).padStart(2, '0')}-01`,
    };
  });
}

function sampleStandard(random: SampleRandom, bands: InventoryBands): LandStandard {
  return {
    investPerMuWan: sampleFact(random, rounded(random.between(...bands.investPerMuWan), 5)),
    taxPerMuWan: sampleFact(random, rounded(random.between(...bands.taxPerMuWan), 0.5)),
    energyPerValueAddedTce: { value: ENERGY_PER_VALUE_ADDED, basis: 'unverified', asOf: ENERGY_STANDARD_DAY },
    plotRatio: sampleFact(random, rounded(random.between(1.2, 1.5), 0.1)),
  };
}

function sampleInventory(park: SeedPark, county: County): ParkInventory {
  const random = sampleRandom(`${INVENTORY_SEED}:${park.id}`);
  const bands = bandsOf(county);
  const size = sizeOf(park);
  const has = (kind: County['endowments'][number]['kind']) => county.endowments.some((one) => one.kind === kind);
  const drawn = (band: Band, scale = 1) => random.logBetween(...band) * size * scale;
  const parcels = sampleParcels(random, park, bands, size);
  const codT = drawn(bands.codT);
  const emptyWorkshops = random.chance(0.15);
  const floorPrice = county.landFloorPriceWanPerMu ?? DEFAULT_FLOOR_PRICE_WAN;
  return {
    parcels,
    factors: {
      energyTce: sampleFact(random, rounded(drawn(bands.energyTce), 50)),
      powerKva: sampleFact(random, rounded(drawn(bands.powerKva, has('hydropower') ? 1.2 : 1), 100)),
      waterM3PerDay: sampleFact(random, rounded(drawn(bands.waterM3PerDay, has('firstGradeWater') ? 1.2 : 1), 50)),
      codT: sampleFact(random, rounded(codT, 0.1)),
      nh3nT: sampleFact(random, rounded(codT * random.between(0.06, 0.1), 0.01)),
      so2T: sampleFact(random, rounded(drawn(bands.so2T), 0.1)),
      noxT: sampleFact(random, rounded(drawn(bands.noxT), 0.1)),
      vocT: sampleFact(random, rounded(drawn(bands.vocT), 0.1)),
      workshopM2: sampleFact(random, emptyWorkshops ? 0 : rounded(drawn(bands.workshopM2), 100)),
    },
    landPriceWanPerMu: sampleFact(random, rounded(floorPrice * random.between(1.1, 2.1), 0.1)),
    workshopRentYuanPerM2Month: sampleFact(random, rounded(random.between(...bands.rentYuanPerM2Month), 0.1)),
    wageYuanPerMonth: sampleFact(random, rounded(random.between(...bands.wageYuanPerMonth), 50)),
    labourAvailable: sampleFact(random, rounded(drawn(bands.labour), 10)),
    landStandard: sampleStandard(random, bands),
    provenance: {
      source: `示例数据:seeds/generate/inventories.ts 生成,种子 ${INVENTORY_SEED}`,
      basis: 'sample',
      asOf: DRAWN_ON,
    },
  };
}

/**
 * Makes a plausible inventory for every park (示例数据): the public knows parks, not what they have free. Drawn from the
 * class of the county, the level and planned area of the park, the county's floor price for land and its endowments.
 * Each park has its own stream, so that adding one leaves the others as they were.
 */
export function generateInventories(parks: readonly SeedPark[], counties: readonly County[]): readonly SeedInventory[] {
  const byAdcode = new Map(counties.map((county) => [county.adcode, county]));
  return parks.map((park) => {
    const county = byAdcode.get(park.countyAdcode);
    if (county === undefined) throw new Error(`parks.json [${park.id}] countyAdcode: no such county`);
    return { parkId: park.id, inventory: sampleInventory(park, county) };
  });
}
