import { AppError, type FieldIssue } from '../domain/errors.js';
import type { Need } from '../domain/need.js';
import type { Edition } from './reference-cache.js';

/** Suggestions given for a value the reference data does not know. */
const SUGGESTIONS = 3;

/** The known values that share the longest beginning with one that is not known. */
export function nearest(value: string, known: Iterable<string>): string[] {
  const shared = (other: string) => {
    let length = 0;
    while (length < value.length && value[length] === other[length]) length += 1;
    return length;
  };
  return [...known]
    .map((other) => ({ other, length: shared(other) }))
    .filter(({ length }) => length >= 2)
    .sort((a, b) => b.length - a.length || (a.other < b.other ? -1 : 1))
    .slice(0, SUGGESTIONS)
    .map(({ other }) => other);
}

/**
 * Checks what only the reference data can tell: the code, the counties and the links exist.
 * @throws AppError `invalidInput` with one issue for each unknown value and the nearest known ones as its mend.
 */
export function checkAgainstReference(need: Need, edition: Edition): void {
  const issues: FieldIssue[] = [];
  if (!edition.codes.has(need.gbt)) {
    const mend = edition.search().nearestCodes(need.gbt, SUGGESTIONS);
    issues.push({ field: 'gbt', code: 'unknownIndustry', value: need.gbt, mend });
  }
  const county = (field: string, adcode: string) => {
    if (edition.adcodes.has(adcode)) return;
    issues.push({ field, code: 'unknownCounty', mend: nearest(adcode, edition.adcodes), ...shown(field, adcode) });
  };
  county('firm.countyAdcode', need.firm.countyAdcode);
  for (const [index, adcode] of (need.exclude?.counties ?? []).entries()) county(`exclude.counties[${index}]`, adcode);
  for (const [index, link] of (need.chain?.links ?? []).entries()) {
    if (edition.linkIds.has(link)) continue;
    issues.push({
      field: `chain.links[${index}]`,
      code: 'unknownLink',
      value: link,
      mend: nearest(link, edition.linkIds),
    });
  }
  if (issues.length > 0) throw new AppError('invalidInput', { issues });
}

/** Where a firm sits is part of who it is: the value is not repeated. */
function shown(field: string, value: string): { value?: string } {
  return field.startsWith('firm.') ? {} : { value };
}
