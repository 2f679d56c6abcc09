import { JaroWinklerDistance } from 'natural/lib/natural/distance/index.js';
import type { ReferenceData } from '../domain/reference.js';
import type { TextCompare } from '../ports/text-compare.js';
import { type Segmentation, type Segmenter, segmenterOf } from './segmenter.js';

/** The comparison with the words of an edition; its segmenter is the one everything else uses. */
export function textCompareOf(reference: ReferenceData): TextCompare {
  return createTextCompare(segmenterOf(reference));
}

/**
 * Likeness of names and of texts.
 *
 * - Names: Jaro-Winkler (Winkler 1990, String comparator metrics and enhanced decision rules in the Fellegi-Sunter model
 *   of record linkage), as the package `natural` computes it. Its search for common signs is greedy from the left name,
 *   so the names are put in order first: either way round gives the same.
 * - Texts: cosine of the counts of their words (Salton & Buckley 1988, IP&M 24(5)), counts damped by ln(1 + n). A text
 *   without words is like none but itself.
 */
export function createTextCompare(segmenter: Segmenter): TextCompare {
  return {
    names(left, right) {
      if (left === right) return 1;
      const [first, second] = left < right ? [left, right] : [right, left];
      return clamp(JaroWinklerDistance(first, second));
    },
    texts(left, right) {
      if (left === right) return 1;
      return cosine(countWords(segmenter.segment(left)), countWords(segmenter.segment(right)));
    },
  };
}

function countWords({ words, modifiers, uses }: Segmentation): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of [...words, ...modifiers, ...uses]) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Sums go in the order of the words, so that neither the side nor the order of sentences changes the last digit. */
function cosine(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let product = 0;
  let squaresLeft = 0;
  let squaresRight = 0;
  for (const word of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const ofLeft = Math.log1p(left.get(word) ?? 0);
    const ofRight = Math.log1p(right.get(word) ?? 0);
    product += ofLeft * ofRight;
    squaresLeft += ofLeft * ofLeft;
    squaresRight += ofRight * ofRight;
  }
  return product === 0 ? 0 : clamp(product / Math.sqrt(squaresLeft * squaresRight));
}

function clamp(likeness: number): number {
  return Math.min(1, Math.max(0, likeness));
}
