import { EMPTY_CAPACITY } from '../../../src/domain/hold.js';
import { CRITERIA, type Criterion, type MatchResult } from '../../../src/domain/match.js';
import type { Need, StoredNeed } from '../../../src/domain/need.js';
import type { Fact, Park } from '../../../src/domain/park.js';
import type { Provenance } from '../../../src/domain/provenance.js';
import type { ReferenceData } from '../../../src/domain/reference.js';
import type { NeedStore } from '../../../src/ports/need-store.js';

/** A need id of the right form for a small number. */
export function needIdOf(number: number): string {
  return `need_${number.toString(36).padStart(24, '0')}`;
}

/** Text that stores and queues like to spoil: rare characters, dots, dollar signs, keys that look like operators. */
export const DIFFICULT_TEXT =
  '龘靐齉爩 𠮷野家 é́ 👩‍🏭 \u0000? $set {"$where":"1"} a.b.c \\ " \' \u2028 ٣ Ａ１ %00 \r\n\t';

const provenance: Provenance = { source: 'test', basis: 'sample', asOf: '2025-01-01' };
const fact = (value: number | null): Fact => ({ value, basis: 'sample', asOf: '2025-01-01' });

/** The need of a made-up firm. */
export function makeNeed(overrides: Partial<Need> = {}): Need {
  return {
    firm: { name: '测试企业', countyAdcode: '330782' },
    title: '扩产项目',
    description: '年产一万件',
    gbt: '3985',
    land: { minMu: 50.5, phases: [{ mu: 50.5, by: '2026-06-30' }] },
    emissions: { codT: 0.1 },
    investWan: 12_800,
    weights: { chainFit: 0 },
    ...overrides,
  };
}

/** Where a need's matching stands: never matched, unless told. */
export function makeMatching(overrides: Partial<StoredNeed['matching']> = {}): StoredNeed['matching'] {
  return {
    status: 'pending',
    resultId: null,
    failure: null,
    previousResultId: null,
    announced: null,
    sequence: 0,
    ...overrides,
  };
}

type Outcome = Parameters<NeedStore['settle']>[2];

/** A quiet settling on a result. */
export function readyWith(
  resultId: string,
  overrides: Partial<Outcome & { readonly status: 'ready' }> = {},
): Outcome & { readonly status: 'ready' } {
  return {
    status: 'ready',
    at: '2025-03-01T08:00:02.000Z',
    resultId,
    announced: null,
    sequence: 0,
    changes: [],
    ...overrides,
  };
}

/** A settling on a failure. */
export function failedWith(failure: string): Outcome {
  return { status: 'failed', at: '2025-03-01T08:00:02.000Z', failure };
}

/** A stored need in its first version, pending. */
export function makeStoredNeed(number: number, overrides: Partial<StoredNeed> = {}): StoredNeed {
  const at = '2025-03-01T08:00:00.000Z';
  const need = overrides.need ?? makeNeed();
  return {
    id: needIdOf(number),
    version: 1,
    need,
    history: [{ version: 1, need, at }],
    createdAt: at,
    updatedAt: at,
    matching: makeMatching(),
    firstBodyDigest: null,
    ...overrides,
  };
}

/** The next version of a stored need. */
export function revise(stored: StoredNeed, need: Need, at = '2025-03-02T08:00:00.000Z'): StoredNeed {
  const version = stored.version + 1;
  return {
    ...stored,
    version,
    need,
    history: [...stored.history, { version, need, at }],
    updatedAt: at,
    matching: makeMatching(),
  };
}

