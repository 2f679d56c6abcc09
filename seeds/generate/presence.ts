import type { AnchorFirm, Chain, LinkPresence } from '../../src/domain/chain.js';
import type { County } from '../../src/domain/county.js';
import type { Basis, Provenance } from '../../src/domain/provenance.js';
import type { SeedPark } from '../../src/schemas/reference-schemas.js';
import type { ChainBase, CountyCluster } from '../../src/schemas/seed-file-schemas.js';
import { codesMeet, linkShares } from './affinity.js';

/** What presence is derived from. */
export interface PresenceSources {
  readonly counties: readonly County[];
  readonly chains: readonly Chain[];
  readonly chainBases: readonly ChainBase[];
  readonly clusters: readonly CountyCluster[];
  readonly parks: readonly SeedPark[];
}

const LEADING = { sourced: 0.9, unverified: 0.75 };
const CLUSTER_LEVEL: Readonly<Record<CountyCluster['level'], typeof LEADING>> = {
  cluster: { sourced: 0.9, unverified: 0.75 },
  base: { sourced: 0.65, unverified: 0.5 },
  minor: { sourced: 0.4, unverified: 0.3 },
};
const SPECIALITY = { sourced: 0.95, unverified: 0.8 };
/** An industry a county only seeks is hardly there yet. */
const SOUGHT_ONLY = 0.2;
/** A code that meets a link of a chain the industry was not filed under. */
const OTHER_CHAIN = 0.3;
/** A chain's own list of counties, where nothing finer is known of the county: its midstream links. */
const CHAIN_BASE = 0.25;
const WEAKEST = 0.15;

function trusted(levels: typeof LEADING, basis: Basis): number {
  return basis === 'unverified' ? levels.unverified : levels.sourced;
}

class Ledger {
  private readonly entries = new Map<string, LinkPresence>();

  /** Adds what one source says; several sources combine by the largest strength. */
  claim(presence: LinkPresence): void {
    const key = `${presence.countyAdcode}|${presence.parkId ?? ''}|${presence.linkId}`;
    const known = this.entries.get(key);
    if (known === undefined) {
      this.entries.set(key, presence);
      return;
    }
    const stronger = presence.strength > known.strength ? presence : known;
    const anchors = new Map([...known.anchors, ...presence.anchors].map((anchor) => [anchor.name, anchor]));
    this.entries.set(key, { ...stronger, wanted: known.wanted || presence.wanted, anchors: [...anchors.values()] });
  }

