import { GATES, type Gate } from './gate.js';
import type { MatchOutcome } from './rematch.js';

type Ranked = readonly [parkId: string, rank: number, eligible: 0 | 1, open: number];
type Excluded = readonly [parkId: string, failing: number];
type Text = readonly [
  label: MatchOutcome['label'],
  rankedTotal: number,
  excludedTotal: number,
  ranked: readonly Ranked[],
  excluded: readonly Excluded[],
];

/** What an outcome tells besides its parks. */
export type OutcomeTotals = Pick<MatchOutcome, 'label' | 'rankedTotal' | 'excludedTotal'>;

const PLACES: ReadonlyMap<string, number> = new Map(GATES.map((gate, place) => [gate, place]));

const maskOf = (gates: readonly Gate[]): number =>
  gates.reduce((mask, gate) => mask | (1 << (PLACES.get(gate) ?? 0)), 0);

/** Gates of a mask, each list made once for a list of names. */
const lists = new WeakMap<readonly Gate[], Map<number, readonly Gate[]>>();

function gatesOf(mask: number, names: readonly Gate[]): readonly Gate[] {
  const known = lists.get(names) ?? new Map<number, readonly Gate[]>();
  lists.set(names, known);
  const list = known.get(mask) ?? names.filter((_gate, place) => (mask & (1 << place)) !== 0);
  known.set(mask, list);
  return list;
}

/** One ranked park of an outcome's text. @param id the park's id as JSON. @param open gates as bits, by their places in GATES. */
export function rankedText(id: string, rank: number, eligible: boolean, open: number): string {
  return `[${id},${rank},${eligible ? 1 : 0},${open}]`;
}

/** One excluded park. @param id the park's id as JSON. @param failing gates as bits, by their places in GATES. */
export function excludedText(id: string, failing: number): string {
  return `[${id},${failing}]`;
}

/** The text of an outcome whose parks are texts already. */
export function joinOutcome(totals: OutcomeTotals, ranked: readonly string[], excluded: readonly string[]): string {
  const { label, rankedTotal, excludedTotal } = totals;
  return `[${JSON.stringify(label)},${rankedTotal},${excludedTotal},[${ranked.join(',')}],[${excluded.join(',')}]]`;
}

/**
 * An outcome as JSON, gates as bits by their places in GATES. Two outcomes with the same text are the same, and the other
 * way round.
 */
export function outcomeText(outcome: MatchOutcome): string {
  return joinOutcome(
    outcome,
    outcome.ranked.map(({ parkId, rank, status, open }) =>
      rankedText(JSON.stringify(parkId), rank, status === 'eligible', maskOf(open)),
    ),
    outcome.excluded.map(({ parkId, failing }) => excludedText(JSON.stringify(parkId), maskOf(failing))),
  );
}

const isText = (value: unknown): value is Text =>
  Array.isArray(value) && value.length === 5 && Array.isArray(value[3]) && Array.isArray(value[4]);

/**
 * The outcome of a parsed text; null if it is nothing of the kind.
 * @param gates the names its bits stand for, where they are not those of this version of the program.
 */
export function readOutcome(text: unknown, gates: readonly Gate[] = GATES): MatchOutcome | null {
  if (!isText(text)) return null;
  const [label, rankedTotal, excludedTotal, ranked, excluded] = text;
  return {
    label,
    rankedTotal,
    excludedTotal,
    ranked: ranked.map(([parkId, rank, eligible, open]) => ({
      parkId,
      rank,
      status: eligible === 1 ? 'eligible' : 'conditional',
      open: gatesOf(open, gates),
    })),
    excluded: excluded.map(([parkId, failing]) => ({ parkId, failing: gatesOf(failing, gates) })),
  };
}

/** The outcome `outcomeText` was made of. @throws RangeError, SyntaxError for what it did not make. */
export function outcomeOfText(text: string): MatchOutcome {
  const outcome = readOutcome(JSON.parse(text));
  if (outcome === null) throw new RangeError('no text of an outcome');
  return outcome;
}
