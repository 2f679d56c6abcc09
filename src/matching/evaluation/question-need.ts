import type { Criterion } from '../../domain/match.js';
import type { CaseQuestion } from '../../domain/placement-case.js';
import type { MatchableNeed } from '../compile-need.js';
import type { Frame } from '../frame.js';

/** Criteria that read a park's inventory. Inventories are samples, so landings are judged without them. */
export const INVENTORY_CRITERIA = [
  'landHeadroom',
  'parcelFit',
  'energyHeadroom',
  'envHeadroom',
  'siteCost',
  'wageCost',
  'labour',
  'time',
] as const satisfies readonly Criterion[];

/** What had to be read otherwise than it stands in the case. */
export type CaseNote =
  | { readonly kind: 'codeShortened'; readonly from: string; readonly to: string }
  | { readonly kind: 'codeUnknown'; readonly from: string }
  | { readonly kind: 'originUnknown'; readonly from: string };

/** A question as a need the engine can match, and what was read otherwise. */
export interface QuestionNeed {
  readonly need: MatchableNeed;
  readonly notes: readonly CaseNote[];
}

/** The longest listed code the given one begins with; null if not even its division is listed. */
function listedCode(gbt: string, listed: ReadonlySet<string>): string | null {
  for (let length = gbt.length; length >= 2; length -= 1) {
    const prefix = gbt.slice(0, length);
    if (listed.has(prefix)) return prefix;
  }
  return null;
}

/**
 * Turns a question into a need. No gate that reads an inventory is asked for (`minMu` 0, no factors) and the criteria
 * that read one weigh nothing. Land is handed on as the wish `idealMu`, so that judgement of size can read it;
 * `investWan` 0 is unspecified. A code that is not listed is shortened to the longest listed prefix; without one, or
 * without a known origin, the need goes on with what is left and a note.
 * @param without criteria that are to weigh nothing beside those of the inventory.
 */
export function questionNeed(frame: Frame, question: CaseQuestion, without: readonly Criterion[] = []): QuestionNeed {
  const { gbt, originAdcode, landMu, investWan, outputWan, taxWan, jobs } = question;
  const listed = listedCode(gbt, new Set(frame.graph.codeLinks.keys()));
  const known = originAdcode !== null && frame.countyRow.has(originAdcode);
  const notes: CaseNote[] = [];
  if (listed === null) notes.push({ kind: 'codeUnknown', from: gbt });
  else if (listed !== gbt) notes.push({ kind: 'codeShortened', from: gbt, to: listed });
  if (originAdcode !== null && !known) notes.push({ kind: 'originUnknown', from: originAdcode });
  const weights = Object.fromEntries([...INVENTORY_CRITERIA, ...without].map((criterion) => [criterion, 0]));
  return {
    notes,
    need: {
      firm: { countyAdcode: known ? originAdcode : null },
      gbt: listed ?? gbt,
      land: { minMu: 0, ...(landMu === null ? {} : { idealMu: landMu }) },
      investWan: investWan ?? 0,
      ...(outputWan === null ? {} : { outputWan }),
      ...(taxWan === null ? {} : { taxWan }),
      ...(jobs === null ? {} : { workers: jobs }),
      weights,
    },
  };
}
