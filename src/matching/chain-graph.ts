import type { Chain, Link } from '../domain/chain.js';

/** How far 延链 looks along `feeds` edges, and how much each step keeps. */
export const MAX_STEPS = 3;
export const STEP_DECAY = 0.5;

/** A link reached from another over `feeds` edges in either direction. */
export interface Reach {
  readonly link: number;
  readonly steps: number;
}

/** The chain graph with links as row numbers. */
export interface ChainGraph {
  readonly links: readonly Link[];
  readonly chainIds: readonly string[];
  readonly rowOf: ReadonlyMap<string, number>;
  /** Per link: every other link within MAX_STEPS, nearest first, then by row. */
  readonly reach: readonly (readonly Reach[])[];
  /** Share in [0, 1] that a GB/T code gives each link, as parallel rows; see `linksOfCode`. */
  readonly codeLinks: ReadonlyMap<string, readonly { readonly link: number; readonly share: number }[]>;
}

/** Breadth-first distances up to MAX_STEPS. */
function reachFrom(start: number, neighbours: readonly (readonly number[])[]): Reach[] {
  const seen = new Map<number, number>([[start, 0]]);
  let frontier = [start];
  for (let steps = 1; steps <= MAX_STEPS; steps += 1) {
    const next: number[] = [];
    for (const link of frontier) {
      for (const other of neighbours[link] ?? []) {
        if (seen.has(other)) continue;
        seen.set(other, steps);
        next.push(other);
      }
    }
    frontier = next;
  }
  seen.delete(start);
  return [...seen].map(([link, steps]) => ({ link, steps })).sort((a, b) => a.steps - b.steps || a.link - b.link);
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
  return {
    links,
    chainIds,
    rowOf,
    reach: links.map((_, row) => reachFrom(row, sorted)),
    codeLinks: new Map(codes.map((code) => [code, linksOfCode(code, links)])),
  };
}
