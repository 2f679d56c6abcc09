import type { FieldIssue } from '../domain/errors.js';
import { MAX_DEPTH } from './limits.js';
import { fieldPath } from './paths.js';

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What reading a JSON text gives. `broken` says where, never what: the text may hold a firm's data. */
export type JsonText =
  | { readonly outcome: 'read'; readonly value: unknown }
  | { readonly outcome: 'broken'; readonly line?: number; readonly column?: number }
  | { readonly outcome: 'refused'; readonly issues: readonly FieldIssue[] };

/**
 * Reads JSON strictly: keys that could reach an object's prototype, keys given twice and deep nesting are refused,
 * because different readers would understand them differently.
 */
export function readJsonText(text: string): JsonText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { outcome: 'broken', ...errorPlace(text, error) };
  }
  const issues = [...guardKeys(value), ...repeatedKeys(text)];
  return issues.length === 0 ? { outcome: 'read', value } : { outcome: 'refused', issues };
}

/** Line and column of a syntax error, where the engine tells its position. */
function errorPlace(text: string, error: unknown): { line: number; column: number } | Record<string, never> {
  const found = error instanceof SyntaxError ? /at position (\d+)/.exec(error.message) : null;
  if (found === null) return {};
  const before = text.slice(0, Number(found[1])).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Finds forbidden keys and too deep nesting in a parsed value. Stops at the first: such a body is an attack or a fault. */
export function guardKeys(value: unknown, path: readonly PropertyKey[] = []): FieldIssue[] {
  if (typeof value !== 'object' || value === null) return [];
  if (path.length >= MAX_DEPTH) return [{ field: fieldPath(path), code: 'tooDeep', limit: MAX_DEPTH }];
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return [{ field: fieldPath([...path, key]), code: 'forbiddenKey' }];
  }
  for (const [key, child] of Object.entries(value)) {
    const issues = guardKeys(child, [...path, Array.isArray(value) ? Number(key) : key]);
    if (issues.length > 0) return issues;
  }
  return [];
}

/** One open object or list while scanning: the keys seen so far (null for a list) and where in it the scan is. */
interface Frame {
  readonly keys: Set<string> | null;
  step: PropertyKey;
  expectsKey: boolean;
}

/** Finds the first key that stands twice in one object; `JSON.parse` would silently keep the last. The text is valid JSON. */
function repeatedKeys(text: string): FieldIssue[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    const frame = frames.at(-1);
    if (char === '"') {
      const end = stringEnd(text, at);
      if (frame?.keys && frame.expectsKey) {
        const key = String(JSON.parse(text.slice(at, end)));
        frame.step = key;
        frame.expectsKey = false;
        if (frame.keys.has(key)) return [{ field: fieldPath(frames.map((open) => open.step)), code: 'duplicateKey' }];
        frame.keys.add(key);
      }
      at = end;
      continue;
    }
    if (char === '{') frames.push({ keys: new Set(), step: '', expectsKey: true });
    else if (char === '[') frames.push({ keys: null, step: 0, expectsKey: false });
    else if (char === '}' || char === ']') frames.pop();
    else if (char === ',' && frame?.keys) frame.expectsKey = true;
    else if (char === ',' && frame) frame.step = Number(frame.step) + 1;
    at += 1;
  }
  return [];
}

/** The index after the closing quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
