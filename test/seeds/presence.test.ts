import { describe, expect, it } from 'vitest';
import { nameAffinity } from '../../seeds/generate/affinity.js';
import { generatePresence, type PresenceSources } from '../../seeds/generate/presence.js';
import { loadSeedData } from '../../seeds/load.js';
import type { County, LeadingIndustry } from '../../src/domain/county.js';
import type { Provenance } from '../../src/domain/provenance.js';
import type { CountyCluster } from '../../src/schemas/seed-file-schemas.js';

const { reference } = loadSeedData();
const provenance: Provenance = { source: 'a page', basis: 'public', asOf: '2024-01-01' };
const unverified: Provenance = { ...provenance, basis: 'unverified' };

function industry(over: Partial<LeadingIndustry>): LeadingIndustry {
  return { name: '汽车空调', gbt: ['3670'], chainIds: ['auto-parts'], wanted: false, provenance, ...over };
}

function home(...leadingIndustries: readonly LeadingIndustry[]): County {
  return {
    adcode: '331181',
    name: '龙泉市',
    prefecture: '丽水市',
    lon: 119,
    lat: 28,
    statuses: [],
    developmentClass: 'ecological',
    keyEcologicalZone: true,
    leadingIndustries,
    endowments: [],
    constraints: [],
    landFloorPriceWanPerMu: 8,
    provenance,
  };
}

function cluster(over: Partial<CountyCluster>): CountyCluster {
  return {
    countyAdcode: '331181',
    name: '汽车热管理',
    gbt: ['3670'],
    chainIds: ['auto-parts'],
    linkIds: ['auto-thermal'],
    level: 'base',
    wanted: false,
    anchors: [],
    provenance,
    ...over,
  };
}

function presence(sources: Partial<PresenceSources>) {
  const records = generatePresence({
    counties: [home()],
    chains: reference.chains,
    chainBases: [],
    clusters: [],
    parks: [],
    ...sources,
  });
  return new Map(records.map((record) => [`${record.parkId ?? ''}${record.linkId}`, record]));
}

describe('presence from a leading industry', () => {
  it('lands on the link its name singles out among those with its code', () => {
    const found = presence({ counties: [home(industry({}))] });
    expect(found.get('auto-thermal')?.strength).toBe(0.9);
    for (const other of ['auto-chassis', 'auto-friction', 'auto-interior']) {
      expect(found.get(other)?.strength).toBeLessThan(0.3);
    }
  });

  it('spreads alike over those with its code where the name says only what the chain says', () => {
    const found = presence({ counties: [home(industry({ name: '汽车零部件' }))] });
    expect(found.get('auto-thermal')?.strength).toBe(found.get('auto-chassis')?.strength);
    expect(found.get('auto-thermal')?.strength).toBe(0.45);
    expect(found.get('auto-bearing')?.strength).toBe(0.36);
  });

  it('counts less where unverified, in chains it was not filed under, and where it is only sought', () => {
    const strength = (over: Partial<LeadingIndustry>, link: string) =>
      presence({ counties: [home(industry(over))] }).get(link)?.strength;
    expect(strength({ provenance: unverified }, 'auto-thermal')).toBe(0.75);
    expect(strength({}, 'ss-auto')).toBe(0.27);
    expect(strength({ wanted: true }, 'auto-thermal')).toBe(0.18);
    expect(presence({ counties: [home(industry({ wanted: true }))] }).get('auto-thermal')?.wanted).toBe(true);
  });

  it('reads a name by its parts', () => {
    const chain = reference.chains.find(({ id }) => id === 'intelligent-equipment');
    const link = (id: string) => chain?.links.find((one) => one.id === id);
    const [pack, machine] = [link('ie-pack'), link('ie-machine')];
    if (chain === undefined || pack === undefined || machine === undefined) throw new Error('chain changed');
    expect(nameAffinity('智能装备(包装机械)', pack, chain)).toBe(1);
    expect(nameAffinity('智能装备(包装机械)', machine, chain)).toBe(0);
  });
});

describe('presence from clusters, bases and parks', () => {
  it('takes a cluster on its own links, with anchors and what is wanted', () => {
    const anchors = [{ name: '某上市公司', source: 'a page', basis: 'public' as const }];
    const found = presence({ clusters: [cluster({ anchors, wanted: true })] });
    expect([...found.keys()]).toEqual(['auto-thermal']);
    expect(found.get('auto-thermal')).toMatchObject({
      strength: 0.65,
      wanted: true,
      anchors: [{ name: '某上市公司' }],
    });
    expect(
      presence({ clusters: [cluster({ level: 'minor', provenance: unverified })] }).get('auto-thermal')?.strength,
    ).toBe(0.3);
  });

  it('combines several sources by the largest, keeping every wish and anchor', () => {
    const found = presence({ counties: [home(industry({}))], clusters: [cluster({ wanted: true })] });
    expect(found.get('auto-thermal')).toMatchObject({ strength: 0.9, wanted: true });
  });

  it('uses a chain base only where nothing finer is known of the chain', () => {
    const chainBases = [{ chainId: 'auto-parts', adcodes: ['331181'], provenance }];
    const found = presence({ chainBases });
    expect(new Set([...found.values()].map(({ strength }) => strength))).toEqual(new Set([0.25]));
    expect(found.has('auto-thermal')).toBe(true);
    expect(found.has('auto-steel')).toBe(false);
    expect([...presence({ chainBases, clusters: [cluster({})] }).keys()]).toEqual(['auto-thermal']);
  });

  it('gives a park known for a link a record of its own', () => {
    const park = {
      id: '331181-02',
      name: '龙泉汽车空调小镇',
      countyAdcode: '331181',
      level: 'county' as const,
      planKm2: 3.1,
      provenance,
      specialityLinkIds: ['auto-thermal'],
    };
    expect(presence({ parks: [park] }).get('331181-02auto-thermal')?.strength).toBe(0.95);
  });
});

describe('the committed presence', () => {
  it('knows 龙泉 for car air conditioning, there and in its park', () => {
    const thermal = reference.presences.filter(
      ({ linkId, countyAdcode }) => linkId === 'auto-thermal' && countyAdcode === '331181',
    );
    expect(thermal.find(({ parkId }) => parkId === null)?.strength).toBe(0.9);
    expect(thermal.find(({ parkId }) => parkId === '331181-02')?.strength).toBe(0.95);
  });

  it('covers the industrial counties as well', () => {
    const adcodes = new Set(reference.presences.map(({ countyAdcode }) => countyAdcode));
    const silent = reference.counties
      .filter(({ statuses }) => statuses.some(({ kind }) => kind !== 'sourceOther'))
      .filter(({ adcode }) => !adcodes.has(adcode));
    expect(silent).toEqual([]);
  });
});
