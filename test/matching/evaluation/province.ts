import type { County } from '../../../src/domain/county.js';
import type { CaseQuestion, PlacementCase } from '../../../src/domain/placement-case.js';
import type { ReferenceData } from '../../../src/domain/reference.js';
import type { TextNumbers } from '../../../src/matching/compile-need.js';
import type { Snapshot } from '../../../src/matching/snapshot.js';
import {
  HOST,
  ORIGIN,
  OTHER_HOST,
  presence,
  tinyChain,
  tinyCounty,
  tinyLink,
  tinyReference,
  trusted,
} from '../tiny.js';

export { HOST, ORIGIN, OTHER_HOST };
/** A mountain county no park lies in. */
export const EMPTY = '331103';

export function mountain(adcode: string, gbt: readonly string[] = [], lat = 29): County {
  return {
    ...tinyCounty(adcode, lat),
    developmentClass: 'leapfrog',
    leadingIndustries: [{ name: '主导产业', gbt, chainIds: [], wanted: false, provenance: trusted() }],
  };
}

/** One industrial county, three mountain counties, and a chain whose link 3985 is at home in OTHER_HOST. */
export function province(change: Partial<ReferenceData> = {}): ReferenceData {
  return tinyReference({
    counties: [
      tinyCounty(ORIGIN),
      mountain(HOST, ['2912'], 29.5),
      mountain(OTHER_HOST, ['3981', '3985'], 28),
      mountain(EMPTY, ['39'], 27.5),
    ],
    chains: [tinyChain('chips', [tinyLink('material', ['3985'], ['board']), tinyLink('board', ['3982'])])],
    presences: [presence('material', 0.8, { countyAdcode: OTHER_HOST })],
    ...change,
  });
}

export function question(change: Partial<CaseQuestion> = {}): CaseQuestion {
  const unsaid = { originAdcode: null, landMu: null, investWan: null, outputWan: null, taxWan: null, jobs: null };
  return { gbt: '3985', ...unsaid, ...change };
}

export function landing(id: string, truth: string, change: Partial<PlacementCase> = {}): PlacementCase {
  return { id, kind: 'inbound', description: '电子材料', question: question(), truth, ...change };
}

export function noText(snapshot: Snapshot, counties: Readonly<Record<string, number>> = {}): TextNumbers {
  return {
    links: new Float64Array(snapshot.frame.graph.links.length),
    counties: Float64Array.from(snapshot.frame.counties, ({ adcode }) => counties[adcode] ?? 0),
  };
}
