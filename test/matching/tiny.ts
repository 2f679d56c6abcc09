import type { Chain, Industry, Link, LinkPresence } from '../../src/domain/chain.js';
import type { County } from '../../src/domain/county.js';
import { FACTORS, type Factor } from '../../src/domain/factors.js';
import { EMPTY_CAPACITY } from '../../src/domain/hold.js';
import { CRITERIA, type Criterion, type Gate, type GateReport, type MatchResult } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Fact, LandStandard, Park, ParkInventory } from '../../src/domain/park.js';
import type { Basis, Provenance } from '../../src/domain/provenance.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { compileFrame } from '../../src/matching/frame.js';
import { matchNeed } from '../../src/matching/match.js';
import { compileSnapshot, type Snapshot } from '../../src/matching/snapshot.js';

/** A province small enough to work out every answer by hand. */
export const DAY = '2026-01-01';
export const ORIGIN = '330782';
export const HOST = '331101';
export const OTHER_HOST = '331102';

export function trusted(basis: Basis = 'public', source = 'test'): Provenance {
  return { source, basis, asOf: '2025-12-01' };
}

export function known(value: number | null, basis: Basis = 'sample'): Fact {
  return { value, basis, asOf: '2025-11-01' };
}

export function tinyCounty(adcode: string, lat = 29): County {
  return {
    adcode,
    name: `县${adcode}`,
    prefecture: '示例市',
    lon: 120,
    lat,
    statuses: [],
    developmentClass: null,
    keyEcologicalZone: false,
    leadingIndustries: [],
    endowments: [],
    constraints: [],
    landFloorPriceWanPerMu: null,
    provenance: trusted(),
  };
}

export function tinyLink(id: string, gbt: readonly string[], feeds: readonly string[] = [], more: Partial<Link> = {}) {
  return { id, name: id, stage: 'midstream', gbt, feeds, keywords: [], ...more } satisfies Link;
}

export function tinyChain(id: string, links: readonly Link[]): Chain {
  return { id, name: id, links, provenance: trusted() };
}

export function tinyIndustry(code: string): Industry {
  const level = code.length === 4 ? 4 : code.length === 3 ? 3 : 2;
  const parent = code.slice(0, -1);
  return { code, name: code, level, parent, gbt2011: [], keywords: [], provenance: trusted() };
}

export function presence(linkId: string, strength: number, more: Partial<LinkPresence> = {}): LinkPresence {
  const plain = { countyAdcode: HOST, parkId: null, anchors: [], wanted: false, provenance: trusted() };
  return { ...plain, linkId, strength, ...more };
}

export function tinyReference(change: Partial<ReferenceData> = {}): ReferenceData {
  return {
    counties: [tinyCounty(ORIGIN), tinyCounty(HOST), tinyCounty(OTHER_HOST)],
    pairings: [],
    chains: [],
    industries: [tinyIndustry('3985'), tinyIndustry('2912')],
    presences: [],
    accessRules: [],
    policies: [],
    quotaPrices: [],
    standards: [],
    profiles: [
      {
        id: 'tiny',
        version: 2,
        weights: Object.fromEntries(CRITERIA.map((criterion) => [criterion, 1])) as Record<Criterion, number>,
      },
    ],
    ...change,
  };
}

type InventoryChange = Partial<Omit<ParkInventory, 'factors' | 'landStandard'>> & {
  readonly factors?: Partial<Record<Factor, Fact>>;
  readonly landStandard?: Partial<LandStandard>;
};

/** A park with one parcel of 100 mu, no quota of anything and no thresholds; `change` says the rest. */
export function tinyPark(id: string, change: InventoryChange = {}, countyAdcode = HOST): Park {
  const { factors, landStandard, ...rest } = change;
  const nothing = Object.fromEntries(FACTORS.map((factor) => [factor, known(0)])) as Record<Factor, Fact>;
  return {
    id,
    name: `园区${id}`,
    countyAdcode,
    level: 'county',
    planKm2: null,
    provenance: trusted(),
    version: 1,
    capacity: EMPTY_CAPACITY,
    inventory: {
      parcels: [{ id: 'a', areaMu: 100, availableFrom: DAY }],
      factors: { ...nothing, ...factors },
      landPriceWanPerMu: known(20),
      workshopRentYuanPerM2Month: known(10),
      wageYuanPerMonth: known(6_000),
      labourAvailable: known(1_000),
      landStandard: {
        investPerMuWan: known(0),
        taxPerMuWan: known(0),
        energyPerValueAddedTce: known(10),
        plotRatio: known(0),
        ...landStandard,
      },
      provenance: { source: 'test', basis: 'sample', asOf: '2025-10-01' },
      ...rest,
    },
  };
}

/** A need that asks for nothing; `change` says the rest. */
export function tinyNeed(change: Partial<Need> = {}): Need {
  return {
    firm: { name: '不可外传有限公司', creditCode: '91330782MA2EXAMPLE', countyAdcode: ORIGIN },
    title: '不可外传的标题',
    description: '不可外传的说明',
    gbt: '3985',
    land: { minMu: 0 },
    investWan: 0,
    ...change,
  };
}

export function tinySnapshot(parks: readonly Park[], reference = tinyReference()): Snapshot {
  return compileSnapshot(compileFrame(reference, parks, DAY), parks, 'tiny');
}

/** Matches without likeness of words unless `text` gives some, by link id or county adcode. */
export function matchTiny(
  parks: readonly Park[],
  need: Need,
  reference = tinyReference(),
  text: Readonly<Record<string, number>> = {},
): MatchResult {
  const snapshot = tinySnapshot(parks, reference);
  const { graph, counties } = snapshot.frame;
  return matchNeed(
    snapshot,
    need,
    {
      links: Float64Array.from(graph.links, ({ id }) => text[id] ?? 0),
      counties: Float64Array.from(counties, ({ adcode }) => text[adcode] ?? 0),
    },
    { needId: 'need_tiny', version: 1, generatedAt: '2026-01-01T00:00:00.000Z' },
  );
}

/** What a gate answered for a park, with where the park stands in the answer. */
export function gateOf(
  result: MatchResult,
  gate: Gate,
  parkId = 'p1',
): { readonly standing: 'eligible' | 'conditional' | 'excluded'; readonly report: GateReport | undefined } {
  const ranked = result.ranked.find(({ park }) => park.id === parkId);
  if (ranked !== undefined) return { standing: ranked.status, report: ranked.gates.find((one) => one.gate === gate) };
  const excluded = result.excluded.find(({ park }) => park.id === parkId);
  if (excluded === undefined) throw new Error(`park ${parkId} is nowhere in the result`);
  return { standing: 'excluded', report: excluded.gates.find((one) => one.gate === gate) };
}
