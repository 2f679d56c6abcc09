import type { Adcode, Endowment } from './county.js';
import type { Provenance } from './provenance.js';

/** 上游 中游 下游. */
export const STAGES = ['upstream', 'midstream', 'downstream'] as const;
export type Stage = (typeof STAGES)[number];

/** A link (环节) of an industry chain. `feeds` points from supplier to customer and may cross chains. */
export interface Link {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage;
  /** GB/T 4754-2017 codes that belong to the link; empty for channels and institutions. */
  readonly gbt: readonly string[];
  readonly feeds: readonly string[];
  readonly keywords: readonly string[];
  /** Endowments that firms of this link settle by; absent where it can be made anywhere. */
  readonly endowments?: readonly Endowment[];
}

/** An industry chain (产业链). */
export interface Chain {
  readonly id: string;
  readonly name: string;
  readonly links: readonly Link[];
  readonly provenance: Provenance;
}

/** A firm that leads a chain in a county (链主). Public firms only, never a need's firm. */
export interface AnchorFirm {
  readonly name: string;
  readonly provenance: Provenance;
}

/**
 * How strongly a link is present in a county, or in one park of it.
 * `strength` in [0, 1]: 0 is absent, 1 is a cluster the county is known for.
 */
export interface LinkPresence {
  readonly countyAdcode: Adcode;
  /** Null: the county as a whole. */
  readonly parkId: string | null;
  readonly linkId: string;
  readonly strength: number;
  readonly anchors: readonly AnchorFirm[];
  /** The county says it wants firms of this link. */
  readonly wanted: boolean;
  readonly provenance: Provenance;
}

/** One GB/T 4754-2017 class: division (2 digits), group (3) or class (4). */
export interface Industry {
  readonly code: string;
  readonly name: string;
  readonly level: 2 | 3 | 4;
  readonly parent: string;
  /** Codes of the 2011 edition that became this one. */
  readonly gbt2011: readonly string[];
  readonly keywords: readonly string[];
  readonly provenance: Provenance;
}