  /** Everything claimed and strong enough to matter, by county, park and the links' own order. */
  sorted(linkOrder: ReadonlyMap<string, number>): readonly LinkPresence[] {
    const place = (presence: LinkPresence) => linkOrder.get(presence.linkId) ?? 0;
    return [...this.entries.values()]
      .filter((presence) => presence.strength >= WEAKEST || presence.wanted)
      .map((presence) => ({ ...presence, strength: Math.round(presence.strength * 100) / 100 }))
      .sort(
        (a, b) =>
          compareText(a.countyAdcode, b.countyAdcode) ||
          compareText(a.parkId ?? '', b.parkId ?? '') ||
          place(a) - place(b),
      );
  }
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** An industry by name and code, from a county's leading industries or from a cluster without links of its own. */
interface NamedIndustry {
  readonly name: string;
  readonly gbt: readonly string[];
  readonly chainIds: readonly string[];
  readonly wanted: boolean;
  readonly strength: number;
  readonly provenance: Provenance;
}

function claimIndustry(ledger: Ledger, adcode: string, industry: NamedIndustry, chains: readonly Chain[]): void {
  for (const chain of chains) {
    const named = industry.chainIds.includes(chain.id);
    for (const [linkId, share] of linkShares(industry.name, industry.gbt, chain)) {
      ledger.claim({
        countyAdcode: adcode,
        parkId: null,
        linkId,
        strength: industry.strength * share * (named ? 1 : OTHER_CHAIN),
        anchors: [],
        wanted: industry.wanted && named,
        provenance: industry.provenance,
      });
    }
  }
}

function claimCluster(ledger: Ledger, cluster: CountyCluster, chains: readonly Chain[]): void {
  const strength = trusted(CLUSTER_LEVEL[cluster.level], cluster.provenance.basis);
  if (cluster.linkIds.length === 0) {
    claimIndustry(ledger, cluster.countyAdcode, { ...cluster, strength }, chains);
    return;
  }
  const anchors: readonly AnchorFirm[] = cluster.anchors.map(({ name, source, basis }) => ({
    name,
    provenance: { source, basis, asOf: cluster.provenance.asOf },
  }));
  for (const linkId of cluster.linkIds) {
    const { countyAdcode, wanted, provenance } = cluster;
    ledger.claim({ countyAdcode, parkId: null, linkId, strength, anchors, wanted, provenance });
  }
}

/** Chains in which a county has an industry by code or by cluster: its chain base adds nothing there. */
function knownChains(county: County, clusters: readonly CountyCluster[], chain: Chain): boolean {
  const codes = chain.links.flatMap((link) => link.gbt);
  return (
    county.leadingIndustries.some(
      ({ chainIds, gbt }) =>
        chainIds.includes(chain.id) && gbt.some((code) => codes.some((own) => codesMeet(own, code))),
    ) || clusters.some((cluster) => cluster.countyAdcode === county.adcode && cluster.chainIds.includes(chain.id))
  );
}

function claimBases(ledger: Ledger, { chainBases, chains, counties, clusters }: PresenceSources): void {
  for (const base of chainBases) {
    const chain = chains.find(({ id }) => id === base.chainId);
    if (chain === undefined) continue;
    for (const county of counties) {
      if (!base.adcodes.includes(county.adcode) || knownChains(county, clusters, chain)) continue;
      for (const link of chain.links.filter(({ stage }) => stage === 'midstream')) {
        ledger.claim({
          countyAdcode: county.adcode,
          parkId: null,
          linkId: link.id,
          strength: CHAIN_BASE,
          anchors: [],
          wanted: false,
          provenance: base.provenance,
        });
      }
    }
  }
}

/**
 * Derives which links of the chains are present where, and how strongly:
 * 1. a leading industry (主导产业) through its GB/T codes and its name (`linkShares`): 0.9 where sourced, 0.75 where
 *    unverified, times the link's share; times 0.3 in chains it is not filed under; times 0.2 where it is only sought;
 * 2. a county cluster on the links it names: cluster 0.9, base 0.65, minor 0.4 (unverified 0.75, 0.5, 0.3), with its
 *    anchor firms and whether the county wants more of it;
 * 3. a chain's base county without any of those in the chain: 0.25 on its midstream links;
 * 4. a park known for a link: 0.95 (unverified 0.8) for that park alone.
 * The largest wins; below 0.15 it counts as absent. All counties take part: suppliers and customers may be anywhere.
 */
export function generatePresence(sources: PresenceSources): readonly LinkPresence[] {
  const { counties, chains, clusters, parks } = sources;
  const ledger = new Ledger();
  for (const county of counties) {
    for (const industry of county.leadingIndustries) {
      const strength = trusted(LEADING, industry.provenance.basis) * (industry.wanted ? SOUGHT_ONLY : 1);
      claimIndustry(ledger, county.adcode, { ...industry, strength }, chains);
    }
  }
  for (const cluster of clusters) claimCluster(ledger, cluster, chains);
  claimBases(ledger, sources);
  for (const park of parks) {
    for (const linkId of park.specialityLinkIds) {
      ledger.claim({
        countyAdcode: park.countyAdcode,
        parkId: park.id,
        linkId,
        strength: trusted(SPECIALITY, park.provenance.basis),
        anchors: [],
        wanted: false,
        provenance: park.provenance,
      });
    }
  }
  const order = new Map(chains.flatMap(({ links }) => links).map((link, index) => [link.id, index]));
  return ledger.sorted(order);
}
