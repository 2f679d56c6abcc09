import { AppError } from '../../domain/errors.js';
import type { Page } from '../../ports/need-store.js';

/** A paged list in an order of its own. */
export interface OrderedList<T> {
  page(cursor: string | null, limit: number): Promise<Page<T>>;
}

/** Where the next page of a list begins: its start, after a cursor of the list's own, or nowhere. */
type Place =
  | { readonly kind: 'start' }
  | { readonly kind: 'after'; readonly cursor: string }
  | { readonly kind: 'end' };

/** Where a walk over several lists stands. */
export interface MergedPlace {
  /** When the walk began, UTC ISO 8601: what depends on the time is judged alike on all pages. */
  readonly since: string;
  readonly places: readonly Place[];
}

const WALK = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)((?: (?:\^|\$|=[A-Za-z0-9_-]{1,300}))+)$/;
const FORM = /^[A-Za-z0-9_-]{1,1000}$/;

function written(place: Place): string {
  if (place.kind === 'after') return `=${place.cursor}`;
  return place.kind === 'start' ? '^' : '$';
}

function read(text: string): Place {
  if (text.startsWith('=')) return { kind: 'after', cursor: text.slice(1) };
  return { kind: text === '^' ? 'start' : 'end' };
}

/** Makes an opaque cursor (base64url) of where a walk stands. */
function encodePlace({ since, places }: MergedPlace): string {
  const text = [since, ...places.map(written)].join(' ');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Where a walk over `lists` lists stands that begins `now`, or goes on at a cursor of `mergedPage`.
 * @throws AppError `invalidInput` with the issue `cursor: badCursor` for any other cursor.
 */
export function placeOf(cursor: string | null, lists: number, now: string): MergedPlace {
  if (cursor === null) return { since: now, places: Array.from({ length: lists }, () => ({ kind: 'start' })) };
  const refuse = (): AppError => new AppError('invalidInput', { issues: [{ field: 'cursor', code: 'badCursor' }] });
  if (!FORM.test(cursor)) throw refuse();
  let text: string;
  try {
    text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw refuse();
  }
  const [, since, rest] = WALK.exec(text) ?? [];
  if (since === undefined || rest === undefined || Number.isNaN(Date.parse(since))) throw refuse();
  const places = rest.trim().split(' ').map(read);
  if (places.length !== lists) throw refuse();
  return { since, places };
}

const EMPTY: Page<never> = { items: [], nextCursor: null };

async function pageAt<T>(list: OrderedList<T>, place: Place | undefined, limit: number): Promise<Page<T>> {
  if (place === undefined || place.kind === 'end') return EMPTY;
  return await list.page(place.kind === 'after' ? place.cursor : null, limit);
}

/** Items of ordered lists in one order, with the list each is from; of equal ones the earlier list's come first. */
function merged<T>(lists: readonly (readonly T[])[], order: (a: T, b: T) => number): { item: T; list: number }[] {
  return lists
    .flatMap((items, list) => items.map((item) => ({ item, list })))
    .sort((a, b) => order(a.item, b.item) || a.list - b.list);
}

function after(nextCursor: string | null): Place {
  return nextCursor === null ? { kind: 'end' } : { kind: 'after', cursor: nextCursor };
}

/**
 * One page of several ordered lists in one order, with an opaque cursor that holds each list's own. A list of which only
 * a part was taken is asked once more for just that part, which gives the cursor behind it: whatever changes meanwhile,
 * each list goes on where its last item was given.
 */
export async function mergedPage<T>(
  lists: readonly OrderedList<T>[],
  order: (a: T, b: T) => number,
  place: MergedPlace,
  limit: number,
): Promise<Page<T>> {
  const pages = await Promise.all(lists.map((list, index) => pageAt(list, place.places[index], limit)));
  const first = merged(
    pages.map(({ items }) => items),
    order,
  ).slice(0, limit);
  const taken = await Promise.all(
    lists.map(async (list, index): Promise<{ readonly items: readonly T[]; readonly place: Place }> => {
      const from: Place = place.places[index] ?? { kind: 'end' };
      const page = pages[index] ?? EMPTY;
      const count = first.filter((one) => one.list === index).length;
      if (count === page.items.length) return { items: page.items, place: after(page.nextCursor) };
      if (count === 0) return { items: [], place: from };
      const again = await pageAt(list, from, count);
      return { items: again.items, place: after(again.nextCursor) };
    }),
  );
  const items = merged(
    taken.map((one) => one.items),
    order,
  ).map(({ item }) => item);
  const places = taken.map((one) => one.place);
  const ended = places.every(({ kind }) => kind === 'end');
  return { items, nextCursor: ended ? null : encodePlace({ since: place.since, places }) };
}
