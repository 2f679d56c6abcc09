import { z } from 'zod';
import type { IsoDate } from '../domain/provenance.js';
import { isIsoDate } from '../domain/units.js';
import { FINEST, HORIZON_YEARS } from './limits.js';

/** What a check adds to an issue so that it becomes a `FieldIssue`. */
export interface IssueParams {
  readonly code: string;
  readonly limit?: string | number;
  readonly mend?: readonly string[];
  /** Stands in for the value at the path, e.g. a sum. */
  readonly value?: string | number;
}

/** Adds an issue with a stable code at the place the context stands at, or at `path` below it. */
export function report(ctx: z.core.$RefinementCtx, params: IssueParams, path: PropertyKey[] = []): void {
  ctx.addIssue({ code: 'custom', message: params.code, params, path });
}

/**
 * Full-width letters, digits and signs as their plain forms, and the wide space as a space. Narrower than NFKC, which
 * would read 10² as 102 and ½ as 1⁄2.
 */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ');
}

function plainCode(raw: unknown): unknown {
  return typeof raw === 'string' ? halfWidth(raw).trim() : raw;
}

/** Decimal digits as text become a number; what JSON can't hold (1e309) becomes the largest number, so that limits name it. */
function plainNumber(raw: unknown): unknown {
  const text = plainCode(raw);
  const value = typeof text === 'string' && /^-?\d{1,64}(\.\d{1,64})?$/.test(text) ? Number(text) : text;
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  if (value === Number.NEGATIVE_INFINITY) return -Number.MAX_VALUE;
  return value === 0 ? 0 : value;
}

/** A quantity between `min` (0 unless told) and `max`, both included; digits as text, also full-width ones, are read. */
export function quantity(options: { readonly max: number; readonly min?: number; readonly what: string }) {
  const checked = z
    .number()
    .min(options.min ?? 0)
    .max(options.max)
    .superRefine((value, ctx) => {
      if (value > 0 && value < FINEST) report(ctx, { code: 'tooFine', limit: FINEST });
    });
  return z.preprocess(plainNumber, checked).meta({ description: options.what });
}

/** A whole number between `min` (0 unless told) and `max`, read as `quantity` reads. */
export function whole(options: { readonly max: number; readonly min?: number; readonly what: string }) {
  const checked = z
    .number()
    .multipleOf(1)
    .min(options.min ?? 0)
    .max(options.max);
  return z.preprocess(plainNumber, checked).meta({ description: options.what });
}

/** Controls, lone surrogates, line separators, and marks that turn the reading direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/u;

function text(max: number, what: string, unprintable: (value: string) => boolean) {
  const clean = (raw: unknown) =>
    typeof raw === 'string' ? raw.normalize('NFC').replaceAll('\r\n', '\n').trim() : raw;
  const checked = z
    .string()
    .min(1)
    .max(max)
    .superRefine((value, ctx) => {
      if (unprintable(value)) report(ctx, { code: 'controlCharacter' });
    });
  return z.preprocess(clean, checked).meta({ description: what });
}

/** One line of text, 1 to `max` UTF-16 units, trimmed and in Unicode form NFC, without control characters. */
export function line(max: number, what: string) {
  return text(max, what, (value) => UNPRINTABLE.test(value));
}

/** Text of several lines; as `line`, but line breaks and tabs may stand in it. */
export function prose(max: number, what: string) {
  return text(max, what, (value) => UNPRINTABLE.test(value.replaceAll(/[\n\t]/g, ' ')));
}

/** A code of a fixed form; full-width forms are read. `form` is the form in words, `upper` folds letters. */
export function code(options: { readonly pattern: RegExp; readonly form: string; readonly what: string }) {
  const checked = z.string().superRefine((value, ctx) => {
    if (!options.pattern.test(value)) report(ctx, { code: 'badFormat', limit: options.form });
  });
  return z.preprocess(plainCode, checked).meta({ description: options.what, pattern: options.pattern.source });
}

/** GB/T 4754-2017 code, two to four digits; `C3985` is refused with the mend `3985`. */
export function gbtCode(what: string) {
  const checked = z.string().superRefine((value, ctx) => {
    if (/^\d{2,4}$/.test(value)) return;
    const digits = /^[A-Ta-t](\d{2,4})$/.exec(value)?.[1];
    report(ctx, { code: 'badFormat', limit: '2–4 位数字', ...(digits ? { mend: [digits] } : {}) });
  });
  return z.preprocess(plainCode, checked).meta({ description: what, pattern: '^\\d{2,4}$' });
}

/** Six digits of GB/T 2260. */
export function adcode(what: string) {
  return code({ pattern: /^\d{6}$/, form: '6 位数字', what });
}

/** The day `years` after a day; 29 February becomes 1 March where there is none. */
export function yearsAfter(day: IsoDate, years: number): IsoDate {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}

/** `2027/6/1` and `2027年6月1日` as `2027-06-01`, where that is a day. */
function guessDate(value: string): readonly string[] {
  const parts = /^(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?$/.exec(value);
  if (parts === null) return [];
  const guess = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`;
  return isIsoDate(guess) ? [guess] : [];
}

/** The bounds of a date, both included, with the issue codes for what lies outside. */
export interface DateBounds {
  readonly from: IsoDate;
  readonly fromCode: 'dateInPast' | 'dateTooEarly';
  readonly to: IsoDate;
  readonly toCode: 'dateTooFar' | 'dateInFuture';
}

/** Bounds for a day that is still to come: today to the horizon. */
export function comingDays(today: IsoDate): DateBounds {
  return { from: today, fromCode: 'dateInPast', to: yearsAfter(today, HORIZON_YEARS), toCode: 'dateTooFar' };
}

/** A day of the calendar, `YYYY-MM-DD`, within bounds; full-width digits are read. */
export function day(bounds: DateBounds, what: string) {
  const checked = z.string().superRefine((value, ctx) => {
    if (!isIsoDate(value)) report(ctx, { code: 'notADate', mend: guessDate(value) });
    else if (value < bounds.from) report(ctx, { code: bounds.fromCode, limit: bounds.from });
    else if (value > bounds.to) report(ctx, { code: bounds.toCode, limit: bounds.to });
  });
  return z.preprocess(plainCode, checked).meta({ description: what, format: 'date' });
}

/** Reports the second and later of equal items, each at its place. */
export function reportDuplicates(ctx: z.core.$RefinementCtx, items: readonly string[], path: PropertyKey[] = []): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item)) report(ctx, { code: 'duplicate', value: item }, [index, ...path]);
    seen.add(item);
  });
}
