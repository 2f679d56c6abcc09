import { z } from 'zod';

/** The object schema at a path, seen through optional and preprocessing wrappers; null where there is none. */
function objectAt(schema: unknown, path: readonly PropertyKey[]): z.ZodObject | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return objectAt(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return objectAt(schema.out, path);
  if (schema instanceof z.ZodUnion) {
    return schema.options.reduce<z.ZodObject | null>((found, option) => found ?? objectAt(option, path), null);
  }
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return objectAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return null;
  return step === undefined ? schema : objectAt(schema.shape[String(step)], rest);
}

/** Levenshtein distance. Both texts are keys, so short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known key that an unknown one most likely means (`min_mu` -> `minMu`); nothing where none is near. */
export function nearestKey(
  schema: unknown,
  path: readonly PropertyKey[],
  key: string,
): { readonly mend?: readonly string[] } {
  if (key.length > 40) return {};
  const fold = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const near = Object.keys(objectAt(schema, path)?.shape ?? {})
    .map((known) => ({ known, steps: distance(fold(key), fold(known)) }))
    .filter(({ known, steps }) => steps <= Math.max(1, Math.floor(known.length / 4)))
    .sort((a, b) => a.steps - b.steps)[0];
  return near === undefined ? {} : { mend: [near.known] };
}
