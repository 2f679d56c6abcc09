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
   * Cosine of the query and each document that shares a term with it, in (0, 1]. A query term weighs as in a document,
   * `ln(1 + count) · idf`, so that a word said ten times does not drown the rest. Terms no document has are left
   * out of the query's length too, so that talk about other matters doesn't lower the likeness.
   */
  cosines(query: ReadonlyMap<string, number>): Map<string, number>;
}

interface Term {
  /** Place in the order in which sums are made. */
  readonly order: number;
  idf: number;
  readonly docs: number[];
  /** Weight in each of `docs`. */
  readonly weights: number[];
}

/**
 * Builds the space once; `cosines` is then one pass over the postings of the query's words.
 * Weights are `tf · idf` with `idf = 1 + ln(N / (1 + df))` as the package `natural` computes it and damped counts
 * `tf = ln(1 + count)`; vectors have length 1.
 * Source: Salton & Buckley 1988, Term-weighting approaches in automatic text retrieval (IP&M 24(5)), cosine form.
 */
export function createVectorSpace(documents: readonly WeightedDocument[]): VectorSpace {
  const terms = new Map<string, Term>();
  documents.forEach(({ counts }, doc) => {
    for (const word of counts.keys()) {
      const term: Term = terms.get(word) ?? { order: terms.size, idf: 0, docs: [], weights: [] };
      term.docs.push(doc);
      terms.set(word, term);
    }
  });
  weighTerms(terms, documents);
  for (const { counts } of documents) {
    const weights = [...counts].map(([word, count]) => Math.log1p(count) * (terms.get(word)?.idf ?? 0));
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
    [...counts.keys()].forEach((word, i) => {
      terms.get(word)?.weights.push((weights[i] ?? 0) / length);
    });
  }

  return {
    has: (word) => terms.has(word),
    cosines(query) {
      // In the space's own order, so that the order of words in a text can't change a sum's last digit.
      const known = [...query].flatMap(([word, count]) => {
        const term = terms.get(word);
        return term === undefined ? [] : [{ term, weight: Math.log1p(count) * term.idf }];
      });
      known.sort((a, b) => a.term.order - b.term.order);
      const sums = new Float64Array(documents.length);
      let squares = 0;
      for (const { term, weight } of known) {
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

/**
 * Sets each term's idf. The model looks through all documents for each one it is asked for, so it is asked once for
 * each document frequency, about fifty times instead of ten thousand.
 */
function weighTerms(terms: ReadonlyMap<string, Term>, documents: readonly WeightedDocument[]): void {
  const model = new TfIdf();
  for (const { counts } of documents) model.addDocument([...counts.keys()]);
  const idfs = new Map<number, number>();
  for (const [word, term] of terms) {
    const frequency = term.docs.length;
    const idf = idfs.get(frequency) ?? model.idf(word);
    idfs.set(frequency, idf);
    term.idf = idf;
  }
}
