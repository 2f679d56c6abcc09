import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Supposition } from '../../src/domain/what-if.js';
import { EXAMPLE_WHAT_IF } from '../../src/http/examples.js';
import { failing, inventory, NEED_ID, TODAY } from './fakes.js';
import { type Served, serve } from './served.js';

const PATH = `/api/v1/needs/${NEED_ID}/what-if`;

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly detail: string }[];
}

describe('POST /needs/:id/what-if', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  const post = (body: unknown, path = PATH) => served.call('POST', path, { body });
  const issues = async (body: unknown) =>
    ((await post(body)).body as Problem).errors?.map(({ field, code }) => [field, code]);

  it('answers with result, stored reference and difference, kept by no cache', async () => {
    const reply = await post(EXAMPLE_WHAT_IF);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      stored: { resultId: null },
      result: { status: 'ready' },
      difference: { ranks: [] },
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('hands the use case the normalised supposition; a park’s edit keeps what it does not name', async () => {
    await post({
      weights: { distance: '２' },
      need: { land: { minMu: 20 }, workers: null },
      parks: [{ id: '331121-01', inventory: { factors: { energyTce: 9_000 } } }],
    });
    const asked = served.asked.at(-1);
    const [id, supposition] = (asked?.args ?? []) as [string, Supposition];
    expect([asked?.name, id]).toEqual(['whatIf', NEED_ID]);
    expect(supposition).toMatchObject({ weights: { distance: 2 }, need: { land: { minMu: 20 }, workers: null } });
    const edited = supposition.parks?.[0]?.edit(inventory(10));
    expect(edited?.factors.energyTce).toEqual({ value: 9_000, basis: 'reported', asOf: TODAY });
    expect(edited?.factors.codT).toEqual(inventory(10).factors.codT);
  });

  it.each<[string, unknown, readonly (readonly [string, string])[]]>([
    ['nothing', {}, [['', 'nothingToChange']]],
    ['empty parts', { weights: {}, need: {}, parks: [] }, [['', 'nothingToChange']]],
    ['an unknown part', { wieghts: { time: 1 } }, [['wieghts', 'unknownField']]],
    ['an unknown requirement', { need: { landMu: 3 } }, [['need.landMu', 'unknownField']]],
    [
      'who the firm is',
      { need: { firm: { name: '甲' }, title: '乙' } },
      [
        ['need.firm', 'unknownField'],
        ['need.title', 'unknownField'],
      ],
    ],
    [
      'absurd numbers',
      { need: { energyTce: 1e12, workers: 1.5, powerKva: -1 } },
      [
        ['need.energyTce', 'tooLarge'],
        ['need.powerKva', 'tooSmall'],
        ['need.workers', 'notWhole'],
      ],
    ],
    ['no number at all', { weights: { time: 'viel' } }, [['weights.time', 'notANumber']]],
    ['a weight without bounds', { weights: { time: 1e308 } }, [['weights.time', 'tooLarge']]],
    ['a criterion nobody knows', { weights: { luck: 1 } }, [['weights.luck', 'unknownField']]],
    ['a requirement that can’t be left out', { need: { gbt: null } }, [['need.gbt', 'wrongType']]],
    [
      'phases that don’t add up',
      { need: { land: { minMu: 10, phases: [{ mu: 5, by: '2030-01-01' }] } } },
      [['need.land.phases', 'phasesDontAddUp']],
    ],
    ['a date in the past', { need: { neededBy: '2020-01-01' } }, [['need.neededBy', 'dateInPast']]],
    ['a park twice', { parks: [park('a'), park('a')] }, [['parks[1].id', 'duplicate']]],
    ['a park id that can’t be one', { parks: [park('../x')] }, [['parks[0].id', 'badFormat']]],
    [
      'a park without a change',
      { parks: [{ id: 'a', inventory: { source: '文件' } }] },
      [['parks[0].inventory', 'nothingToChange']],
    ],
    [
      'absurd facts',
      { parks: [{ id: 'a', inventory: { factors: { energyTce: 1e12 } } }] },
      [['parks[0].inventory.factors.energyTce', 'tooLarge']],
    ],
    ['too many parks', { parks: Array.from({ length: 101 }, (_, index) => park(`p${index}`)) }, [['parks', 'tooMany']]],
    ['a list', [], [['', 'wrongType']]],
  ])('refuses %s', async (_, body, expected) => {
    expect((await issues(body))?.toSorted()).toEqual(expected);
    expect((await post(body)).status).toBe(400);
  });

  it('says it in Chinese, with the place and the name of the field', async () => {
    const problem = (await post({ parks: [{ id: 'a', inventory: { factors: { energyTce: 1e12 } } }] })).body as Problem;
    expect(problem.errors?.[0]?.detail).toMatch(/^第1项能耗指标\(吨标煤\/年\)：.*超过上限/);
    const need = (await post({ need: { workers: 1.5 } })).body as Problem;
    expect(need.errors?.[0]?.detail).toMatch(/^用工人数：/);
  });

  it('never repeats a firm’s words', async () => {
    const reply = await post({ need: { title: '不可外传', description: '不可外传' } });
    expect(reply.text).not.toContain('不可外传');
  });

  it('answers 404 for an id that can’t be one, without asking', async () => {
    const before = served.asked.length;
    expect((await post(EXAMPLE_WHAT_IF, '/api/v1/needs/..%2f/what-if')).status).toBe(404);
    expect(served.asked.length).toBe(before);
  });

  it('passes on what the use case says of unknown parks', async () => {
    const refusing = await serve({
      whatIf: failing('invalidInput', {
        issues: [{ field: 'parks[0].id', code: 'unknownPark', value: 'p9', mend: ['p1'] }],
      }),
    });
    const reply = await refusing.call('POST', PATH, { body: EXAMPLE_WHAT_IF });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('不是已收录的园区编号。是否为 p1？');
    await refusing.close();
  });
});

function park(id: string): unknown {
  return { id, inventory: { landPriceWanPerMu: 10 } };
}
