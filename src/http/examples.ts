import type { Need } from '../domain/need.js';
import type { MatchView } from '../usecases/use-cases.js';

/** Made-up firm; a test holds every example against its schema. */
export const EXAMPLE_NEED: Need = {
  firm: { name: '义乌某半导体材料有限公司', countyAdcode: '330782' },
  title: '电子级硅材料扩产项目',
  description: '扩建硅片及外延材料生产线，分两期用地，需稳定供电和工业用水。',
  gbt: '3985',
  chain: { links: ['semi-wafer'], stage: 'upstream' },
  land: {
    minMu: 100,
    idealMu: 120,
    phases: [
      { mu: 50, by: '2040-06-30' },
      { mu: 50, by: '2041-06-30' },
    ],
  },
  energyTce: 8_000,
  powerKva: 20_000,
  waterM3PerDay: 1_500,
  emissions: { codT: 6, nh3nT: 0.6 },
  investWan: 128_000,
  fixedInvestWan: 100_000,
  outputWan: 150_000,
  valueAddedWan: 45_000,
  taxWan: 10_000,
  workers: 300,
  exclude: { counties: ['331127'] },
  weights: { chainFit: 3, pairing: 0 },
};

const ID = 'need_0123456789abcdefghijklmn';

export const EXAMPLE_STORED_NEED = {
  id: ID,
  version: 1,
  status: 'pending',
  createdAt: '2030-01-02T03:04:05.678Z',
  updatedAt: '2030-01-02T03:04:05.678Z',
  need: EXAMPLE_NEED,
  links: { self: `/api/v1/needs/${ID}`, matches: `/api/v1/needs/${ID}/matches` },
} as const;

export const EXAMPLE_INVENTORY_PATCH = {
  parcels: [{ id: 'A-01', areaMu: 86.5, availableFrom: '2030-07-01' }],
  factors: { energyTce: 12_000, waterM3PerDay: null, codT: { value: 18.2, basis: 'confirmed', asOf: '2025-06-30' } },
  landPriceWanPerMu: 18,
  source: '县经信局 2025 年二季度盘点',
} as const;

export const EXAMPLE_WHAT_IF = {
  weights: { distance: 2 },
  need: { energyTce: 6_000, neededBy: null },
  parks: [{ id: '331121-01', inventory: { factors: { energyTce: 9_000 } } }],
} as const;

export const EXAMPLE_MATCHES: MatchView = {
  needId: ID,
  version: 1,
  status: 'ready',
  profile: 'balanced@1+custom',
  snapshot: 's-20300102-1',
  generatedAt: '2030-01-02T03:04:06.000Z',
  placement: { links: [{ linkId: 'semi-wafer', share: 1, fromCode: 0.5, fromStated: 0.5, fromText: 0 }] },
  rankedTotal: 1,
  ranked: [
    {
      rank: 1,
      score: 62.5,
      status: 'eligible',
      park: { id: '330802-01', name: '示例经济开发区', county: { adcode: '330802', name: '柯城区' }, basis: 'sample' },
      contributions: [{ criterion: 'chainFit', utility: 0.625, weight: 1, points: 62.5 }],
      chainFit: {
        strengthen: 0.4,
        complete: 0.3,
        extend: 0.2,
        links: [
          {
            part: 'strengthen',
            needLink: 'semi-wafer',
            parkLink: 'semi-wafer',
            strength: 0.6,
            steps: 0,
            wanted: true,
            anchors: [],
            basis: 'reported',
          },
        ],
      },
      gates: [
        {
          gate: 'land',
          outcome: 'pass',
          required: 100,
          available: 140,
          unit: 'mu',
          shortfall: null,
          ref: null,
          basis: 'sample',
          asOf: '2030-01-01',
          fixes: [],
        },
      ],
      policies: [],
      tiedWith: [],
      dominated: null,
      rankIfConfirmed: null,
      confirmations: [],
    },
  ],
  excludedTotal: 1,
  excluded: [
    {
      park: { id: '331121-01', name: '示例工业园区', county: { adcode: '331121', name: '青田县' }, basis: 'sample' },
      gates: [
        {
          gate: 'energyTce',
          outcome: 'fail',
          required: 8_000,
          available: 6_500,
          unit: 'tce/a',
          shortfall: 1_500,
          ref: null,
          basis: 'sample',
          asOf: '2030-01-01',
          fixes: [
            { kind: 'buyEnergyRight', amount: 1_500, unit: 'tce/a', costWan: null, date: null, ref: null },
            { kind: 'cutUse', amount: 6_500, unit: 'tce/a', costWan: null, date: null, ref: null },
          ],
        },
      ],
      remedy: {
        combinations: [
          {
            closesAll: true,
            actions: [
              {
                kind: 'buyEnergyRight',
                amount: 1_500,
                unit: 'tce/a',
                costWan: null,
                date: null,
                ref: null,
                gates: ['energyTce'],
              },
            ],
            landMu: 100,
            landGivenUpMu: 0,
            landPlan: [],
            costWan: 0,
            costUnknown: true,
            readyBy: null,
            open: [{ kind: 'unpriced', gate: 'energyTce' }],
          },
        ],
      },
      ifMet: { gate: 'energyTce', score: 58.25, rank: 2, status: 'eligible' },
    },
  ],
  robustness: {
    seed: 2_166_136_261,
    samples: 10_000,
    staleAfterDays: 365,
    label: 'firm',
    first: { parkId: '330802-01', acceptability1: 1, acceptability3: 1 },
    parks: [
      {
        parkId: '330802-01',
        acceptability1: 1,
        acceptability3: 1,
        centralWeights: { chainFit: 1 },
        confidence: 1,
        scoreRange: { low: 62.5, high: 62.5 },
        rankRange: { low: 1, high: 1 },
        doubtful: [],
      },
    ],
    pivotal: [],
    stability: [{ criterion: 'chainFit', weight: 1, from: 0, to: 1 }],
  },
};
