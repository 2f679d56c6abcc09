import type { Segmentation, Segmenter } from './segmenter.js';

/** How much each kind of term counts against a word that names the thing itself. */
const TERM_WEIGHTS = { modifier: 0.6, use: 0.4, part: 0.4, head: 0.4 } as const;

/**
 * The terms of a text and how often each stands in it. The last sign of a run is a term of its own, written `~瓶`,
 * which no word can be: the head of a Chinese compound is its end, so all that ends alike is alike in kind.
 */
export function countTerms({ words, modifiers, uses, parts, runs }: Segmentation): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string, weight: number): void => {
    counts.set(term, (counts.get(term) ?? 0) + weight);
  };
  for (const word of words) add(word, 1);
  for (const word of modifiers) add(word, TERM_WEIGHTS.modifier);
  for (const word of uses) add(word, TERM_WEIGHTS.use);
  for (const part of parts) add(part, TERM_WEIGHTS.part);
  for (const run of runs) {
    const head = run.at(-1)?.slice(-1) ?? '';
    if (/\p{Script=Han}/u.test(head)) add(`~${head}`, TERM_WEIGHTS.head);
  }
  return counts;
}

/** Adds a text's terms to a document's counts, each weighted by where the text stands; no weight adds nothing. */
export function addText(counts: Map<string, number>, segmenter: Segmenter, text: string, weight: number): void {
  if (!(weight > 0)) return;
  for (const [term, count] of countTerms(segmenter.segment(text))) {
    counts.set(term, (counts.get(term) ?? 0) + count * weight);
  }
}
