import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedPage, type OrderedList, placeOf } from '../../../src/usecases/leads/merged-pages.js';

const NOW = '2026-03-01T00:00:00.000Z';

interface Item {
  readonly key: number;
  readonly name: string;
}
const byKey = (a: Item, b: Item) => a.key - b.key;

/** A list paged by position, as stores do it: its cursor is the name of the last item given. */
function listOf(items: readonly Item[]): OrderedList<Item> {
  return {
    async page(cursor, limit) {
      const from = cursor === null ? 0 : items.findIndex(({ name }) => name === cursor) + 1;
      const page = items.slice(from, from + limit);
      return { items: page, nextCursor: from + limit < items.length ? (page.at(-1)?.name ?? null) : null };
    },
  };
}

async function walk(lists: readonly OrderedList<Item>[], limits: readonly number[]): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | null = null;
  do {
    const place = placeOf(cursor, lists.length, NOW);
    const page = await mergedPage(lists, byKey, place, limits[pages.length % limits.length] ?? 1);
    pages.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < 500);
  return pages;
}

const keys = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), { minLength: 1, maxLength: 4 });
const madeLists = keys.map((lists) =>
  lists.map((list, of) => list.sort((a, b) => a - b).map((key, at) => ({ key, name: `${of}-${at}` }))),
);
const pageSizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 });

describe('pages of several lists', () => {
  it('give every item once, in order, whatever their length', async () => {
    await fc.assert(
      fc.asyncProperty(madeLists, pageSizes, async (lists, limits) => {
        const given = (await walk(lists.map(listOf), limits)).flat();
        const expected = lists.flat().sort(byKey);
        expect(given.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      }),
      { numRuns: 200 },
    );
  });

  it('are full but the last', async () => {
    await fc.assert(
      fc.asyncProperty(madeLists, fc.integer({ min: 1, max: 7 }), async (lists, limit) => {
        const pages = await walk(lists.map(listOf), [limit]);
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(lists.flat().length / limit)));
      }),
      { numRuns: 100 },
    );
  });

  it('go on after the last item given when something comes in before it', async () => {
    const first = [1, 3, 5].map((key) => ({ key, name: `a${key}` }));
    const second = [2, 4, 6].map((key) => ({ key, name: `b${key}` }));
    const page = await mergedPage([listOf(first), listOf(second)], byKey, placeOf(null, 2, NOW), 3);
    expect(page.items.map(({ name }) => name)).toEqual(['a1', 'b2', 'a3']);
    const grown = [{ key: 0, name: 'a0' }, ...first];
    const rest = await mergedPage([listOf(grown), listOf(second)], byKey, placeOf(page.nextCursor, 2, NOW), 9);
    expect(rest.items.map(({ name }) => name)).toEqual(['b4', 'a5', 'b6']);
    expect(rest.nextCursor).toBeNull();
  });

  it('keep the time the walk began', async () => {
    const list = listOf([1, 2].map((key) => ({ key, name: `a${key}` })));
    const { nextCursor } = await mergedPage([list], byKey, placeOf(null, 1, NOW), 1);
    expect(placeOf(nextCursor, 1, '2027-01-01T00:00:00.000Z').since).toBe(NOW);
  });

  it.each([
    '',
    'not base64!',
    'AAAA',
    btoa('2026-03-01T00:00:00.000Z'),
    btoa('2026-13-01T00:00:00.000Z ^ ^').replace(/=+$/, ''),
    btoa('2026-03-01T00:00:00.000Z ^').replace(/=+$/, ''),
    btoa('2026-03-01T00:00:00.000Z ^ =a b').replace(/=+$/, ''),
    'A'.repeat(2_000),
  ])('refuse the cursor %j', (cursor) => {
    expect(() => placeOf(cursor, 2, NOW)).toThrow(
      expect.objectContaining({ code: 'invalidInput', issues: [{ field: 'cursor', code: 'badCursor' }] }),
    );
  });
});