/** A park with an inventory. */
export function makePark(id: string, overrides: Partial<Park> = {}): Park {
  return {
    id,
    name: `${id}园区`,
    countyAdcode: '331127',
    level: 'provincial',
    planKm2: null,
    provenance,
    inventory: {
      parcels: [{ id: `${id}-1`, areaMu: 120, availableFrom: '2025-06-01' }],
      factors: {
        energyTce: fact(5_000),
        powerKva: fact(20_000),
        waterM3PerDay: fact(0),
        codT: fact(1.5),
        nh3nT: fact(null),
        so2T: fact(2),
        noxT: fact(2),
        vocT: fact(0.25),
        workshopM2: fact(30_000),
      },
      landPriceWanPerMu: fact(18),
      workshopRentYuanPerM2Month: fact(12),
      wageYuanPerMonth: fact(5_200),
      labourAvailable: fact(3_000),
      landStandard: {
        investPerMuWan: fact(260),
        taxPerMuWan: fact(15),
        energyPerValueAddedTce: fact(0.5),
        plotRatio: fact(1.2),
      },
      provenance,
    },
    version: 1,
    capacity: EMPTY_CAPACITY,
    ...overrides,
  };
}

/** Reference data whose counties carry a mark, so that editions can be told apart. */
export function makeReference(mark: string, counties = 3): ReferenceData {
  return {
    counties: Array.from({ length: counties }, (_, index) => ({
      adcode: String(331_000 + index),
      name: `${mark}${index}`,
      prefecture: '丽水市',
      lon: 119.5,
      lat: 28,
      statuses: [],
      developmentClass: 'ecological' as const,
      keyEcologicalZone: true,
      leadingIndustries: [],
      endowments: [],
      constraints: [{ text: `${mark} ${DIFFICULT_TEXT}`, provenance }],
      landFloorPriceWanPerMu: null,
      provenance,
    })),
    pairings: [],
    chains: [],
    industries: [],
    presences: [],
    accessRules: [],
    policies: [],
    quotaPrices: [],
    standards: [],
    profiles: [{ id: mark, version: 1, weights: weightsOf(1) }],
  };
}

function weightsOf(weight: number): Record<Criterion, number> {
  return Object.fromEntries(CRITERIA.map((criterion) => [criterion, weight])) as Record<Criterion, number>;
}

/** A result that ranks so many parks. */
export function makeResult(number: number, parks = 3, overrides: Partial<MatchResult> = {}): MatchResult {
  return {
    needId: needIdOf(number),
    version: 1,
    profile: 'standard@1',
    snapshot: 'aa11',
    generatedAt: '2025-03-01T08:00:01.000Z',
    placement: { links: [{ linkId: 'l.$1', share: 1, fromCode: 1, fromStated: 0, fromText: 0 }] },
    rankedTotal: parks,
    ranked: Array.from({ length: parks }, (_, index) => ({
      rank: index + 1,
      score: 100 - index / 8,
      status: 'eligible' as const,
      park: {
        id: `park-${index}`,
        name: `园区 ${DIFFICULT_TEXT}`,
        county: { adcode: '331127', name: '景宁畲族自治县' },
        basis: 'sample' as const,
      },
      contributions: CRITERIA.map((criterion) => ({ criterion, utility: 0.5, weight: 1 / 12, points: 4.125 })),
      chainFit: { strengthen: 0.1, complete: 0.2, extend: 0.3, links: [] },
      gates: Array.from({ length: 17 }, () => ({
        gate: 'land' as const,
        outcome: 'pass' as const,
        required: 50,
        available: 120,
        unit: 'mu',
        shortfall: null,
        ref: null,
        basis: 'sample' as const,
        asOf: '2025-01-01',
        fixes: [],
      })),
      policies: [],
      tiedWith: [],
      dominated: null,
      rankIfConfirmed: null,
      confirmations: [],
    })),
    excludedTotal: 0,
    excluded: [],
    robustness: {
      seed: 1,
      samples: 10_000,
      staleAfterDays: 365,
      label: 'leaning',
      first: { parkId: 'park-0', acceptability1: 0.6667, acceptability3: 1 },
      parks: [],
      pivotal: [],
      stability: [{ criterion: 'chainFit', weight: 1 / 12, from: 0, to: 1 / 3 }],
    },
    ...overrides,
  };
}
