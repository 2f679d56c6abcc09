import type { Chain, Industry, Link, LinkPresence, Stage } from '../../src/domain/chain.js';
import type { County } from '../../src/domain/county.js';
import { FACTORS, type Factor } from '../../src/domain/factors.js';
import { EMPTY_CAPACITY } from '../../src/domain/hold.js';
import { CRITERIA, type Criterion } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Fact, Park } from '../../src/domain/park.js';
import type { Provenance } from '../../src/domain/provenance.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { isoDate } from '../../src/domain/units.js';
import type { TextNumbers } from '../../src/matching/compile-need.js';

/** Numbers in [0, 1) from a seed: mulberry32, a public-domain generator by Tommy Ettinger. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const TODAY = '2026-01-01';
const FIRST_DAY = 20_454;
const provenance: Provenance = { source: 'synthetic', basis: 'sample', asOf: TODAY };
const STAGES: readonly Stage[] = ['upstream', 'midstream', 'downstream'];
const LINKS_PER_CHAIN = 12;

/** Rough middle of each factor's stock in a park. */
const STOCK: Readonly<Record<Factor, number>> = {
  energyTce: 30_000,
  powerKva: 60_000,
  waterM3PerDay: 12_000,
  codT: 60,
  nh3nT: 8,
  so2T: 60,
  noxT: 70,
  vocT: 50,
  workshopM2: 60_000,
};

/** A made-up province: as many counties, chains and links as the real one, for benches and property tests. */
export function syntheticReference(seed: number, counties = 54, chains = 19): ReferenceData {
  const random = seeded(seed);
  const linkId = (chain: number, link: number) => `c${chain}-l${link}`;
  const madeChains: Chain[] = Array.from({ length: chains }, (_, chain) => ({
    id: `c${chain}`,
    name: `链${chain}`,
    provenance,
    links: Array.from(
      { length: LINKS_PER_CHAIN },
      (_, link): Link => ({
        id: linkId(chain, link),
        name: `环节${chain}-${link}`,
        stage: STAGES[Math.floor((link * 3) / LINKS_PER_CHAIN)] ?? 'midstream',
        gbt: [String(1300 + chain * LINKS_PER_CHAIN + link)],
        feeds: link + 1 < LINKS_PER_CHAIN ? [linkId(chain, link + 1), linkId((chain + 1) % chains, link + 1)] : [],
        keywords: [],
      }),
    ),
  }));
  const madeCounties: County[] = Array.from({ length: counties }, (_, row) => ({
    adcode: String(330_100 + row),
    name: `县${row}`,
    prefecture: '示例市',
    lon: 118.5 + random() * 3,
    lat: 27.5 + random() * 3,
    statuses: [],
    developmentClass: row % 2 === 0 ? 'leapfrog' : 'ecological',
    keyEcologicalZone: row % 5 === 0,
    leadingIndustries: [],
    endowments: [],
    constraints: [],
    landFloorPriceWanPerMu: 8,
    provenance,
  }));
  const presences: LinkPresence[] = madeCounties.flatMap((county) =>
    Array.from({ length: 12 }, () => ({
      countyAdcode: county.adcode,
      parkId: null,
      linkId: linkId(Math.floor(random() * chains), Math.floor(random() * LINKS_PER_CHAIN)),
      strength: 0.3 + random() * 0.6,
      anchors: [],
      wanted: random() < 0.2,
      provenance,
    })),
  );
  const industries: Industry[] = madeChains.flatMap((chain) =>
    chain.links.map((link) => ({
      code: link.gbt[0] ?? '',
      name: link.name,
      level: 4 as const,
      parent: (link.gbt[0] ?? '').slice(0, 3),
      gbt2011: [],
      keywords: [],
      provenance,
    })),
  );
  return {
    counties: madeCounties,
    pairings: madeCounties.slice(0, 18).map((county, row) => ({
      id: `p${row}`,
      scheme: 'synthetic',
      sourceAdcode: county.adcode,
      hostAdcode: madeCounties[18 + row]?.adcode ?? county.adcode,
      from: '2023-01-01',
      to: null,
      provenance,
    })),
    chains: madeChains,
    industries,
    presences,
    accessRules: [
      {
        id: 'r1',
        level: 'ban',
        adcodes: madeCounties.filter((_, row) => row % 5 === 0).map((county) => county.adcode),
        gbtPrefixes: ['131', '1412'],
        text: 'synthetic',
        provenance,
      },
    ],
    policies: [],
    quotaPrices: [],
    standards: [],
    profiles: [
      {
        id: 'synthetic',
        version: 1,
        weights: Object.fromEntries(CRITERIA.map((criterion) => [criterion, 1])) as Record<Criterion, number>,
      },
    ],
  };
}

