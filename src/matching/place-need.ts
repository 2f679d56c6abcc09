import type { Need } from '../domain/need.js';
import type { ChainGraph } from './chain-graph.js';

/** Links kept for a need, and the least share a kept link has. */
const MAX_LINKS = 6;
const MIN_SHARE = 0.04;
/** Code and text enter the pool with power 1; a stated position is the firm's own word and bends it more. */
const STATED_POWER = 2;
/** What a source leaves to links it does not name, so that no single source can rule a link out. */
const FLOOR = { code: 0.005, stated: 0.01, text: 0.02 } as const;
/** A link of the right stage, where the firm names a stage but no link. */
const STAGE_MATCH = 3;

/** A need on the chain graph: rows and shares that add up to 1, with each source's own distribution beside. */
export interface Placement {
  readonly links: readonly {
    readonly link: number;
    readonly share: number;
    readonly fromCode: number;
    readonly fromStated: number;
    readonly fromText: number;
  }[];
}

/** One source's say about a link. */
interface Share {
  readonly link: number;
  readonly share: number;
}

/** Squaring sharpens: half as alike is a quarter as likely. A likeness whose square vanishes says nothing. */
function textShares(likeness: Float64Array): Share[] {
  let total = 0;
  for (let link = 0; link < likeness.length; link += 1) total += (likeness[link] ?? 0) ** 2;
  const shares: Share[] = [];
  if (total === 0) return shares;
  for (let link = 0; link < likeness.length; link += 1) {
    const value = likeness[link] ?? 0;
    if (value * value > 0) shares.push({ link, share: (value * value) / total });
  }
  return shares;
}

function statedShares(need: Pick<Need, 'chain'>, graph: ChainGraph): Share[] {
  const rows = (need.chain?.links ?? []).flatMap((id) => graph.rowOf.get(id) ?? []);
  return rows.map((link) => ({ link, share: 1 / rows.length }));
}

/** A source's shares by row of the link. */
function byRow(shares: readonly Share[], links: number): Float64Array {
  const rows = new Float64Array(links);
  for (const { link, share } of shares) rows[link] = share;
  return rows;
}

/**
 * Places a need on links as a distribution pooled from its GB/T code, its stated position and its text: a logarithmic
 * opinion pool (Genest & Zidek 1986), the product of the sources raised to their weights. A source that names nothing
 * is left out.
 * @param likeness of the need's text to each link in [0, 1], by row.
 */
export function placeNeed(need: Pick<Need, 'gbt' | 'chain'>, graph: ChainGraph, likeness: Float64Array): Placement {
  const code = graph.codeLinks.get(need.gbt) ?? [];
  const stated = statedShares(need, graph);
  const text = textShares(likeness);
  const stage = need.chain?.stage;
  const pooled: { link: number; value: number; fromCode: number; fromStated: number; fromText: number }[] = [];
  const [codeOf, statedOf, textOf] = [code, stated, text].map((source) => byRow(source, graph.links.length));
  const seen = new Uint8Array(graph.links.length);
  let all = 0;
  // A link no source names stays out, whatever the floors say.
  for (const source of [code, stated, text]) {
    for (const { link } of source) {
      if (seen[link] === 1) continue;
      seen[link] = 1;
      const fromCode = codeOf?.[link] ?? 0;
      const fromStated = statedOf?.[link] ?? 0;
      const fromText = textOf?.[link] ?? 0;
      let value = stage !== undefined && graph.links[link]?.stage === stage ? STAGE_MATCH : 1;
      if (code.length > 0) value *= fromCode + FLOOR.code;
      if (stated.length > 0) value *= (fromStated + FLOOR.stated) ** STATED_POWER;
      if (text.length > 0) value *= fromText + FLOOR.text;
      pooled.push({ link, value, fromCode, fromStated, fromText });
      all += value;
    }
  }
  pooled.sort((a, b) => b.value - a.value || a.link - b.link);
  let size = 1;
  let total = pooled[0]?.value ?? 0;
  while (size < Math.min(MAX_LINKS, pooled.length) && (pooled[size]?.value ?? 0) / all >= MIN_SHARE) {
    total += pooled[size]?.value ?? 0;
    size += 1;
  }
  return {
    links: pooled.slice(0, size).map(({ link, value, fromCode, fromStated, fromText }) => ({
      link,
      share: value / total,
      fromCode,
      fromStated,
      fromText,
    })),
  };
}
