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

/** Values by row, only those above 0. */
type Shares = ReadonlyMap<number, number>;

function normalised(values: readonly (readonly [number, number])[]): Shares {
  const total = values.reduce((sum, [, value]) => sum + value, 0);
  const shares = new Map<number, number>();
  for (const [row, value] of values) shares.set(row, value / total);
  return shares;
}

/** Squaring sharpens: half as alike is a quarter as likely. */
function textShares(likeness: Float64Array): Shares {
  const named: [number, number][] = [];
  for (let row = 0; row < likeness.length; row += 1) {
    const square = (likeness[row] ?? 0) ** 2;
    // The square itself: a likeness small enough that it vanishes would leave nothing to divide by.
    if (square > 0) named.push([row, square]);
  }
  return normalised(named);
}

function statedShares(need: Pick<Need, 'chain'>, graph: ChainGraph): Shares {
  return normalised(
    (need.chain?.links ?? []).flatMap((id) => {
      const row = graph.rowOf.get(id);
      return row === undefined ? [] : [[row, 1] as const];
    }),
  );
}

/**
 * Places a need on links as a distribution pooled from its GB/T code, its stated position and its text: a logarithmic
 * opinion pool (Genest & Zidek 1986), the product of the sources raised to their weights. A source that names nothing
 * is left out.
 * @param likeness of the need's text to each link in [0, 1], by row.
 */
export function placeNeed(need: Pick<Need, 'gbt' | 'chain'>, graph: ChainGraph, likeness: Float64Array): Placement {
  const code: Shares = new Map((graph.codeLinks.get(need.gbt) ?? []).map(({ link, share }) => [link, share]));
  const stated = statedShares(need, graph);
  const text = textShares(likeness);
  const stage = need.chain?.stage;
  // A link no source names stays out, whatever the floors say.
  const named = new Set([...code.keys(), ...stated.keys(), ...text.keys()]);
  const pooled: { row: number; value: number }[] = [];
  for (const row of named) {
    let value = stage !== undefined && graph.links[row]?.stage === stage ? STAGE_MATCH : 1;
    if (code.size > 0) value *= (code.get(row) ?? 0) + FLOOR.code;
    if (stated.size > 0) value *= ((stated.get(row) ?? 0) + FLOOR.stated) ** STATED_POWER;
    if (text.size > 0) value *= (text.get(row) ?? 0) + FLOOR.text;
    pooled.push({ row, value });
  }
  pooled.sort((a, b) => b.value - a.value || a.row - b.row);
  const all = pooled.reduce((sum, { value }) => sum + value, 0);
  const kept = pooled.slice(0, MAX_LINKS).filter(({ value }, index) => index === 0 || value / all >= MIN_SHARE);
  const total = kept.reduce((sum, { value }) => sum + value, 0);
  return {
    links: kept.map(({ row, value }) => ({
      link: row,
      share: value / total,
      fromCode: code.get(row) ?? 0,
      fromStated: stated.get(row) ?? 0,
      fromText: text.get(row) ?? 0,
    })),
  };
}
