import type { Park } from '../../domain/park.js';
import type { FactChange } from '../../domain/rematch.js';
import { factChanges } from '../../matching/rematch/fact-changes.js';
import type { CurrentSnapshot } from '../current-snapshot.js';

function parkState({ stock, at }: CurrentSnapshot, row: number): string {
  const park = stock[row];
  if (park === undefined) return '';
  const over = park.capacity.holds.filter(({ until }) => until <= at).length;
  return `${park.id}@${park.version}.${park.capacity.version}.${over}`;
}

/** Rows of parks whose facts may differ between two snapshots of one frame. */
export function changedRows(before: CurrentSnapshot, after: CurrentSnapshot): readonly number[] {
  return after.stock.flatMap((_park, row) => (parkState(before, row) === parkState(after, row) ? [] : [row]));
}

/** What changed between two frames, as facts; nothing is known of the one before where there was none. */
export function frameChanges(before: CurrentSnapshot | null, after: CurrentSnapshot): readonly FactChange[] {
  if (before === null) return [];
  const change = (kind: 'edition' | 'day', from: string, to: string): FactChange[] =>
    from === to ? [] : [{ kind, parkId: null, fact: null, from, to }];
  const was = new Map<string, Park>(before.snapshot.parks.map((park) => [park.id, park]));
  const is = new Map<string, Park>(after.snapshot.parks.map((park) => [park.id, park]));
  return [
    ...change('edition', before.edition.name, after.edition.name),
    ...change('day', before.snapshot.frame.today, after.snapshot.frame.today),
    ...[...new Set([...was.keys(), ...is.keys()])].flatMap((id) =>
      factChanges(was.get(id) ?? null, is.get(id) ?? null),
    ),
  ];
}

/** A snapshot's id begins with its day. */
export function dayChange(snapshotId: string, today: string): readonly FactChange[] {
  const [day = ''] = snapshotId.split('.');
  return day === today ? [] : [{ kind: 'day', parkId: null, fact: null, from: day, to: today }];
}
