import type { ReferenceData } from '../domain/reference.js';
import { REGION_WORDS } from './stop-words.js';

/** Longest text that is read, in UTF-16 units; what follows is left out. */
const MAX_TEXT_LENGTH = 20_000;

/** Compatibility forms (full-width letters, digits, units) folded, Latin in lower case, at most 20,000 long. */
export function normaliseText(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH).normalize('NFKC').toLowerCase().slice(0, MAX_TEXT_LENGTH);
}

/** True for a word that may carry meaning: letters or Han signs and digits, with at least one sign that is no digit. */
export function isWord(token: string): boolean {
  return /^[\p{L}\p{N}]+$/u.test(token) && /\p{L}/u.test(token);
}

/** The pieces of a name as the reference data writes it: `石英/陶瓷/石墨等部件材料` has three. */
export function namePieces(name: string): string[] {
  return normaliseText(name)
    .split(/[^\p{L}\p{N}]+|以及|及其|等|与|及/u)
    .filter((piece) => piece.length > 0);
}

/** An industry's name without the words every industry has: `橡胶板、管、带制造` becomes `橡胶板、管、带`. */
export function shortIndustryName(name: string): string {
  return name.replace(/(的)?(制造业?|加工业?|生产|业)$/u, '');
}

/** `景宁畲族自治县` becomes `景宁`; a name that would leave one sign stays whole. */
function shortPlaceName(name: string): string {
  const short = name.replace(/(?:畲族|[一-鿿]族)?自治[县州区]$|[县市区]$/u, '');
  return short.length >= 2 ? short : name;
}

/**
 * The names of places that must not make a need like a county: counties, their prefectures, regions and the towns
 * the counties' own industry names mention (`滤布(平桥镇)`).
 */
export function placeNames(reference: ReferenceData): ReadonlySet<string> {
  const names = new Set<string>(REGION_WORDS);
  for (const county of reference.counties) {
    for (const name of [county.name, county.prefecture]) {
      names.add(name);
      names.add(shortPlaceName(name));
    }
    for (const industry of county.leadingIndustries) {
      for (const [, town] of industry.name.matchAll(/(?:^|[^\p{L}])(\p{L}{2,3})(?:镇|乡|街道)/gu)) {
        if (town !== undefined) names.add(town).add(`${town}镇`);
      }
    }
  }
  names.delete('');
  return names;
}
