import { TfIdf } from 'natural/lib/natural/tfidf/index.js';

/** A document: how often each word stands in it, weighted by where it stands (any number above 0). */
export interface WeightedDocument {
  readonly key: string;
  readonly counts: ReadonlyMap<string, number>;
}

/** Documents as unit vectors of TF-IDF weights, ready for cosine similarity. */
export interface VectorSpace {
  has(word: string): boolean;
  /**
   * Cosine of the query and each document that shares a term with it, in (0, 1]. A query term of count `tf > 0`
   * weighs `ln(1 + tf) · idf`, so that a word said ten times doesn't drown the rest. Terms no document has are left
   * out of the query's length too, so that talk about other matters doesn't lower the likeness.
   */
  cosines(query: ReadonlyMap<string, number>): Map<string, number>;
}

/**
 * Builds the space once; `cosines` is then one pass over the postings of the query's words.
 * Weights are `tf · idf` with `idf = 1 + ln(N / (1 + df))` as the package `natural` computes them, vectors have length 1.
 * Source: Salton & Buckley 1988, Term-weighting approaches in automatic text retrieval (IP&M 24(5)), cosine form.
 */
export function createVectorSpace(documents: readonly WeightedDocument[]): VectorSpace {
  const model = new TfIdf();
  const terms = new Map<string, { readonly idf: number; readonly docs: number[]; readonly weights: number[] }>();
  for (const { counts } of documents) model.documents.push(Object.fromEntries(counts));
  for (const { counts } of documents) {
    for (const word of counts.keys()) {
      // Forced, because the model's cache is a plain object that knows the word `constructor` from the start.
      if (!terms.has(word)) terms.set(word, { idf: model.idf(word, true), docs: [], weights: [] });
    }
  }
  documents.forEach(({ counts }, doc) => {
    const weights = [...counts.keys()].map((word) => model.tfidf([word], doc));
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
    [...counts.keys()].forEach((word, i) => {
      const term = terms.get(word);
      term?.docs.push(doc);
      term?.weights.push((weights[i] ?? 0) / length);
    });
  });
  const order = new Map([...terms.keys()].map((word, i) => [word, i]));

  return {
    has: (word) => terms.has(word),
    cosines(query) {
      // In the space's own order, so that the order of words in a text can't change a sum's last digit.
      const known = [...query].filter(([word]) => terms.has(word));
      known.sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
      const sums = new Float64Array(documents.length);
      let squares = 0;
      for (const [word, tf] of known) {
        const term = terms.get(word);
        if (term === undefined) continue;
        const weight = Math.log1p(tf) * term.idf;
        squares += weight * weight;
        term.docs.forEach((doc, i) => {
          sums[doc] = (sums[doc] ?? 0) + weight * (term.weights[i] ?? 0);
        });
      }
      const found = new Map<string, number>();
      documents.forEach(({ key }, doc) => {
        const sum = sums[doc] ?? 0;
        if (sum > 0) found.set(key, Math.min(1, sum / Math.sqrt(squares)));
      });
      return found;
    },
  };
}
