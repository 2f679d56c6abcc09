import type { AuditEntry } from '../domain/change.js';
import type { Hold, WaitEntry } from '../domain/hold.js';
import type { Lead } from '../domain/lead.js';
import type { Provenance } from '../domain/provenance.js';
import type { Scheme } from '../domain/scheme.js';
import type { CapacityView, FunnelView, LeadView, PlanView, ReportView } from '../usecases/lead-use-cases.js';

/** Made-up records; the tests of HTTP answer with them, and hold each example against its schema. */
export const EXAMPLE_LEAD: Lead = {
  id: 'lead_0123456789abcdefghijklmn',
  needId: 'need_0123456789abcdefghijklmn',
  needVersion: 1,
  sourceAdcode: '330782',
  hostAdcode: '331102',
  parkId: '331102-01',
  scheme: 'zj-pairing@1',
  reportId: 'report_0123456789abcdefghijklmn',
  gbt: '3985',
  chainId: 'semiconductor',
  investWan: 128_000,
  stage: 'pushed',
  disclosedAt: null,
  transferAgreedAt: null,
  claim: null,
  history: [
    {
      at: '2030-01-02T03:04:05.678Z',
      by: 'user_0123456789abcdefghijklmn',
      party: 'source',
      move: 'push',
      from: 'registered',
      to: 'pushed',
      hostAdcode: '331102',
      parkId: '331102-01',
      reason: null,
      note: '一期先用 50 亩，望尽快研判。',
    },
  ],
  clocks: [
    {
      kind: 'response',
      startedAt: '2030-01-02T03:04:05.678Z',
      dueAt: '2030-01-03T16:00:00.000Z',
      dueToldAt: null,
      overdueToldAt: null,
    },
  ],
  waitsFor: { party: 'host', adcode: '331102', dueAt: '2030-01-03T16:00:00.000Z' },
  nextClockAt: '2030-01-03T01:00:00.000Z',
  createdAt: '2030-01-02T03:04:05.678Z',
  updatedAt: '2030-01-02T03:04:05.678Z',
  version: 2,
};

export const EXAMPLE_LEAD_VIEW: LeadView = {
  lead: EXAMPLE_LEAD,
  blind: true,
  profile: {
    gbt: '3985',
    chain: { links: ['semi-wafer'], stage: 'upstream' },
    land: { minMu: 100, idealMu: 120 },
    energyTce: 8_000,
    powerKva: 20_000,
    emissions: { codT: 6 },
    investWan: 128_000,
    taxWan: 10_000,
    workers: 300,
  },
  firm: null,
  title: null,
  description: null,
  overdue: false,
  moves: [
    { move: 'accept', refusals: [] },
    { move: 'decline', refusals: [] },
  ],
};

export const EXAMPLE_REPORT: ReportView = {
  id: EXAMPLE_LEAD.reportId,
  needId: EXAMPLE_LEAD.needId,
  sourceAdcode: '330782',
  standing: 'candidate',
  reportedAt: '2030-01-02T03:04:05.678Z',
  protectedUntil: '2030-07-01T16:00:00.000Z',
  candidates: [
    {
      reportId: 'report_zyxwvutsrqponmlkjihgfedc',
      sourceAdcode: '330483',
      reportedAt: '2029-12-20T01:00:00.000Z',
      sameTime: false,
      reasons: [
        { kind: 'firmName', likeness: 0.93 },
        { kind: 'project', likeness: 0.71 },
      ],
    },
  ],
  decision: null,
  version: 1,
};

export const EXAMPLE_HOLD: Hold = {
  id: 'hold_0123456789abcdefghijklmn',
  leadId: EXAMPLE_LEAD.id,
  kind: 'soft',
  amounts: { parcels: [{ parcelId: 'A-01', mu: 100 }], factors: { energyTce: 8_000, codT: 6 } },
  placedAt: '2030-01-10T02:00:00.000Z',
  until: '2030-02-09T16:00:00.000Z',
  expiringToldAt: null,
  extensions: [],
};

export const EXAMPLE_WAIT: WaitEntry = {
  holdId: 'hold_zyxwvutsrqponmlkjihgfedc',
  leadId: EXAMPLE_LEAD.id,
  amounts: { parcels: [], factors: { energyTce: 8_000 } },
  askedAt: '2030-01-11T02:00:00.000Z',
};

export const EXAMPLE_CAPACITY: CapacityView = {
  parkId: '331102-01',
  version: 3,
  capacityVersion: 1,
  parcels: [{ parcelId: 'A-01', areaMu: 140, heldMu: 100, freeMu: 40 }],
  factors: [
    { factor: 'energyTce', stock: 12_000, held: 8_000, free: 4_000, unit: 'tce/a' },
    { factor: 'codT', stock: null, held: 6, free: null, unit: 't/a' },
  ],
  holds: [EXAMPLE_HOLD],
  waiting: [{ ...EXAMPLE_WAIT, leadId: null }],
};

