import { readFileSync } from 'node:fs';
import path from 'node:path';
import { seedDataDir } from '../../../seeds/files.js';
import { loadSeedData } from '../../../seeds/load.js';
import type { PlacementCase } from '../../../src/domain/placement-case.js';
import type { WordedCase } from '../../../src/matching/evaluation/judge-cases.js';
import { compileFrame } from '../../../src/matching/frame.js';
import { compileSnapshot } from '../../../src/matching/snapshot.js';
import { parsePlacements } from '../../../src/schemas/placements-schema.js';
import { createTextAnalysis } from '../../../src/text/text-analysis.js';
import { textNumbers } from '../../../src/usecases/match-need.js';

/** Pairings are read on this day, so that the figures do not change with the calendar. */
const DAY = '2026-11-21';

const data = loadSeedData();
export const reference = data.reference;
export const snapshot = compileSnapshot(compileFrame(data.reference, data.parks, DAY), data.parks, data.edition);
const analysis = createTextAnalysis(data.reference);

/** The file as it stands. */
export const devFile: { readonly placements: readonly Readonly<Record<string, unknown>>[] } = JSON.parse(
  readFileSync(path.join(seedDataDir(), 'evaluation', 'placements.json'), 'utf8'),
);

export function readCases(body: unknown): readonly PlacementCase[] {
  const parsed = parsePlacements(body);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.cases;
}

export function worded(placement: PlacementCase): WordedCase {
  const need = { title: '', description: placement.description };
  return { placement, text: textNumbers(snapshot.frame, analysis, need) };
}

export const devCases: readonly WordedCase[] = readCases(devFile).map(worded);
