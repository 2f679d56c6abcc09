import type { Chain, Link } from '../domain/chain.js';

/** Chance that the walk of 延链 goes back to the need's link at each step. */
const RESTART = 0.5;
/** Steps after which the walk is cut off; what it would still reach has less than 2% of the weight. */
const MAX_STEPS = 6;

/** A link reached from another over `feeds` edges in either direction. */
export interface Reach {
  readonly link: number;
  /** Least number of edges between the two. */
  readonly steps: number;
  /** Share of the walk's weight, in (0, 1]; the weights of all links reached from one add up to 1. */
  readonly weight: number;
}

/** The chain graph with links as row numbers. */
export interface ChainGraph {
  readonly links: readonly Link[];
  readonly chainIds: readonly string[];
  readonly rowOf: ReadonlyMap<string, number>;
  /** Per link: the other links a walk over `feeds` edges reaches, nearest first, then by row. */
  readonly reach: readonly (readonly Reach[])[];
  /** The same by link reached: `reachOf[from][to]`, null where the walk does not come. */
  readonly reachOf: readonly (readonly (Reach | null)[])[];
  /** Share in [0, 1] that a GB/T code gives each link, as parallel rows; see `linksOfCode`. */
  readonly codeLinks: ReadonlyMap<string, readonly { readonly link: number; readonly share: number }[]>;
}

/**
 * Personalised PageRank from one link (Page et al. 1999; Haveliwala 2002): a walk that at each step goes back to the
 * start with chance RESTART, else on to a random supplier or customer. The start's own weight is left out.
 */
function reachFrom(start: number, neighbours: readonly (readonly number[])[]): Reach[] {
  const found = new Map<number, { steps: number; weight: number }>();
  let walkers = new Map([[start, 1]]);
  for (let step = 0; step <= MAX_STEPS; step += 1) {
    const next = new Map<number, number>();
    for (const [link, mass] of walkers) {
      const known = found.get(link) ?? { steps: step, weight: 0 };
      found.set(link, { steps: known.steps, weight: known.weight + mass });
      const around = neighbours[link] ?? [];
      const share = ((1 - RESTART) * mass) / around.length;
      for (const other of around) next.set(other, (next.get(other) ?? 0) + share);
    }
    walkers = next;
  }
  found.delete(start);
  const total = [...found.values()].reduce((sum, { weight }) => sum + weight, 0);
  return [...found]
    .map(([link, { steps, weight }]) => ({ link, steps, weight: weight / total }))
    .sort((a, b) => a.steps - b.steps || a.link - b.link);
}

/** How well two GB/T codes agree: the same 1, one inside the other 0.8, same group 0.35, same division 0.1. */
function codeAgreement(needed: string, offered: string): number {
  if (needed === offered) return 1;
  if (needed.length < 4 && offered.startsWith(needed)) return 0.8;
  if (offered.length < 4 && needed.startsWith(offered)) return 0.8;
  if (needed.slice(0, 3) === offered.slice(0, 3)) return 0.35;
  if (needed.slice(0, 2) === offered.slice(0, 2)) return 0.1;
  return 0;
}

/**
 * The links a GB/T 4754 code points at, shares adding up to 1. Only the best agreement counts: a class that some link
 * names belongs to those links alone; else the links of its group, else those of its division. Empty if none.
 */
function linksOfCode(code: string, links: readonly Link[]): { link: number; share: number }[] {
  const agreement = links.map((link) => link.gbt.reduce((best, own) => Math.max(best, codeAgreement(code, own)), 0));
  const best = Math.max(0, ...agreement);
  if (best === 0) return [];
  const rows = agreement.flatMap((value, link) => (value === best ? [link] : []));
  return rows.map((link) => ({ link, share: 1 / rows.length }));
}

/**
 * Compiles the chains into a graph. `codes` are the GB/T codes needs may carry.
 * Links keep the order of the chains, so rows are stable for an edition.
 */
export function compileChainGraph(chains: readonly Chain[], codes: readonly string[]): ChainGraph {
  const links = chains.flatMap((chain) => chain.links);
  const chainIds = chains.flatMap((chain) => chain.links.map(() => chain.id));
  const rowOf = new Map(links.map((link, row) => [link.id, row]));
  const neighbours: Set<number>[] = links.map(() => new Set());
  links.forEach((link, row) => {
    for (const id of link.feeds) {
      const other = rowOf.get(id);
      if (other === undefined || other === row) continue;
      neighbours[row]?.add(other);
      neighbours[other]?.add(row);
    }
  });
  const sorted = neighbours.map((set) => [...set].sort((a, b) => a - b));
  const reach = links.map((_, row) => reachFrom(row, sorted));
  return {
    links,
    chainIds,
    rowOf,
    reach,
    reachOf: reach.map((reached) => {
      const byLink: (Reach | null)[] = links.map(() => null);
      for (const one of reached) byLink[one.link] = one;
      return byLink;
    }),
    codeLinks: new Map(codes.map((code) => [code, linksOfCode(code, links)])),
  };
}
