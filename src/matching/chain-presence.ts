import type { LinkPresence } from '../domain/chain.js';
import type { Park } from '../domain/park.js';
import type { Basis } from '../domain/provenance.js';
import type { ChainGraph } from './chain-graph.js';

/** A park shares its county's links, a little weaker than links documented for the park itself. */
const COUNTY_SHARE = 0.9;
/** A supplier or customer next door fills this much of the neighbourhood that 补链 asks for. */
const NEIGHBOUR_FILL = 0.7;
/** A gap the county does not name as wanted counts this much of a wanted one. */
const UNWANTED_GAP = 0.6;
/** An anchor firm (链主) makes a neighbouring link count more for 延链. */
const ANCHOR_BOOST = 1.25;
/** How much each part can bring to the utility; the parts combine as independent chances (noisy or). */
const PART_WEIGHT = { strengthen: 0.8, complete: 0.5, extend: 0.4 } as const;

/** What stands behind a park's presence on a link, for explanations. */
export interface PresenceFact {
  readonly wanted: boolean;
  readonly anchors: readonly string[];
  readonly basis: Basis;
}

/** The three parts of chain fit, each in [0, 1], as one utility. */
export function chainUtility(strengthen: number, complete: number, extend: number): number {
  return (
    1 -
    (1 - PART_WEIGHT.strengthen * strengthen) *
      (1 - PART_WEIGHT.complete * complete) *
      (1 - PART_WEIGHT.extend * extend)
  );
}

/**
 * Presence and fit of every link in every park, column by link: entry `[link][park]`, all in [0, 1].
 * `utility = 1 - (1 - 0.8 S)(1 - 0.5 C)(1 - 0.4 E)`.
 */
export interface ChainColumns {
  /** How strong the link is there; this is 强链 too. */
  readonly strength: readonly Float64Array[];
  readonly complete: readonly Float64Array[];
  readonly extend: readonly Float64Array[];
  readonly utility: readonly Float64Array[];
  /** By `link * parks + park`; absent where nothing is known. */
  readonly facts: ReadonlyMap<number, PresenceFact>;
  /** The links present in each park, ascending, by the park's row. */
  readonly present: readonly Int32Array[];
}

function columns(links: number, parks: number): Float64Array[] {
  return Array.from({ length: links }, () => new Float64Array(parks));
}

function entry(column: Float64Array | undefined, row: number): number {
  return column?.[row] ?? 0;
}

/** Presence of each link in each park: the park's own record, or its county's at COUNTY_SHARE. */
function presenceOf(graph: ChainGraph, parks: readonly Park[], presences: readonly LinkPresence[]) {
  const strength = columns(graph.links.length, parks.length);
  const facts = new Map<number, PresenceFact>();
  const byPlace = new Map<string, LinkPresence[]>();
  for (const presence of presences) {
    const place = presence.parkId ?? presence.countyAdcode;
    byPlace.set(place, [...(byPlace.get(place) ?? []), presence]);
  }
  parks.forEach((park, row) => {
    const own = byPlace.get(park.id) ?? [];
    const shared = byPlace.get(park.countyAdcode) ?? [];
    for (const [records, share] of [
      [shared, COUNTY_SHARE],
      [own, 1],
    ] as const) {
      for (const presence of records) {
        const link = graph.rowOf.get(presence.linkId);
        const column = link === undefined ? undefined : strength[link];
        if (link === undefined || column === undefined) continue;
        column[row] = Math.max(entry(column, row), presence.strength * share);
        const key = link * parks.length + row;
        const known = facts.get(key);
        facts.set(key, {
          wanted: presence.wanted || (known?.wanted ?? false),
          anchors: [...new Set([...(known?.anchors ?? []), ...presence.anchors.map((anchor) => anchor.name)])],
          basis: presence.provenance.basis,
        });
      }
    }
  });
  return { strength, facts };
}

/**
 * Compiles 强链, 补链 and 延链 for every link and park.
 * - strengthen: the strength of the same link.
 * - complete: the gap (1 - strength) times how much of its direct suppliers and customers are there (noisy or), in
 *   full where the county names the link as wanted, else at UNWANTED_GAP.
 * - extend: how strong the suppliers and customers are, weighted by personalised PageRank from the link over `feeds`
 *   edges, anchors counting more.
 */
export function compileChainColumns(
  graph: ChainGraph,
  parks: readonly Park[],
  presences: readonly LinkPresence[],
): ChainColumns {
  const { strength, facts } = presenceOf(graph, parks, presences);
  const complete = columns(graph.links.length, parks.length);
  const extend = columns(graph.links.length, parks.length);
  const utility = columns(graph.links.length, parks.length);
  graph.reach.forEach((reached, link) => {
    for (let park = 0; park < parks.length; park += 1) {
      const own = entry(strength[link], park);
      let neighbourGap = 1;
      let reach = 0;
      for (const { link: other, steps, weight } of reached) {
        const there = entry(strength[other], park);
        if (there === 0) continue;
        const anchored = (facts.get(other * parks.length + park)?.anchors.length ?? 0) > 0;
        if (steps === 1) neighbourGap *= 1 - NEIGHBOUR_FILL * there;
        reach += weight * Math.min(1, there * (anchored ? ANCHOR_BOOST : 1));
      }
      const wanted = facts.get(link * parks.length + park)?.wanted ?? false;
      const filled = (1 - own) * (1 - neighbourGap) * (wanted ? 1 : UNWANTED_GAP);
      put(complete[link], park, filled);
      put(extend[link], park, reach);
      put(utility[link], park, chainUtility(own, filled, reach));
    }
  });
  const rows = [...strength.keys()];
  const present = parks.map((_, park) => Int32Array.from(rows.filter((link) => entry(strength[link], park) > 0)));
  return { strength, complete, extend, utility, facts, present };
}

function put(column: Float64Array | undefined, row: number, value: number): void {
  if (column !== undefined) column[row] = value;
}
