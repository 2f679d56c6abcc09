import type { Policy, QuotaPrice } from '../../src/domain/policy.js';
import type { Provenance } from '../../src/domain/provenance.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { compileFrame } from '../../src/matching/frame.js';
import { compileSnapshot } from '../../src/matching/snapshot.js';
import { seeded, syntheticNeeds, syntheticParks, syntheticReference, syntheticText, TODAY } from './synthetic.js';

const POLICIES = 60;
const provenance: Provenance = { source: 'synthetic', basis: 'public', asOf: TODAY };
const TRADED = ['energyTce', 'codT', 'nh3nT', 'so2T', 'noxT', 'vocT'] as const;

/** As many policies as the seeds have, each for a quarter of the counties, half of them for one chain. */
function policies({ counties, chains }: ReferenceData): Policy[] {
  return Array.from({ length: POLICIES }, (_, index) => ({
    id: `policy${index}`,
    title: `政策${index}`,
    adcodes: counties.filter((_county, row) => (row + index) % 4 === 0).map(({ adcode }) => adcode),
    scope: [],
    instrument: '补助',
    amountText: null,
    maxWanPerYear: null,
    eligibility: null,
    beneficiary: index % 3 === 0 ? null : '企业',
    chainIds: index % 2 === 0 ? [] : [chains[index % chains.length]?.id ?? ''],
    provenance,
  }));
}

function quotaPrices(): QuotaPrice[] {
  return TRADED.map((quota, index) => ({ quota, priceWan: 0.3 + index, from: '2025-01-01', provenance }));
}

/** A province as large as the service is for: the same on every call, so that every thread can make its own. */
export function syntheticProvince(parkCount: number, needCount: number) {
  const bare = syntheticReference(1);
  const reference: ReferenceData = { ...bare, policies: policies(bare), quotaPrices: quotaPrices() };
  const parks = syntheticParks(reference, parkCount, 2);
  const frame = compileFrame(reference, parks, TODAY);
  const random = seeded(3);
  const needs = syntheticNeeds(reference, needCount, 4).map((need) => ({
    need,
    text: syntheticText(frame.graph.links.length, frame.counties.length, random),
  }));
  return { snapshot: compileSnapshot(frame, parks, 'bench'), needs };
}
