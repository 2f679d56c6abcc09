import type { Adcode } from '../../domain/county.js';
import { ACCESS, type CompiledNeed } from '../compile-need.js';
import { evaluate } from '../evaluate.js';
import type { Frame } from '../frame.js';
import { byCode } from '../order.js';
import { liveRows } from '../rank.js';
import type { Snapshot } from '../snapshot.js';
import type { Workspace } from '../workspace.js';

/** A county's place in the order. */
export interface CountyPlace {
  readonly adcode: Adcode;
  /** Row of its best park; null if it has none. */
  readonly park: number | null;
  /** The park's score in units of 1/1024 point. */
  readonly score: number;
  /** True if a certain access rule refuses the need there. */
  readonly refused: boolean;
}

/** The counties that are ranked: the mountain counties, by adcode. */
export function candidateCounties(frame: Frame): readonly Adcode[] {
  return frame.counties
    .filter(({ developmentClass }) => developmentClass !== null)
    .map(({ adcode }) => adcode)
    .sort(byCode);
}

/**
 * Ranks counties by their best park's score, best first, equal scores by adcode. Every candidate gets a place: counties
 * that refuse the need come last, in the order their best parks would have. A gate that is open (a fact to be
 * confirmed) counts as confirmed. Leaves the evaluation of all parks in `work`.
 */
export function rankCounties(
  snapshot: Snapshot,
  need: CompiledNeed,
  work: Workspace,
  candidates: readonly Adcode[],
): readonly CountyPlace[] {
  const { frame } = snapshot;
  evaluate(snapshot, { ...need, refusesCounties: false }, work);
  const best = new Map<number, number>();
  for (const park of liveRows(work)) {
    const county = frame.countyOf[park] ?? 0;
    const held = best.get(county);
    if (held === undefined || (work.score[park] ?? 0) > (work.score[held] ?? 0)) best.set(county, park);
  }
  const places = candidates.map((adcode): CountyPlace => {
    const row = frame.countyRow.get(adcode) ?? -1;
    const park = best.get(row) ?? null;
    return {
      adcode,
      park,
      score: park === null ? -1 : (work.score[park] ?? 0),
      refused: need.access[row] === ACCESS.fail,
    };
  });
  return places.sort(
    (a, b) => Number(a.refused) - Number(b.refused) || b.score - a.score || byCode(a.adcode, b.adcode),
  );
}
