import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import type { ReferenceData } from '../domain/reference.js';
import { JOINING_WORDS, STOP_WORDS, USE_ENDINGS, USE_MARKERS, USE_PARTICLES } from './stop-words.js';
import { isWord, namePieces, normaliseText, placeNames, shortIndustryName } from './words.js';

/** What a text is cut into. */
export interface Segmentation {
  /** Words that count, with repeats: those the text is cut into, and domain words within them or across cuts. */
  readonly words: readonly string[];
  /** Words that count but stand before another of their run, with repeats: the head of a compound is its end. */
  readonly modifiers: readonly string[];
  /** Words that name what the thing is used for, with repeats: `汽车` in `用于汽车`, `疫苗` in `疫苗用玻璃瓶`. */
  readonly uses: readonly string[];
  /** Shorter words within those words that are no domain words, with repeats (`断路` in `断路器`). */
  readonly parts: readonly string[];
  /** Runs of neighbouring words, as cut; punctuation and stop words other than joining ones end a run. */
  readonly runs: readonly (readonly string[])[];
}

/** Cuts Chinese text into words, with the words of the reference data known. Deterministic. */
export interface Segmenter {
  segment(text: string): Segmentation;
  /** Keywords and pieces of names of the reference data. */
  readonly domainWords: ReadonlySet<string>;
}

/** Frequencies tried for a new word, least first, so that it wins over its own parts without winning over others. */
const FREQUENCIES = [3, 30, 300, 3_000, 30_000] as const;
const MAX_DOMAIN_WORD_LENGTH = 8;
/** Domain words of two signs count where the cut finds them only: across cuts they are mostly chance. */
const MIN_OVERLAP_LENGTH = 3;

const segmenters = new WeakMap<ReferenceData, Segmenter>();

/** The segmenter of an edition, built once (about 0.2 s and 40 MB for the general dictionary). */
export function segmenterOf(reference: ReferenceData): Segmenter {
  const known = segmenters.get(reference);
  if (known !== undefined) return known;
  const made = createSegmenter(collectDomainWords(reference), placeNames(reference));
  segmenters.set(reference, made);
  return made;
}

/** Keywords and pieces of names of links and industries. Places are taught apart: they are known, but never count. */
function collectDomainWords(reference: ReferenceData): Set<string> {
  const found = new Set<string>();
  const add = (word: string): void => {
    if (word.length <= MAX_DOMAIN_WORD_LENGTH && isWord(word) && !STOP_WORDS.has(word)) found.add(word);
  };
  for (const chain of reference.chains) {
    for (const link of chain.links) {
      for (const keyword of link.keywords) add(normaliseText(keyword));
      for (const piece of namePieces(link.name)) if (piece.length > 1) add(piece);
    }
  }
  for (const industry of reference.industries) {
    for (const keyword of industry.keywords) add(normaliseText(keyword));
    for (const piece of namePieces(shortIndustryName(industry.name))) if (piece.length > 2) add(piece);
  }
  return found;
}

function createSegmenter(domainWords: ReadonlySet<string>, places: ReadonlySet<string>): Segmenter {
  const jieba = Jieba.withDict(dict);
  teach(jieba, [...domainWords, ...places]);
  const runsOn = (word: string): boolean =>
    isWord(word) && !STOP_WORDS.has(word) && (domainWords.has(word) || !places.has(word));
  const counts = (word: string): boolean => word.length > 1 || domainWords.has(word);
  const overlapping = createScanner([...domainWords].filter((word) => word.length >= MIN_OVERLAP_LENGTH));

  return {
    domainWords,
    segment(text) {
      const clean = normaliseText(text);
      const searched = jieba.cutForSearch(clean, false);
      const words: string[] = [];
      const modifiers: string[] = [];
      const uses: string[] = [];
      const parts: string[] = [];
      const runs: string[][] = [];
      let run: string[] = [];
      let inUse = false;
      let next = 0;
      const cut = jieba.cut(clean, false);
      const kept = cut.map(runsOn);
      cut.forEach((word, i) => {
        const keep = kept[i] === true;
        const things = inUse || USE_ENDINGS.has(cut[i + 1] ?? '') ? uses : kept[i + 1] === true ? modifiers : words;
        // The search mode gives a word's parts first and the word itself last.
        for (let part = searched[next++]; part !== undefined && part !== word; part = searched[next++]) {
          if (keep && runsOn(part) && counts(part)) (domainWords.has(part) ? things : parts).push(part);
        }
        if (keep) {
          run.push(word);
          if (counts(word)) things.push(word);
          return;
        }
        inUse = USE_MARKERS.has(word) || (inUse && USE_PARTICLES.has(word));
        if (run.length > 0 && !JOINING_WORDS.has(word)) {
          runs.push(run);
          run = [];
        }
      });
      if (run.length > 0) runs.push(run);
      addOverlaps(words, [...words, ...modifiers, ...uses], runs, overlapping);
      addTornWords(words, runs, domainWords);
      return { words, modifiers, uses, parts, runs };
    },
  };
}

/** Adds the domain words that lie across the cuts of a run (`汽车空调|压缩机` holds `空调压缩机`). */
function addOverlaps(
  words: string[],
  found: readonly string[],
  runs: readonly (readonly string[])[],
  scan: (text: string) => string[],
): void {
  const left = new Map<string, number>();
  for (const word of found) left.set(word, (left.get(word) ?? 0) + 1);
  for (const run of runs) {
    for (const hit of scan(run.join(''))) {
      const cut = left.get(hit) ?? 0;
      if (cut > 0) left.set(hit, cut - 1);
      else words.push(hit);
    }
  }
}

/** Adds the domain words of two signs one of which the cut left alone (`核级阀|门` holds `阀门`). */
function addTornWords(words: string[], runs: readonly (readonly string[])[], domainWords: ReadonlySet<string>): void {
  for (const run of runs) {
    run.forEach((word, i) => {
      if (word.length > 1) return;
      const before = (run[i - 1] ?? '').slice(-1) + word;
      const after = word + (run[i + 1] ?? '').slice(0, 1);
      for (const torn of [before, after]) if (torn.length === 2 && domainWords.has(torn)) words.push(torn);
    });
  }
}

/** Puts new words into the dictionary, each with the least frequency that lets it be cut as one word. */
function teach(jieba: Jieba, words: readonly string[]): void {
  let open = words.filter((word) => word.length > 1);
  for (const frequency of FREQUENCIES) {
    open = open.filter((word) => jieba.cut(word, false).length > 1);
    if (open.length === 0) return;
    jieba.loadDict(Buffer.from(open.map((word) => `${word} ${frequency} n\n`).join('')));
  }
}

interface TrieNode {
  readonly next: Map<string, TrieNode>;
  word: string | null;
}

/** Makes a function that finds every occurrence of the words in a text, nested and overlapping ones too. */
function createScanner(words: readonly string[]): (text: string) => string[] {
  const root: TrieNode = { next: new Map(), word: null };
  for (const word of words) {
    let node = root;
    for (let i = 0; i < word.length; i += 1) {
      const sign = word.charAt(i);
      const child: TrieNode = node.next.get(sign) ?? { next: new Map(), word: null };
      node.next.set(sign, child);
      node = child;
    }
    node.word = word;
  }
  return (text) => {
    const hits: string[] = [];
    for (let start = 0; start < text.length; start += 1) {
      let node = root.next.get(text.charAt(start));
      for (let at = start + 1; node !== undefined; at += 1) {
        if (node.word !== null) hits.push(node.word);
        node = node.next.get(text.charAt(at));
      }
    }
    return hits;
  };
}
