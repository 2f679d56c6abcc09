import type { Chain, Link } from '../../src/domain/chain.js';

/** Shares below this are noise and are dropped. */
const CONTAINED_KEYWORD = 1;
const TOKEN_IN_LINK_WORD = 0.8;
/** A code shared by several links of a chain, none of which the industry's name singles out. */
const AMBIGUOUS_MAIN_CODE = 0.5;
const AMBIGUOUS_SIDE_CODE = 0.4;
/** A code shared with a link that the name does single out. */
const OVERSHADOWED = 0.25;

/** The parts of an industry's name: 机械、皮件、塑包 gives three, brackets are opened. One-letter parts are dropped. */
function nameTokens(name: string): readonly string[] {
  return name.split(/[\s、,,;;//()()+·—:“”]+/u).filter((token) => token.length >= 2);
}

/**
 * How well an industry's name names a link, in [0, 1]: 1 if one of the link's keywords stands in the name, 0.8 if a
 * part of the name stands in the link's name or a keyword. Parts that stand in the chain's own name say nothing about
 * which of its links is meant.
 */
export function nameAffinity(industryName: string, link: Link, chain: Chain): number {
  const words = [link.name, ...link.keywords].filter((word) => word.length >= 2);
  if (words.some((word) => industryName.includes(word) && !chain.name.startsWith(word))) return CONTAINED_KEYWORD;
  const tokens = nameTokens(industryName).filter((token) => !chain.name.includes(token));
  return tokens.some((token) => words.some((word) => word.includes(token))) ? TOKEN_IN_LINK_WORD : 0;
}

/** True if one code is the other or a prefix of it (`313` and `3130`). */
export function codesMeet(left: string, right: string): boolean {
  return left.startsWith(right) || right.startsWith(left);
}

/**
 * Shares of a chain's links in an industry, by its GB/T codes and its name: for each code the links that carry it
 * compete; those the name singles out take the code, and the rest keep a quarter. 汽车空调 (3670) so lands on the
 * thermal link and not alike on all eight links with 3670. A link takes the best of its codes.
 */
export function linkShares(name: string, codes: readonly string[], chain: Chain): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const code of codes) {
    const carriers = chain.links.filter((link) => link.gbt.some((own) => codesMeet(own, code)));
    const affinities = carriers.map((link) => nameAffinity(name, link, chain));
    const best = Math.max(0, ...affinities);
    carriers.forEach((link, index) => {
      const affinity = affinities[index] ?? 0;
      const main = link.gbt[0] !== undefined && codesMeet(link.gbt[0], code);
      let share = main ? AMBIGUOUS_MAIN_CODE : AMBIGUOUS_SIDE_CODE;
      if (carriers.length === 1) share = 1;
      else if (best > 0) share = affinity > 0 ? affinity / best : OVERSHADOWED;
      shares.set(link.id, Math.max(shares.get(link.id) ?? 0, share));
    });
  }
  return shares;
}
