/** Likeness of names and of texts, in [0, 1]; symmetric and deterministic. */
export interface TextCompare {
  /** By edit distance (Jaro-Winkler) of two normalised names. */
  names(left: string, right: string): number;
  /** By the words of two Chinese texts (cosine of their counts, stop words left out). */
  texts(left: string, right: string): number;
}