/** Made-up parks spread over the counties of a reference. */
export function syntheticParks(reference: ReferenceData, count: number, seed: number): Park[] {
  const random = seeded(seed);
  const fact = (value: number): Fact => ({
    value: random() < 0.02 ? null : Math.round(value * 100) / 100,
    basis: 'sample',
    asOf: TODAY,
  });
  return Array.from({ length: count }, (_, row) => {
    const county = reference.counties[Math.floor(random() * reference.counties.length)];
    return {
      id: `${county?.adcode}-${String(row).padStart(4, '0')}`,
      name: `园区${row}`,
      countyAdcode: county?.adcode ?? '',
      level: 'provincial',
      planKm2: null,
      provenance,
      version: 1,
      capacity: EMPTY_CAPACITY,
      inventory: {
        parcels: Array.from({ length: 3 + Math.floor(random() * 6) }, (_, index) => ({
          id: `d${index}`,
          areaMu: Math.round(10 + random() ** 2 * 250),
          availableFrom: isoDate(FIRST_DAY + Math.floor(random() * 1_200)),
        })),
        factors: Object.fromEntries(
          FACTORS.map((factor) => [factor, fact(STOCK[factor] * (0.1 + 2 * random()))]),
        ) as Record<Factor, Fact>,
        landPriceWanPerMu: fact(8 + random() * 20),
        workshopRentYuanPerM2Month: fact(6 + random() * 12),
        wageYuanPerMonth: fact(4_500 + random() * 3_000),
        labourAvailable: fact(300 + random() * 8_000),
        landStandard: {
          investPerMuWan: fact(200 + random() * 150),
          taxPerMuWan: fact(12 + random() * 13),
          energyPerValueAddedTce: fact(0.52),
          plotRatio: fact(1.2 + random() * 0.3),
        },
        provenance,
      },
    };
  });
}

/** Made-up needs: most ask for land, energy, invest and tax figures and two pollutants, some for more. */
export function syntheticNeeds(reference: ReferenceData, count: number, seed: number): Need[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, row) => {
    const mu = Math.round(10 + random() ** 2 * 150);
    const code = reference.industries[Math.floor(random() * reference.industries.length)]?.code ?? '1300';
    return {
      firm: { name: '示例企业', countyAdcode: reference.counties[row % reference.counties.length]?.adcode ?? '' },
      title: '示例需求',
      description: '示例',
      gbt: code,
      land: { minMu: mu },
      energyTce: Math.round(500 + random() * 20_000),
      powerKva: Math.round(500 + random() * 20_000),
      emissions: { codT: 1 + random() * 20, vocT: 1 + random() * 20 },
      investWan: Math.round(mu * (180 + random() * 500)),
      taxWan: Math.round(mu * (10 + random() * 30)),
      workers: Math.round(50 + random() * 500),
      ...(random() < 0.5 ? { neededBy: isoDate(FIRST_DAY + 200 + Math.floor(random() * 900)) } : {}),
    };
  });
}

/** Made-up likeness numbers for a need. */
export function syntheticText(links: number, counties: number, random: () => number): TextNumbers {
  const likeness = new Float64Array(links);
  for (let hit = 0; hit < 8; hit += 1) likeness[Math.floor(random() * links)] = random();
  return { links: likeness, counties: Float64Array.from({ length: counties }, () => random() ** 3) };
}
