import { describe, expect, it } from 'vitest';
import type { ExcludedPark, RankedPark } from '../../../src/domain/match.js';
import type { Announced, ResultOutline } from '../../../src/domain/rematch.js';
import { announcementOf } from '../../../src/matching/rematch/announcement.js';
import { outlineOf } from '../../../src/matching/rematch/outline.js';
import { createFullMatcher, makeWorld } from './world.js';

const world = makeWorld(7, 40, 1);
const [need] = world.needs;
if (need === undefined) throw new Error('no need made');
const made = createFullMatcher(40)(world.snapshot, need).result;
const [someRanked] = made.ranked;
const [someExcluded] = made.excluded;
if (someRanked === undefined || someExcluded === undefined) throw new Error('a need of both kinds of parks is wanted');

type Row = readonly [id: string, score: number, status?: RankedPark['status']];

/** A result of ranked parks in the order given, and of excluded ones. */
function resultOf(ranked: readonly Row[], excluded: readonly string[] = [], totals = {}): ResultOutline {
  return outlineOf({
    ...made,
    rankedTotal: ranked.length,
    ranked: ranked.map(
      ([id, score, status = 'eligible'], at): RankedPark => ({
        ...(someRanked as RankedPark),
        rank: at + 1,
        score,
        status,
        park: { ...(someRanked as RankedPark).park, id },
      }),
    ),
    excludedTotal: excluded.length,
    excluded: excluded.map(
      (id): ExcludedPark => ({
        ...(someExcluded as ExcludedPark),
        park: { ...(someExcluded as ExcludedPark).park, id },
      }),
    ),
    ...totals,
  });
}

const told = (parkId: string, score: number, status: 'eligible' | 'conditional' = 'eligible'): Announced => ({
  parkId,
  score,
  status,
});

describe('announcementOf', () => {
  it('announces the first result, of a need nobody can take as well', () => {
    expect(announcementOf(null, resultOf([['a', 70]]), 1)).toEqual({
      event: 'match.created',
      announced: told('a', 70),
    });
    expect(announcementOf(null, resultOf([], ['a']), 1)).toEqual({
      event: 'match.created',
      announced: { parkId: null, score: null },
    });
  });

  it('keeps quiet while the announced park is first, whatever its score, and remembers what was announced', () => {
    const before = told('a', 70);
    expect(announcementOf(before, resultOf([['a', 20]]), 1)).toEqual({ event: null, announced: before });
  });

  it.each([
    [0.999, null],
    [1, 'match.changed'],
    [8, 'match.changed'],
  ] as const)('a new first park that leads the announced one by %d gives %s at a margin of 1', (lead, event) => {
    // The announced park's present score counts, not the one it was announced with.
    const { announced, event: given } = announcementOf(
      told('a', 99),
      resultOf([
        ['b', 60 + lead],
        ['a', 60],
      ]),
      1,
    );
    expect(given).toBe(event);
    expect(announced).toEqual(event === null ? told('a', 99) : told('b', 60 + lead));
  });

  it('lets small steps add up against the announced park', () => {
    const first = announcementOf(
      told('a', 60),
      resultOf([
        ['b', 60.6],
        ['a', 60],
      ]),
      1,
    );
    expect(first.event).toBeNull();
    expect(
      announcementOf(
        first.announced,
        resultOf([
          ['b', 60.6],
          ['a', 59.5],
        ]),
        1,
      ).event,
    ).toBe('match.changed');
  });

  it('announces a park that is no longer ranked as lost, with the park that is first now', () => {
    const before = told('a', 70);
    expect(announcementOf(before, resultOf([['b', 50]], ['a']), 1)).toEqual({
      event: 'match.lost',
      announced: told('b', 50),
    });
    expect(announcementOf(before, resultOf([], ['a']), 1)).toEqual({
      event: 'match.lost',
      announced: { parkId: null, score: null },
    });
  });

  it('says lost of a park in neither list only where all ranked parks are shown', () => {
    const before = told('a', 70);
    const many = { excludedTotal: 300 };
    expect(announcementOf(before, resultOf([['b', 50]], ['c'], many), 1).event).toBe('match.lost');
    expect(announcementOf(before, resultOf([['b', 50]], ['c'], { ...many, rankedTotal: 2 }), 1).event).toBe(
      'match.changed',
    );
  });

  it('announces a change of status, and an eligible park before a conditional one whatever the scores', () => {
    expect(announcementOf(told('a', 70), resultOf([['a', 70, 'conditional']]), 1)).toEqual({
      event: 'match.changed',
      announced: told('a', 70, 'conditional'),
    });
    const overtaken = resultOf([
      ['b', 40],
      ['a', 70, 'conditional'],
    ]);
    expect(announcementOf(told('a', 70, 'conditional'), overtaken, 1)).toEqual({
      event: 'match.changed',
      announced: told('b', 40),
    });
  });

  it('announces the first park of a need that had none, once', () => {
    const none = announcementOf(null, resultOf([], ['a']), 1).announced;
    expect(announcementOf(none, resultOf([], ['a']), 1)).toEqual({ event: null, announced: none });
    expect(announcementOf(none, resultOf([['a', 30]]), 1).event).toBe('match.changed');
  });

  it('takes what was announced before statuses were kept', () => {
    const before: Announced = { parkId: 'a', score: 70 };
    expect(announcementOf(before, resultOf([['a', 70, 'conditional']]), 1).event).toBeNull();
  });
});
