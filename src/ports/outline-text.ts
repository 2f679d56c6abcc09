import { GATES, type Gate } from '../domain/match.js';
import type { MatchOutcome, ResultOutline } from '../domain/rematch.js';
import { readJson } from './read-json.js';

type Ranked = readonly [parkId: string, rank: number, eligible: 0 | 1, score: number, open: number];
type Excluded = readonly [parkId: string, failing: number];

/** An outline as it is stored: gates as bits, by their places in a list of names that stands beside them. */
interface OutlineText extends Omit<ResultOutline, 'outcome' | 'scores'> {
  readonly label: MatchOutcome['label'];
  readonly rankedTotal: number;
  readonly excludedTotal: number;
  readonly gates: readonly Gate[];
  readonly ranked: readonly Ranked[];
  readonly excluded: readonly Excluded[];
}

const PLACES: ReadonlyMap<string, number> = new Map(GATES.map((gate, place) => [gate, place]));

const maskOf = (gates: readonly Gate[]): number =>
  gates.reduce((mask, gate) => mask | (1 << (PLACES.get(gate) ?? 0)), 0);

const gatesOf = (mask: number, gates: readonly Gate[]): Gate[] =>
  mask === 0 ? [] : gates.filter((_gate, place) => (mask & (1 << place)) !== 0);

/** Texts of outlines that were read from them: as a rule an outline is written just as it came from a thread. */
const texts = new WeakMap<ResultOutline, string>();

/** An outline as JSON, a third as long as it is by itself. */
export function outlineText(outline: ResultOutline): string {
  return texts.get(outline) ?? written(outline);
}

function written({ outcome, scores, ...head }: ResultOutline): string {
  const text: OutlineText = {
    ...head,
    label: outcome.label,
    rankedTotal: outcome.rankedTotal,
    excludedTotal: outcome.excludedTotal,
    gates: GATES,
    ranked: outcome.ranked.map(({ parkId, rank, status, open }, at) => {
      return [parkId, rank, status === 'eligible' ? 1 : 0, scores[at] ?? 0, maskOf(open)];
    }),
    excluded: outcome.excluded.map(({ parkId, failing }) => [parkId, maskOf(failing)]),
  };
  return JSON.stringify(text);
}

const isText = (value: unknown): value is OutlineText =>
  typeof value === 'object' &&
  value !== null &&
  'gates' in value &&
  Array.isArray(value.gates) &&
  'ranked' in value &&
  Array.isArray(value.ranked) &&
  'excluded' in value &&
  Array.isArray(value.excluded);

/** Reads what `outlineText` made; null if it is nothing of the kind. */
export function readOutlineText(json: string): ResultOutline | null {
  const text = readJson(json);
  if (!isText(text)) return null;
  const outline = outlineIn(text);
  texts.set(outline, json);
  return outline;
}

function outlineIn(text: OutlineText): ResultOutline {
  const { label, rankedTotal, excludedTotal, gates, ranked, excluded, ...head } = text;
  return {
    ...head,
    outcome: {
      ranked: ranked.map(([parkId, rank, eligible, , open]) => {
        return { parkId, rank, status: eligible === 1 ? 'eligible' : 'conditional', open: gatesOf(open, gates) };
      }),
      rankedTotal,
      excluded: excluded.map(([parkId, failing]) => ({ parkId, failing: gatesOf(failing, gates) })),
      excludedTotal,
      label,
    },
    scores: ranked.map(([, , , score]) => score),
  };
}
