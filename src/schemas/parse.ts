import type { z } from 'zod';
import type { FieldIssue } from '../domain/errors.js';
import { isSecretField } from '../domain/secret-fields.js';
import type { IssueParams } from './fields.js';
import { guardKeys } from './json-text.js';
import { MAX_ISSUES } from './limits.js';
import { nearestKey } from './nearest-key.js';
import { fieldPath, valueAt } from './paths.js';

/** A value without the `undefined` that zod's optional fields allow. */
export type Present<T> = T extends readonly (infer Item)[]
  ? Present<Item>[]
  : T extends object
    ? { [Key in keyof T]: Present<Exclude<T[Key], undefined>> }
    : T;

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] };

/**
 * Checks a parsed JSON value against a schema. Never throws; gives at most `MAX_ISSUES` issues.
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, body: unknown): Parsed<Present<z.output<Schema>>> {
  const guarded = guardKeys(body);
  if (guarded.length > 0) return { ok: false, issues: guarded };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: withoutUndefined(parsed.data) };
  const issues = parsed.error.issues.flatMap((issue) => fieldIssues(schema, issue, body));
  // The length of a text that stands for a list is not worth a word.
  const mistyped = new Set(issues.filter(({ code }) => code === 'wrongType').map(({ field }) => field));
  const telling = issues.filter(({ field, code }) => code === 'wrongType' || !mistyped.has(field));
  return { ok: false, issues: telling.slice(0, MAX_ISSUES) };
}

function withoutUndefined<T>(value: T): Present<T>;
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== undefined);
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutUndefined(child)]));
}

/** A value that may be shown: short, printable, not secret. */
function shown(field: string, value: unknown): Pick<FieldIssue, 'value'> {
  if (isSecretField(field)) return {};
  if (typeof value === 'number') return { value: Number.isFinite(value) ? value : String(value) };
  if (typeof value === 'boolean' || value === null) return { value };
  if (typeof value !== 'string' || !/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(value)) return {};
  return { value: value.length > 40 ? `${value.slice(0, 40)}…` : value };
}

function fieldIssues(schema: z.ZodType, issue: z.core.$ZodIssue, body: unknown): readonly FieldIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldPath([...issue.path, key]),
      code: 'unknownField',
      ...nearestKey(schema, issue.path, key),
    }));
  }
  if (issue.code === 'invalid_union') {
    // The branch whose type fits what was sent tells what is wrong with it.
    const fits = (branch: readonly z.core.$ZodIssue[]) =>
      !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0);
    const branch = issue.errors.find(fits) ?? issue.errors[0] ?? [];
    return branch.flatMap((inner) => fieldIssues(schema, { ...inner, path: [...issue.path, ...inner.path] }, body));
  }
  const field = fieldPath(issue.path);
  const raw = valueAt(body, issue.path);
  const params = issueParams(issue, raw);
  const value = shown(field, params.value ?? raw);
  const { value: _, ...rest } = params;
  if (isSecretField(field))
    return [{ field, code: rest.code, ...(rest.limit === undefined ? {} : { limit: rest.limit }) }];
  return [{ field, ...rest, ...value }];
}

/** Code and limit of one of zod's issues. */
function issueParams(issue: z.core.$ZodIssue, raw: unknown): IssueParams {
  switch (issue.code) {
    case 'custom':
      return customParams(issue.params);
    case 'invalid_type':
      if (raw === undefined) return { code: 'required' };
      if (issue.expected === 'number' && (typeof raw === 'string' || typeof raw === 'number'))
        return { code: 'notANumber' };
      return {
        code: 'wrongType',
        limit: issue.expected,
        ...(issue.expected === 'string' && typeof raw === 'number' ? { mend: [`"${raw}"`] } : {}),
      };
    case 'too_big':
      return {
        code: { string: 'tooLong', array: 'tooMany' }[issue.origin as string] ?? 'tooLarge',
        limit: Number(issue.maximum),
      };
    case 'too_small':
      return {
        code: { string: 'empty', array: 'tooFew' }[issue.origin as string] ?? 'tooSmall',
        limit: Number(issue.minimum),
      };
    case 'not_multiple_of':
      return { code: 'notWhole' };
    case 'invalid_value':
      if (raw === undefined) return { code: 'required' };
      return { code: 'notAllowed', limit: issue.values.map(String).join(' ') };
    default:
      return { code: 'badFormat', limit: issue.code };
  }
}

function customParams(params: Record<string, unknown> | undefined): IssueParams {
  const { code, limit, mend, value } = params ?? {};
  return {
    code: typeof code === 'string' ? code : 'badFormat',
    ...(typeof limit === 'string' || typeof limit === 'number' ? { limit } : {}),
    ...(Array.isArray(mend) && mend.length > 0 ? { mend: mend.map(String) } : {}),
    ...(typeof value === 'string' || typeof value === 'number' ? { value } : {}),
  };
}
