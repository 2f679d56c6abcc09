import { LevenshteinDistance } from 'natural/lib/natural/distance/index.js';
import type { Industry } from '../domain/chain.js';
import type { IndustryMatch, IndustrySearchFactory } from '../ports/industry-search.js';
import { segmenterOf } from './segmenter.js';
import { addText, countTerms } from './terms.js';
import { createVectorSpace } from './vector-space.js';
import { normaliseText, shortIndustryName } from './words.js';

/** What each kind of find is worth; likeness of words alone never beats a keyword. */
const SCORES = {
  name: 1,
  keyword: 0.9,
  inName: 0.8,
  inKeyword: 0.6,
  likeness: 0.5,
  nearCode: 0.3,
  tieBreak: 0.05,
} as const;
const NAME_WEIGHT = 2;
const KEYWORD_WEIGHT = 1;
const MAX_QUERY_LENGTH = 200;

/**
 * Makes the search. Scores: a code prefix has (length of prefix / length of code); a text has the best of its finds
 * (whole name 1, whole keyword 0.9, within a name up to 0.8 and within a keyword up to 0.6 by the share of it that the
 * query covers; 0.5 x cosine likeness), plus 0.05 x likeness to order equal finds. Ties: shorter code first, then by number.
 */
export const createIndustrySearch: IndustrySearchFactory = (reference) => {
  const segmenter = segmenterOf(reference);
  const entries = reference.industries.map((industry) => ({
    code: industry.code,
    name: compact(industry.name),
    shortName: compact(shortIndustryName(industry.name)),
    keywords: industry.keywords.map(compact),
  }));
  const space = createVectorSpace(
    reference.industries.map((industry) => {
      const counts = new Map<string, number>();
      addText(counts, segmenter, shortIndustryName(industry.name), NAME_WEIGHT);
      for (const keyword of industry.keywords) addText(counts, segmenter, keyword, KEYWORD_WEIGHT);
      return { key: industry.code, counts };
    }),
  );
  const nearest = createNearestCodes(reference.industries);

  function byText(query: string): IndustryMatch[] {
    const likeness = space.cosines(countTerms(segmenter.segment(query)));
    return entries.flatMap((entry) => {
      const like = likeness.get(entry.code) ?? 0;
      const score = Math.max(textScore(entry, compact(query)), SCORES.likeness * like) + SCORES.tieBreak * like;
      return score > 0 ? [{ code: entry.code, score: Math.min(1, score) }] : [];
    });
  }

  function byCode(prefix: string, limit: number): IndustryMatch[] {
    const found = entries
      .filter((entry) => entry.code.startsWith(prefix))
      .map(({ code }) => ({ code, score: prefix.length / code.length }));
    if (found.length > 0) return found;
    return nearest(prefix, limit).map((code, i) => ({ code, score: SCORES.nearCode / (i + 1) }));
  }

  return {
    search(query, limit) {
      const clean = compact(query.slice(0, MAX_QUERY_LENGTH));
      const digits = /^[a-d]?(\d+)$/.exec(clean)?.[1];
      if (clean === '' || !(limit > 0)) return [];
      return (digits === undefined ? byText(query.slice(0, MAX_QUERY_LENGTH)) : byCode(digits, limit))
        .sort((a, b) => b.score - a.score || a.code.length - b.code.length || order(a.code, b.code))
        .slice(0, limit);
    },
    nearestCodes: (code, limit) => nearest(compact(code).replace(/\D/g, ''), limit),
  };
};

function compact(text: string): string {
  return normaliseText(text).replace(/\s+/gu, '');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textScore(
  entry: { readonly name: string; readonly shortName: string; readonly keywords: readonly string[] },
  query: string,
): number {
  if (query === entry.name || query === entry.shortName) return SCORES.name;
  if (entry.keywords.includes(query)) return SCORES.keyword;
  const within = (text: string, worth: number): number =>
    query !== '' && text.includes(query) ? worth * (query.length / text.length) : 0;
  return Math.max(
    within(entry.shortName, SCORES.inName),
    within(entry.name, SCORES.inName),
    ...entry.keywords.map((keyword) => within(keyword, SCORES.inKeyword)),
  );
}

/** See `IndustrySearch.nearestCodes`. Edit distance: Levenshtein 1966, as the package `natural` computes it. */
function createNearestCodes(industries: readonly Industry[]): (code: string, limit: number) => string[] {
  return (code, limit) => {
    if (code === '' || !(limit > 0)) return [];
    return industries
      .map((industry) => ({
        code: industry.code,
        successor: industry.gbt2011.includes(code) ? 0 : 1,
        common: commonPrefix(code, industry.code),
        distance: LevenshteinDistance(code, industry.code),
        otherLength: industry.code.length === code.length ? 0 : 1,
        gap: Math.abs(Number(code.padEnd(4, '0').slice(0, 4)) - Number(industry.code.padEnd(4, '0'))),
      }))
      .sort(
        (a, b) =>
          a.successor - b.successor ||
          b.common - a.common ||
          a.distance - b.distance ||
          a.otherLength - b.otherLength ||
          a.gap - b.gap ||
          order(a.code, b.code),
      )
      .slice(0, limit)
      .map((found) => found.code);
  };
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
