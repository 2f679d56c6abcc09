import type { ReferenceData } from '../domain/reference.js';

/** A GB/T 4754 code with the likeness in (0, 1] that orders the answer. */
export interface IndustryMatch {
  readonly code: string;
  readonly score: number;
}

/** Finds industries by code or Chinese text. Built once over one edition of the reference data; deterministic. */
export interface IndustrySearch {
  /**
   * Best first, at most `limit`. Digits (full-width ones too, with or without the section's letter) are a code prefix;
   * where no code begins with them, the nearest codes. Anything else is looked for in names, keywords and likeness.
   */
  search(query: string, limit: number): readonly IndustryMatch[];
  /**
   * Known codes nearest to one that may not exist, nearest first, at most `limit`: codes that took over a code of the
   * 2011 edition, then by the longest common beginning, edit distance, same length, and number.
   */
  nearestCodes(code: string, limit: number): readonly string[];
}

/** Makes the search for an edition of the reference data. */
export type IndustrySearchFactory = (reference: ReferenceData) => IndustrySearch;
