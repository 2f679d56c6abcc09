import type { Industry, Link } from '../domain/chain.js';
import type { ReferenceData } from '../domain/reference.js';
import type { Segmenter } from './segmenter.js';
import { addText } from './terms.js';
import type { WeightedDocument } from './vector-space.js';
import { shortIndustryName } from './words.js';

/** How much a word counts by where it stands in a document. */
const WEIGHTS = {
  link: 1.5,
  linkIndustry: 0.4,
  linkChain: 0.3,
  leadingIndustry: 2,
  leadingIndustryCode: 0.5,
  presentLink: 1,
} as const;

/** One document per link: its name, keywords, the names of its industries and, lightly, of its chain. */
export function linkDocuments(reference: ReferenceData, segmenter: Segmenter): WeightedDocument[] {
  const industries = byCode(reference);
  return reference.chains.flatMap((chain) =>
    chain.links.map((link) => {
      const counts = new Map<string, number>();
      addCounts(counts, linkCounts(segmenter, link), WEIGHTS.link);
      addIndustries(counts, segmenter, industries, link.gbt, WEIGHTS.linkIndustry);
      addText(counts, segmenter, chain.name, WEIGHTS.linkChain);
      return { key: link.id, counts };
    }),
  );
}

/**
 * One document per county: its leading industries (those it has and those it seeks), the industries of their codes,
 * and the links present in the county as a whole, each weighted by its strength. The links' own codes are left out:
 * their keywords say the same in the words of the trade.
 */
export function countyDocuments(reference: ReferenceData, segmenter: Segmenter): WeightedDocument[] {
  const industries = byCode(reference);
  const links = new Map(
    reference.chains.flatMap((chain) => chain.links.map((link) => [link.id, linkCounts(segmenter, link)] as const)),
  );
  const documents = reference.counties.map((county) => ({ key: county.adcode, counts: new Map<string, number>() }));
  const byAdcode = new Map(documents.map((document) => [document.key, document.counts]));
  for (const county of reference.counties) {
    const counts = byAdcode.get(county.adcode) ?? new Map<string, number>();
    for (const leading of county.leadingIndustries) {
      addText(counts, segmenter, leading.name, WEIGHTS.leadingIndustry);
      addIndustries(counts, segmenter, industries, leading.gbt, WEIGHTS.leadingIndustryCode);
    }
  }
  for (const presence of reference.presences) {
    const link = links.get(presence.linkId);
    const counts = byAdcode.get(presence.countyAdcode);
    if (presence.parkId !== null || link === undefined || counts === undefined) continue;
    addCounts(counts, link, WEIGHTS.presentLink * presence.strength);
  }
  return documents;
}

function byCode(reference: ReferenceData): ReadonlyMap<string, Industry> {
  return new Map(reference.industries.map((industry) => [industry.code, industry]));
}

/** The terms of a link's name and keywords, each text with weight 1. */
function linkCounts(segmenter: Segmenter, link: Link): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of [link.name, ...link.keywords]) addText(counts, segmenter, text, 1);
  return counts;
}

function addCounts(counts: Map<string, number>, more: ReadonlyMap<string, number>, weight: number): void {
  if (!(weight > 0)) return;
  for (const [term, count] of more) counts.set(term, (counts.get(term) ?? 0) + count * weight);
}

function addIndustries(
  counts: Map<string, number>,
  segmenter: Segmenter,
  industries: ReadonlyMap<string, Industry>,
  codes: readonly string[],
  weight: number,
): void {
  for (const code of codes) {
    const industry = industries.get(code);
    if (industry !== undefined) addText(counts, segmenter, shortIndustryName(industry.name), weight);
  }
}
