import { type Adcode, type County, holdsOn } from '../../domain/county.js';
import type { CaseQuestion } from '../../domain/placement-case.js';
import type { TextNumbers } from '../compile-need.js';
import { distanceKm, type Frame } from '../frame.js';

/** Orders that need no engine, measured beside it. */
export const BASELINES = ['text', 'gbtPrefix', 'pairing', 'distance', 'random'] as const;
export type Baseline = (typeof BASELINES)[number];

type Value = (county: County, row: number) => number;

/** Digits the code shares from the left with the nearest code of the county's industries. */
function sharedPrefix(gbt: string, county: County): number {
  let longest = 0;
  for (const code of county.leadingIndustries.flatMap((industry) => industry.gbt)) {
    let shared = 0;
    while (shared < gbt.length && gbt[shared] === code[shared]) shared += 1;
    longest = Math.max(longest, shared);
  }
  return longest;
}

function valuing(baseline: Baseline, frame: Frame, question: CaseQuestion, text: TextNumbers): Value {
  const origin = frame.counties[frame.countyRow.get(question.originAdcode ?? '') ?? -1];
  switch (baseline) {
    case 'text':
      return (_, row) => text.counties[row] ?? 0;
    case 'gbtPrefix':
      return (county) => sharedPrefix(question.gbt, county);
    case 'pairing':
      return ({ adcode }) =>
        frame.reference.pairings.some(
          (pair) => pair.sourceAdcode === origin?.adcode && pair.hostAdcode === adcode && holdsOn(pair, frame.today),
        )
          ? 1
          : 0;
    case 'distance':
      return (county) => (origin === undefined ? 0 : -distanceKm(origin, county));
    case 'random':
      return () => 0;
  }
}

/**
 * The value a baseline orders counties by, higher first: likeness of the text to what the county says of itself; digits
 * of the code shared with the county's leading industries; 1 for a county paired with the origin; nearness of the
 * origin; nothing (random). Counties of equal value, which are all where no origin is known, share their places.
 */
export function baselineValues(
  baseline: Baseline,
  frame: Frame,
  question: CaseQuestion,
  text: TextNumbers,
  candidates: readonly Adcode[],
): ReadonlyMap<Adcode, number> {
  const value = valuing(baseline, frame, question, text);
  return new Map(
    candidates.map((adcode) => {
      const row = frame.countyRow.get(adcode) ?? -1;
      const county = frame.counties[row];
      return [adcode, county === undefined ? 0 : value(county, row)];
    }),
  );
}
