import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SeedDataError, type SeedProblem, seedDataDir } from '../files.js';
import { readSources } from '../sources.js';
import { generateInventories } from './inventories.js';
import { generatePresence } from './presence.js';

/** One record a line: small, and a change of one park shows as one line. */
export function seedFileText(records: readonly unknown[]): string {
  return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
}

/** The generated seed files as text, by file name. Raises `SeedDataError` when a hand-kept file is not usable. */
export function generatedSeedFiles(dir: string = seedDataDir()): ReadonlyMap<string, string> {
  const problems: SeedProblem[] = [];
  const sources = readSources(dir, problems);
  if (problems.length > 0) throw new SeedDataError(problems);
  return new Map([
    ['inventories.json', seedFileText(generateInventories(sources.parks, sources.counties))],
    ['presence.json', seedFileText(generatePresence(sources))],
  ]);
}

/** Writes the generated seed files and gives their names and sizes in bytes. */
export function writeGeneratedSeedFiles(
  dir: string = seedDataDir(),
): readonly { readonly file: string; readonly bytes: number }[] {
  return [...generatedSeedFiles(dir)].map(([file, text]) => {
    writeFileSync(path.join(dir, file), text);
    return { file, bytes: Buffer.byteLength(text) };
  });
}