export const EXAMPLE_PLAN: PlanView = {
  view: EXAMPLE_LEAD_VIEW,
  scheme: { id: 'zj-pairing', version: 1, title: '山海协作线索流转规则' },
  match: {
    rank: 1,
    score: 62.5,
    status: 'eligible',
    contributions: [{ criterion: 'chainFit', utility: 0.625, weight: 1, points: 62.5 }],
    chainFit: { strengthen: 0.4, complete: 0.3, extend: 0.2, links: [] },
  },
  openGates: [
    {
      gate: 'energyTce',
      outcome: 'unknown',
      required: 8_000,
      available: null,
      unit: 'tce/a',
      shortfall: null,
      ref: null,
      basis: 'unverified',
      asOf: '2030-01-01',
      fixes: [{ kind: 'confirmFact', amount: null, unit: null, costWan: null, date: null, ref: 'energyTce' }],
    },
  ],
  policies: [
    {
      id: 'interest-subsidy',
      title: '技改贷款贴息',
      instrument: 'interestSubsidy',
      amountText: null,
      maxWanPerYear: 500,
      conditions: '承诺两年内投产',
      source: '示例文件',
      basis: 'sample',
    },
  ],
  hold: EXAMPLE_HOLD,
  waiting: null,
  people: [{ party: 'host', displayNames: ['莲都招商一科'] }],
  share: {
    outputWan: { total: 150_000, source: 75_000, host: 75_000 },
    taxWan: { total: 10_000, source: 5_000, host: 5_000 },
    landIndicatorMu: { total: 100, source: 50, host: 50 },
    basis: [{ what: 'output', source: '示例协议' }],
  },
  nextStep: { party: 'host', adcode: '331102', moves: ['accept'], dueAt: '2030-01-03T16:00:00.000Z' },
};

const total = {
  pushed: 50,
  accepted: 20,
  signed: 6,
  landed: 4,
  ended: 10,
  acceptedRate: 0.4,
  signedRate: 0.12,
  landedRate: 0.08,
  medianDaysToAccept: 2,
  medianDaysToSign: 45.5,
  medianDaysToLand: null,
};

export const EXAMPLE_FUNNEL: FunnelView = {
  by: 'pair',
  from: '2029-01-03',
  to: '2030-01-02',
  rows: [{ key: '330782-331102', label: '义乌市 → 莲都区', ...total }],
  total: { key: 'total', label: '合计', ...total },
  baseline: { pushed: 50, landed: 4, landedRate: 0.08, source: '示例基线' },
  counted: 50,
  truncated: false,
};

const provenance: Provenance = { source: '示例协议第三条', basis: 'sample', asOf: '2024-03-09' };
const half = { value: { source: 0.5, host: 0.5 }, provenance };

export const EXAMPLE_SCHEME: Scheme = {
  id: 'zj-pairing',
  version: 1,
  title: '山海协作线索流转规则',
  from: '2030-01-01',
  rules: {
    responseWorkingDays: { value: 1, provenance },
    assessmentWorkingDays: { value: 3, provenance },
    feedbackDays: { value: 7, provenance },
    progressDays: { value: 14, provenance },
    protectionDays: { value: 180, provenance },
    countsExpansionsOfLanded: { value: false, provenance },
    minInvestWan: { value: 1_000, provenance },
    openPushesAtMost: { value: 3, provenance },
    sameTimeHours: { value: 24, provenance },
    tieRule: { value: 'earlierRecord', provenance },
    softHoldDays: { value: 30, provenance },
    firmHoldDays: { value: 180, provenance },
    holdExtensionsAtMost: { value: 2, provenance },
    outputShare: half,
    taxShare: half,
    landIndicatorShare: half,
  },
  publishedAt: '2029-12-31T01:00:00.000Z',
  publishedBy: 'system',
};

export const EXAMPLE_AUDIT: AuditEntry = {
  chain: '330782',
  position: 7,
  previousHash: '5f'.repeat(32),
  hash: 'c0'.repeat(32),
  change: {
    id: `${EXAMPLE_LEAD.id}.2`,
    at: '2030-01-02T03:04:05.678Z',
    actor: { kind: 'user', id: 'user_0123456789abcdefghijklmn', role: 'sourceStaff', countyAdcode: '330782' },
    requestId: '0b6f3c0a-request',
    type: 'lead.pushed',
    object: { kind: 'lead', id: EXAMPLE_LEAD.id, version: 2 },
    chains: ['330782', '331102'],
    before: { stage: 'registered' },
    after: { stage: 'pushed' },
    scheme: 'zj-pairing@1',
  },
};
