import { AppError } from '../../src/domain/errors.js';
import { FACTORS, type Factor } from '../../src/domain/factors.js';
import { EMPTY_CAPACITY } from '../../src/domain/hold.js';
import type { Need, StoredNeed } from '../../src/domain/need.js';
import type { Fact, Park, ParkInventory } from '../../src/domain/park.js';
import type { Provenance } from '../../src/domain/provenance.js';
import type { CoverageView } from '../../src/usecases/coverage.js';
import type { FeedbackView } from '../../src/usecases/feedback.js';
import type { MatchView, PublicUseCases, UseCases, WhatIfView } from '../../src/usecases/use-cases.js';
import { makeMatching } from '../support/conformance/records.js';
import { plainAccounts } from './fake-accounts.js';
import { noLeads } from './fake-leads.js';
import { noRematching } from './rematch-fakes.js';
import { noWebhooks } from './webhook-fakes.js';

export const TODAY = '2026-03-01';
export const NEED_ID = 'need_abcdefghijklmnopqrstuvwx';
export const PARK_ID = '330802-01';

const sample: Provenance = { source: 'generator', basis: 'sample', asOf: '2025-12-31' };

function fact(value: number | null): Fact {
  return { value, basis: 'sample', asOf: '2025-12-31' };
}

export function inventory(factorValue: number | null = 10): ParkInventory {
  return {
    parcels: [{ id: 'p1', areaMu: 120, availableFrom: '2026-01-01' }],
    factors: Object.fromEntries(FACTORS.map((factor) => [factor, fact(factorValue)])) as Record<Factor, Fact>,
    landPriceWanPerMu: fact(20),
    workshopRentYuanPerM2Month: fact(12),
    wageYuanPerMonth: fact(6_000),
    labourAvailable: fact(3_000),
    landStandard: {
      investPerMuWan: fact(300),
      taxPerMuWan: fact(15),
      energyPerValueAddedTce: fact(0.5),
      plotRatio: fact(1.2),
    },
    provenance: sample,
  };
}

export function park(version = 1): Park {
  return {
    id: PARK_ID,
    name: '柯城示例园区',
    countyAdcode: '330802',
    level: 'provincial',
    planKm2: null,
    provenance: { source: 'public list', basis: 'public', asOf: '2024-01-01' },
    inventory: inventory(),
    version,
    capacity: EMPTY_CAPACITY,
  };
}

/** The smallest body that is a need. */
export function minimalNeed(): Record<string, unknown> & Need {
  return {
    firm: { name: '义乌甲乙丙科技有限公司', countyAdcode: '330782' },
    title: '扩产项目',
    description: '需要用地和用电。',
    gbt: '3985',
    land: { minMu: 50 },
    investWan: 20_000,
  };
}

export function stored(need: Need, version = 1): StoredNeed {
  const at = '2026-03-01T08:00:00.000Z';
  const history = Array.from({ length: version }, (_, index) => ({ version: index + 1, need, at }));
  return {
    id: NEED_ID,
    version,
    need,
    history,
    createdAt: at,
    updatedAt: at,
    matching: makeMatching(),
    firstBodyDigest: null,
  };
}

/** What the use cases were asked for, in order. */
export interface Asked {
  readonly name: keyof UseCases;
  readonly args: readonly unknown[];
}

const EMPTY_MATCHES: Extract<MatchView, { status: 'ready' }> = {
  needId: NEED_ID,
  version: 1,
  status: 'ready',
  profile: 'balanced@1',
  snapshot: 's1',
  generatedAt: '2026-03-01T08:00:01.000Z',
  placement: { links: [] },
  rankedTotal: 0,
  ranked: [],
  excludedTotal: 0,
  excluded: [],
  robustness: {
    seed: 1,
    samples: 10_000,
    staleAfterDays: 365,
    label: null,
    first: null,
    parks: [],
    pivotal: [],
    stability: [],
  },
};

const { status: _, ...EMPTY_RESULT } = EMPTY_MATCHES;
const WHAT_IF: WhatIfView = {
  stored: { resultId: null, version: 1, snapshot: 's1' },
  result: { ...EMPTY_RESULT, status: 'ready' },
  difference: {
    first: { from: null, to: null },
    label: { from: null, to: null },
    ranks: [],
    entered: [],
    left: [],
    criteria: [],
  },
};

const SCANNED = { scanned: 0, unsettled: 0, truncated: false, nextCursor: null };

const EMPTY_COVERAGE: CoverageView = {
  chain: { id: 'c1', name: '链' },
  county: { adcode: '330802', name: '柯城区' },
  present: [],
  missing: [],
  wanted: [],
  ...SCANNED,
};

const EMPTY_FEEDBACK: FeedbackView = {
  county: { adcode: '330802', name: '柯城区' },
  totals: { needs: 0, ranked: 0, rankedFirst: 0, excludedEverywhere: 0, unclear: 0 },
  factors: [],
  ...SCANNED,
};

/** Use cases that remember what they were asked and answer plainly; `over` replaces some of them. */
export function fakeUseCases(over: Partial<UseCases> = {}): { readonly useCases: UseCases; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const plain: UseCases = {
    ...plainAccounts,
    ...noLeads,
    ...noWebhooks,
    ...noRematching,
    submitNeed: async (need) => ({ stored: stored(need), replayed: false }),
    reviseNeed: async (_id, version, need) => stored(need, version + 1),
    getNeed: async () => stored(minimalNeed(), 3),
    listNeeds: async () => ({ items: [stored(minimalNeed())], nextCursor: 'abc' }),
    readMatches: async () => EMPTY_MATCHES,
    readMatchesJson: async (...args) => new TextEncoder().encode(JSON.stringify(await merged.readMatches(...args))),
    whatIf: async () => WHAT_IF,
    listParks: async () => ({ items: [park()], nextCursor: null }),
    getPark: async () => park(),
    updateInventory: async (_id, version, next) => ({ ...park(version + 1), inventory: next }),
    listCounties: async () => ({ items: [], nextCursor: null }),
    listChains: async () => ({ items: [], nextCursor: null }),
    readCoverage: async () => EMPTY_COVERAGE,
    readFeedback: async () => EMPTY_FEEDBACK,
    searchIndustries: async () => [],
    listFailedJobs: async () => ({ total: 0, items: [] }),
  };
  const merged: UseCases = { ...plain, ...over };
  const useCases = new Proxy(merged, {
    get(target, name: keyof UseCases) {
      const method: unknown = target[name];
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        asked.push({ name, args });
        return method.apply(target, args);
      };
    },
  });
  return { useCases, asked };
}

/** Everything is ready. */
export const plainPublic: PublicUseCases = {
  readiness: async () => ({ ready: true, checks: { mongo: true, redis: true, workers: true } }),
};

/** A use case that fails with a code. */
export function failing(...args: ConstructorParameters<typeof AppError>): () => Promise<never> {
  return async () => {
    throw new AppError(...args);
  };
}
