import type { TextAnalysis, TextAnalysisFactory } from '../ports/text-analysis.js';
import { countyDocuments, linkDocuments } from './documents.js';
import { createNearWords } from './near-words.js';
import { segmenterOf } from './segmenter.js';
import { countTerms } from './terms.js';
import { createVectorSpace } from './vector-space.js';

/** How much a nearly spelled word counts against the word itself. */
const NEAR_WORD_WEIGHT = 0.8;

/**
 * The cosine at which a county's likeness is one half. A county's document holds all its industries, a need is about
 * one: over forty invented needs the best county's cosine had the median 0.12.
 */
const HALF_COUNTY_COSINE = 0.1;

/**
 * Makes the analysis of an edition (about half a second, once).
 *
 * Likeness to a link = cosine of TF-IDF vectors (see `createVectorSpace`) of the need's words and of the link's
 * document. Likeness to a county = c / (c + 0.1) of the cosine c with the county's document: the same order, spread
 * over [0, 1) by a fixed scale, so that other counties don't matter. Domain words the text nearly holds join the query
 * with a count of 0.8 · Dice unless the text holds the word itself. Weights are never negative, so that each likeness
 * is in [0, 1].
 */
export const createTextAnalysis: TextAnalysisFactory = (reference): TextAnalysis => {
  const segmenter = segmenterOf(reference);
  const links = createVectorSpace(linkDocuments(reference, segmenter));
  const counties = createVectorSpace(countyDocuments(reference, segmenter));
  const nearWords = createNearWords(segmenter.domainWords);

  return {
    words(text) {
      const { words, modifiers, uses, parts } = segmenter.segment(text);
      return [...words, ...modifiers, ...uses, ...parts];
    },
    likeness(text) {
      const segmentation = segmenter.segment(text);
      const query = countTerms(segmentation);
      for (const { word, similarity } of nearWords(segmentation.runs).values()) {
        if (!query.has(word)) query.set(word, NEAR_WORD_WEIGHT * similarity);
      }
      const countyCosines = [...counties.cosines(query)];
      return {
        links: links.cosines(query),
        counties: new Map(countyCosines.map(([adcode, cosine]) => [adcode, cosine / (cosine + HALF_COUNTY_COSINE)])),
      };
    },
  };
};
