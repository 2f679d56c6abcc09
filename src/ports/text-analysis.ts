/** Likeness of a need's words to the links and to what counties say of themselves. All numbers in [0, 1]. */
export interface TextLikeness {
  /** By link id; links without likeness are absent. */
  readonly links: ReadonlyMap<string, number>;
  /** By county adcode; counties without likeness are absent. */
  readonly counties: ReadonlyMap<string, number>;
}

/** Segmentation and similarity of Chinese text. Built once over one edition of the reference data; deterministic. */
export interface TextAnalysis {
  /** Text of any length up to 20,000 characters; the empty text is like nothing. */
  likeness(text: string): TextLikeness;
  /** The words the text is cut into, stop words left out: for search and for tests. */
  words(text: string): readonly string[];
}

/** Makes the analysis for an edition of the reference data. */
export type TextAnalysisFactory = (reference: import('../domain/reference.js').ReferenceData) => TextAnalysis;
