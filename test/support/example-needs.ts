import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/index.mjs';
import { type RequestNeed, requestNeedSchema } from './api-client.js';

const folder = join(root, 'seeds', 'examples');

/** Path of every example need, in the order of their names. */
export const EXAMPLE_FILES: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => join(folder, name));

/** The example needs as a client sends them. */
export const EXAMPLES: readonly RequestNeed[] = EXAMPLE_FILES.map((file) =>
  requestNeedSchema.parse(JSON.parse(readFileSync(file, 'utf8'))),
);

/** A small need of its own for each number: one of the examples with another title, size and firm. */
export function variedNeed(number: number): RequestNeed {
  const example = EXAMPLES[number % EXAMPLES.length];
  if (example === undefined) throw new Error('no example needs');
  const workers = 20 + (number % 480);
  return { ...example, title: `扩产需求 ${number}`, workers, energyTce: 50 + ((number * 37) % 9_000) };
}
