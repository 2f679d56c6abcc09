import { DiceCoefficient } from 'natural/lib/natural/distance/index.js';

/** A domain word a text nearly holds, and how nearly, in (0, 1]. */
export interface NearWord {
  readonly word: string;
  readonly similarity: number;
}

/** Least similarity that counts: two of three pairs of signs are shared. */
const MIN_SIMILARITY = 0.6;
/** What a shortened compound counts as. */
const SHORTENED_SIMILARITY = 1;
/** How far the end of a compound may be from its beginning, in words. */
const MAX_GAP = 3;
const MIN_LENGTH = 3;
const MAX_LENGTH = 8;
/** Most compounds of one text that are looked up, the frequent ones first: bounds the time of a long text. */
const MAX_COMPOUNDS = 400;

/**
 * Finds domain words that a compound of the text is nearly, in two ways:
 * - spelled nearly alike (`橡胶减震` and `橡胶减振`): a compound is one word or two neighbours of a run, three to eight
 *   signs long. Measure: Dice's coefficient over sets of neighbouring signs (Dice 1945, Measures of the amount of
 *   ecologic association between species, Ecology 26(3)), as the package `natural` computes it;
 * - shortened (`输送带` for `输送胶带`, `疫苗瓶` for `疫苗用玻璃瓶`): a word and the last sign of a later word of its run,
 *   as the head of a Chinese compound is its end.
 */
export function createNearWords(
  domainWords: Iterable<string>,
): (runs: readonly (readonly string[])[]) => ReadonlyMap<string, NearWord> {
  const known = new Set<string>();
  const pairCounts = new Map<string, number>();
  const byPair = new Map<string, string[]>();
  for (const word of [...domainWords].sort()) {
    if (word.length < MIN_LENGTH) continue;
    known.add(word);
    const pairs = pairsOf(word);
    pairCounts.set(word, pairs.size);
    for (const pair of pairs) {
      const words = byPair.get(pair) ?? [];
      words.push(word);
      byPair.set(pair, words);
    }
  }

  function nearest(compound: string): NearWord | null {
    const pairs = pairsOf(compound);
    const shared = new Map<string, number>();
    for (const pair of pairs) for (const word of byPair.get(pair) ?? []) shared.set(word, (shared.get(word) ?? 0) + 1);
    // Most words share one pair by chance; those that can't reach the least similarity are not measured.
    const possible = [...shared].filter(
      ([word, count]) => 2 * count >= MIN_SIMILARITY * (pairs.size + (pairCounts.get(word) ?? 0)),
    );
    let best: NearWord | null = null;
    for (const word of possible.map(([word]) => word).sort()) {
      const similarity = DiceCoefficient(compound, word);
      if (similarity >= MIN_SIMILARITY && similarity > (best?.similarity ?? 0)) best = { word, similarity };
    }
    return best;
  }

  return (runs) => {
    const found = new Map<string, NearWord>();
    for (const compound of compoundsOf(runs, known)) {
      const near = nearest(compound);
      if (near !== null && near.similarity > (found.get(near.word)?.similarity ?? 0)) found.set(near.word, near);
    }
    for (const word of shortenedIn(runs, known)) found.set(word, { word, similarity: SHORTENED_SIMILARITY });
    return found;
  };
}

function shortenedIn(runs: readonly (readonly string[])[], known: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const run of runs) {
    run.forEach((word, i) => {
      for (const later of run.slice(i + 1, i + 1 + MAX_GAP)) {
        const shortened = word + later.slice(-1);
        if (known.has(shortened)) found.add(shortened);
      }
    });
  }
  return found;
}

/** The most frequent unknown compounds, ties in the order of their signs: the order of sentences doesn't matter. */
function compoundsOf(runs: readonly (readonly string[])[], known: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    run.forEach((word, i) => {
      for (const compound of [word, word + (run[i + 1] ?? '')]) {
        if (compound.length < MIN_LENGTH || compound.length > MAX_LENGTH || known.has(compound)) continue;
        counts.set(compound, (counts.get(compound) ?? 0) + 1);
      }
    });
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, MAX_COMPOUNDS)
    .map(([compound]) => compound);
}

function pairsOf(word: string): Set<string> {
  const pairs = new Set<string>();
  for (let i = 0; i + 1 < word.length; i += 1) pairs.add(word.slice(i, i + 2));
  return pairs;
}
