import type { Caller } from '../domain/access.js';
import type { Chain, Link, LinkPresence, Stage } from '../domain/chain.js';
import type { Adcode, County } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import type { MatchResult } from '../domain/match.js';
import type { StoredNeed } from '../domain/need.js';
import type { Basis, IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';
import type { ReferenceCache } from './reference-cache.js';
import { type ScanDeps, type ScanEnd, scanResults } from './scan-results.js';
import { seesNeed } from './visible-need.js';

/** The least share of its placement a need must have on a link to be said to fill it. */
const FILLS_SHARE = 0.2;
/** Needs named for one link; `needsTotal` tells how many there are among those looked at, of whichever county. */
const NEEDS_SHOWN = 20;

/** An open need that is the caller's to see: nothing of the firm. */
export interface OpenNeed {
  readonly id: string;
  readonly gbt: string;
  /** Share of its placement on the link it is listed under. */
  readonly share: number;
  /** Its whole placement. */
  readonly links: readonly { readonly linkId: string; readonly share: number }[];
}

interface CoveredLink {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage;
  readonly wanted: boolean;
  readonly needsTotal: number;
  /** Largest share first, then by id. */
  readonly needs: readonly OpenNeed[];
}

/** A link the county or one of its parks has. */
export interface PresentLink extends CoveredLink {
  /** In [0, 1], the strongest record of the county and its parks. */
  readonly strength: number;
  readonly anchors: readonly string[];
  /** Parks with records of their own. */
  readonly parkIds: readonly string[];
  readonly basis: Basis;
  readonly asOf: IsoDate;
}

/** A supplier or customer of a missing link, of this or another chain. */
export interface LinkNeighbour {
  readonly id: string;
  readonly name: string;
  readonly chainId: string;
  readonly role: 'supplier' | 'customer';
  readonly present: boolean;
  readonly strength: number;
}

/** A link the county has not got. */
export interface MissingLink extends CoveredLink {
  readonly neighbours: readonly LinkNeighbour[];
  readonly neighboursPresent: number;
}

/** 产业链全景图 of one chain in one county. */
export interface CoverageView extends ScanEnd {
  readonly chain: { readonly id: string; readonly name: string };
  readonly county: { readonly adcode: Adcode; readonly name: string };
  /** Strongest first. */
  readonly present: readonly PresentLink[];
  /** Wanted ones first, then those with most neighbours there. */
  readonly missing: readonly MissingLink[];
  /** Ids of the links the county names as wanted, present or missing. */
  readonly wanted: readonly string[];
}

/** What is recorded of one link in one county, its parks included. */
interface Presence {
  readonly strength: number;
  readonly wanted: boolean;
  readonly anchors: readonly string[];
  readonly parkIds: readonly string[];
  readonly basis: Basis;
  readonly asOf: IsoDate;
}

function presencesIn(data: ReferenceData, adcode: Adcode): ReadonlyMap<string, Presence> {
  const byLink = new Map<string, LinkPresence[]>();
  for (const presence of data.presences) {
    if (presence.countyAdcode !== adcode) continue;
    byLink.set(presence.linkId, [...(byLink.get(presence.linkId) ?? []), presence]);
  }
  return new Map(
    [...byLink].flatMap(([linkId, records]) => {
      const [strongest] = [...records].sort((a, b) => b.strength - a.strength);
      if (strongest === undefined) return [];
      const presence: Presence = {
        strength: strongest.strength,
        wanted: records.some(({ wanted }) => wanted),
        anchors: [...new Set(records.flatMap(({ anchors }) => anchors.map(({ name }) => name)))],
        parkIds: [...new Set(records.flatMap(({ parkId }) => (parkId === null ? [] : [parkId])))].sort(),
        basis: strongest.provenance.basis,
        asOf: strongest.provenance.asOf,
      };
      return [[linkId, presence] as const];
    }),
  );
}

function neighboursOf(data: ReferenceData, link: Link, there: ReadonlyMap<string, Presence>): LinkNeighbour[] {
  const feeds = new Set(link.feeds);
  return data.chains.flatMap((chain) =>
    chain.links.flatMap((other) => {
      if (other.id === link.id) return [];
      const strength = there.get(other.id)?.strength ?? 0;
      const neighbour = (role: LinkNeighbour['role']): LinkNeighbour => ({
        id: other.id,
        name: other.name,
        chainId: chain.id,
        role,
        present: strength > 0,
        strength,
      });
      return [
        ...(other.feeds.includes(link.id) ? [neighbour('supplier')] : []),
        ...(feeds.has(other.id) ? [neighbour('customer')] : []),
      ];
    }),
  );
}

/** True if the firm refuses the county, or a ban that can be trusted refuses the firm. */
function refuses(data: ReferenceData, county: County, need: StoredNeed['need']): boolean {
  const banned = data.accessRules.some(
    (rule) =>
      rule.level === 'ban' &&
      rule.provenance.basis !== 'unverified' &&
      rule.adcodes.includes(county.adcode) &&
      rule.gbtPrefixes.some((prefix) => need.gbt.startsWith(prefix)),
  );
  return banned || (need.exclude?.counties.includes(county.adcode) ?? false);
}

/** Collects, link by link, the needs that would fill it. */
function collector(data: ReferenceData, chain: Chain, county: County, caller: Caller) {
  const totals = new Map<string, number>();
  const needs = new Map<string, OpenNeed[]>(chain.links.map(({ id }) => [id, []]));
  return {
    look(result: MatchResult, stored: StoredNeed): void {
      const links = result.placement.links.map(({ linkId, share }) => ({ linkId, share }));
      const fills = links.filter(({ linkId, share }) => share >= FILLS_SHARE && needs.has(linkId));
      if (fills.length === 0 || refuses(data, county, stored.need)) return;
      const seen = seesNeed(caller, stored);
      for (const { linkId, share } of fills) {
        totals.set(linkId, (totals.get(linkId) ?? 0) + 1);
        if (seen) needs.get(linkId)?.push({ id: stored.id, gbt: stored.need.gbt, share, links });
      }
    },
    of(linkId: string): Pick<CoveredLink, 'needsTotal' | 'needs'> {
      const found = needs.get(linkId) ?? [];
      const ordered = [...found].sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
      return { needsTotal: totals.get(linkId) ?? 0, needs: ordered.slice(0, NEEDS_SHOWN) };
    },
  };
}

export interface CoverageDeps extends ScanDeps {
  readonly references: ReferenceCache;
}

/** See `UseCases.readCoverage`. */
export async function readCoverage(
  deps: CoverageDeps,
  caller: Caller,
  chainId: string,
  countyAdcode: Adcode,
  cursor: string | null,
  limit: number,
): Promise<CoverageView> {
  const { data } = await deps.references.current();
  const chain = data.chains.find(({ id }) => id === chainId);
  if (chain === undefined) throw new AppError('notFound', { params: { what: 'chain' } });
  const county = data.counties.find(({ adcode }) => adcode === countyAdcode);
  if (county === undefined) {
    throw new AppError('invalidInput', { issues: [{ field: 'county', code: 'unknownCounty', value: countyAdcode }] });
  }
  const collected = collector(data, chain, county, caller);
  const scan = await scanResults(deps, cursor, limit, collected.look);
  const there = presencesIn(data, county.adcode);
  const present: PresentLink[] = [];
  const missing: MissingLink[] = [];
  for (const link of chain.links) {
    const presence = there.get(link.id);
    const { id, name, stage } = link;
    const covered = { id, name, stage, wanted: presence?.wanted ?? false, ...collected.of(id) };
    if (presence !== undefined && presence.strength > 0) {
      present.push({ ...covered, ...presence });
    } else {
      const neighbours = neighboursOf(data, link, there);
      missing.push({ ...covered, neighbours, neighboursPresent: neighbours.filter((other) => other.present).length });
    }
  }
  return {
    chain: { id: chain.id, name: chain.name },
    county: { adcode: county.adcode, name: county.name },
    present: present.sort((a, b) => b.strength - a.strength),
    missing: missing.sort((a, b) => Number(b.wanted) - Number(a.wanted) || b.neighboursPresent - a.neighboursPresent),
    wanted: chain.links.filter(({ id }) => there.get(id)?.wanted === true).map(({ id }) => id),
    ...scan,
  };
}
