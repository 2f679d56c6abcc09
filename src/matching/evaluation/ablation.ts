import { CRITERIA, type Criterion } from '../../domain/match.js';
import { chainUtility } from '../chain-presence.js';
import type { TextNumbers } from '../compile-need.js';
import type { Frame } from '../frame.js';
import type { Snapshot } from '../snapshot.js';
import { INVENTORY_CRITERIA } from './question-need.js';

/** The parts of chain fit, and the sources a case is placed on links from. */
export const CHAIN_PARTS = ['strengthen', 'complete', 'extend'] as const;
export type ChainPart = (typeof CHAIN_PARTS)[number];
export const PLACEMENT_SOURCES = ['code', 'text'] as const;
export type PlacementSource = (typeof PLACEMENT_SOURCES)[number];

/** One part of the score that can be left out. */
export type ScorePart =
  | { readonly kind: 'criterion'; readonly name: Criterion }
  | { readonly kind: 'chainPart'; readonly name: ChainPart }
  | { readonly kind: 'placedBy'; readonly name: PlacementSource };

/** What can be left out: each criterion that weighs anything here, each part of chain fit, each source of placement. */
export function scoreParts(frame: Frame): readonly ScorePart[] {
  const inventory: readonly Criterion[] = INVENTORY_CRITERIA;
  const weighed = CRITERIA.filter((name) => frame.profile.weights[name] > 0 && !inventory.includes(name));
  return [
    ...weighed.map((name) => ({ kind: 'criterion', name }) as const),
    ...CHAIN_PARTS.map((name) => ({ kind: 'chainPart', name }) as const),
    ...PLACEMENT_SOURCES.map((name) => ({ kind: 'placedBy', name }) as const),
  ];
}

/** The snapshot with chain fit made of the other parts. The utility columns are computed anew, the parts stay. */
function withoutChainPart(snapshot: Snapshot, left: ChainPart): Snapshot {
  const { frame } = snapshot;
  const { strength, complete, extend } = frame.chains;
  const kept = (part: ChainPart, column: Float64Array | undefined, park: number) =>
    part === left ? 0 : (column?.[park] ?? 0);
  const utility = frame.chains.utility.map((column, link) =>
    column.map((_, park) =>
      chainUtility(
        kept('strengthen', strength[link], park),
        kept('complete', complete[link], park),
        kept('extend', extend[link], park),
      ),
    ),
  );
  return { ...snapshot, frame: { ...frame, chains: { ...frame.chains, utility } } };
}

/** The snapshot with no code pointing at any link. The codes stay listed. */
function withoutCodes(snapshot: Snapshot): Snapshot {
  const { frame } = snapshot;
  const codeLinks = new Map([...frame.graph.codeLinks.keys()].map((code) => [code, []]));
  return { ...snapshot, frame: { ...frame, graph: { ...frame.graph, codeLinks } } };
}

/** A way to judge cases: the whole engine, or the engine without a part. */
export interface Variant {
  readonly snapshot: Snapshot;
  readonly withoutCriteria: readonly Criterion[];
  text(numbers: TextNumbers): TextNumbers;
}

/** The engine as it is. */
export function wholeEngine(snapshot: Snapshot): Variant {
  return { snapshot, withoutCriteria: [], text: (numbers) => numbers };
}

/** The engine without one part of the score. The snapshot given stays as it is. */
export function engineWithout(snapshot: Snapshot, part: ScorePart): Variant {
  const whole = wholeEngine(snapshot);
  if (part.kind === 'criterion') return { ...whole, withoutCriteria: [part.name] };
  if (part.kind === 'chainPart') return { ...whole, snapshot: withoutChainPart(snapshot, part.name) };
  if (part.name === 'code') return { ...whole, snapshot: withoutCodes(snapshot) };
  return { ...whole, text: (numbers) => ({ ...numbers, links: new Float64Array(numbers.links.length) }) };
}
