import { GATES, type Gate } from '../domain/match.js';
import { outcomeText, readOutcome } from '../domain/outcome-text.js';
import type { ResultName, ResultOutline } from '../domain/rematch.js';
import { readJson } from './read-json.js';

/** An outline as it is stored: the names of its gates stand beside the outcome, whose bits they are. */
interface OutlineText extends ResultName {
  readonly gates: readonly Gate[];
  readonly scores: readonly number[];
  readonly outcome: unknown;
}

/**
 * An outline as JSON.
 * @param outcome `outcomeText` of its outcome: as a rule it is there before the outline is written.
 */
export function joinOutline(name: ResultName, scores: readonly number[], outcome: string): string {
  const { needId, version, profile, snapshot, generatedAt } = name;
  const head = JSON.stringify({ needId, version, profile, snapshot, generatedAt, gates: GATES, scores });
  return `${head.slice(0, -1)},"outcome":${outcome}}`;
}

/** An outline as JSON. */
export function outlineText(outline: ResultOutline): string {
  return joinOutline(outline, outline.scores, outcomeText(outline.outcome));
}

const isText = (value: unknown): value is OutlineText =>
  typeof value === 'object' &&
  value !== null &&
  'gates' in value &&
  Array.isArray(value.gates) &&
  'scores' in value &&
  Array.isArray(value.scores);

/** Reads what `outlineText` made; null if it is nothing of the kind. */
export function readOutlineText(json: string): ResultOutline | null {
  const text = readJson(json);
  if (!isText(text)) return null;
  const { needId, version, profile, snapshot, generatedAt, scores } = text;
  const outcome = readOutcome(text.outcome, text.gates);
  return outcome === null ? null : { needId, version, profile, snapshot, generatedAt, outcome, scores };
}
