import type { Segmentation, Segmenter } from './segmenter.js';

/** How much a shorter word within a word, or a word that names a use, counts against a word that names the thing. */
const MINOR_WEIGHT = 0.4;
/** The terms of a text and how often each stands in it. */
export function countTerms({ words, parts, uses }: Segmentation): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string, weight: number): void => {
    counts.set(term, (counts.get(term) ?? 0) + weight);
  };
  for (const word of words) add(word, 1);
  for (const word of [...parts, ...uses]) add(word, MINOR_WEIGHT);
  return counts;
}

/** Adds a text's terms to a document's counts, each weighted by where the text stands; no weight adds nothing. */
export function addText(counts: Map<string, number>, segmenter: Segmenter, text: string, weight: number): void {
  if (!(weight > 0)) return;
  for (const [term, count] of countTerms(segmenter.segment(text))) {
    counts.set(term, (counts.get(term) ?? 0) + count * weight);
  }
}
