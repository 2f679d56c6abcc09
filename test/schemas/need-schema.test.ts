import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/domain/match.js';
import { isoDate } from '../../src/domain/units.js';
import { MAX_ISSUES } from '../../src/schemas/limits.js';
import { parseNeed } from '../../src/schemas/need-schema.js';

const TODAY = '2026-03-01';
const TODAY_NUMBER = 20_513;

const minimal = {
  firm: { name: '某企业', countyAdcode: '330782' },
  title: '扩产',
  description: '说明',
  gbt: '3985',
  land: { minMu: 50 },
  investWan: 20_000,
};

const wide = (text: string) =>
  text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).replaceAll(' ', '\u3000');

/** A number as the ways in which people send it. */
const sent = (value: fc.Arbitrary<number>) =>
  value.chain((number) => fc.constantFrom<unknown>(number, String(number), wide(String(number)), ` ${number} `));
const whole = (max: number) => sent(fc.integer({ min: 0, max }));
const digits = (min: number, max: number) =>
  fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`)).chain((code) => fc.constantFrom(code, wide(code)));
const text = (maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((value) => /^[\p{L}\p{N}]/u.test(value));
const comingDay = fc.integer({ min: 0, max: 3_000 }).map((ahead) => isoDate(TODAY_NUMBER + ahead));

/** Bodies that are in order. */
const bodies = fc
  .record(
    {
      firm: fc.record(
        { name: text(50), countyAdcode: digits(6, 6), creditCode: fc.constant('９1350100m000100y43') },
        { requiredKeys: ['name', 'countyAdcode'] },
      ),
      title: text(50),
      description: text(200),
      gbt: digits(2, 4),
      chain: fc.record({ links: fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { maxLength: 20 }) }),
      minMu: fc.integer({ min: 0, max: 20_000 }),
      phaseDays: fc.array(comingDay, { maxLength: 8 }),
      energyTce: whole(5_000_000),
      powerKva: whole(2_000_000),
      emissions: fc.record({ codT: whole(1_000), vocT: whole(1_000) }, { requiredKeys: [] }),
      investWan: whole(50_000_000),
      workers: whole(200_000),
      neededBy: comingDay,
      exclude: fc.record({ counties: fc.uniqueArray(fc.stringMatching(/^[0-9]{6}$/), { maxLength: 100 }) }),
      weights: fc.dictionary(fc.constantFrom(...CRITERIA), fc.integer({ min: 1, max: 1_000 })),
    },
    { requiredKeys: ['firm', 'title', 'description', 'gbt', 'minMu', 'investWan', 'phaseDays'] },
  )
  .map(({ minMu, phaseDays, ...rest }) => {
    const phased = phaseDays.length > 0 && minMu >= phaseDays.length;
    const phases = [...phaseDays].sort().map((by) => ({ mu: minMu / phaseDays.length, by }));
    return { ...rest, land: phased ? { minMu, phases } : { minMu } };
  })
  .filter(
    ({ description, title, firm }) =>
      !/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\uFEFF]/u.test(description + title + firm.name),
  );

describe('parseNeed', () => {
  it('the day number stands for the day', () => expect(isoDate(TODAY_NUMBER)).toBe(TODAY));

  it('takes every body that is in order, and takes what it made of it as it is', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const first = parseNeed(body, TODAY);
        expect(first).toMatchObject({ ok: true });
        if (!first.ok) return;
        expect(parseNeed(first.need, TODAY)).toEqual(first);
        expect(parseNeed(JSON.parse(JSON.stringify(first.need)), TODAY)).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }), (body) => {
        expect(parseNeed(body, TODAY).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on a need one part of which is something else, and never shows a secret', () => {
    const fields = [...Object.keys(minimal), 'workers', 'weights', 'emissions', 'neededBy', 'chain', 'exclude'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const parsed = parseNeed({ ...minimal, [field]: value }, TODAY);
        if (parsed.ok) return;
        for (const issue of parsed.issues) {
          expect(issue.code).not.toBe('');
          if (/^(firm|title|description)\b/.test(issue.field)) expect(issue).not.toHaveProperty('value');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads full-width digits as the digits they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 9 }), (mu, tenth) => {
        const parsed = parseNeed({ ...minimal, land: { minMu: wide(`${mu}.${tenth}`) } }, TODAY);
        if (mu === 20_000 && tenth > 0) expect(parsed.ok).toBe(false);
        else expect(parsed).toMatchObject({ ok: true, need: { land: { minMu: Number(`${mu}.${tenth}`) } } });
      }),
    );
  });

  it('leaves absent what was absent', () => {
    const parsed = parseNeed({ ...minimal, workers: undefined }, TODAY);
    expect(parsed).toEqual({ ok: true, need: minimal });
    expect(parsed.ok && Object.keys(parsed.need)).toEqual(Object.keys(minimal));
  });

  it('trims text, joins its parts and keeps its line breaks', () => {
    const body = { ...minimal, title: '  e\u0301 ', description: 'a\r\n\tb\n' };
    expect(parseNeed(body, TODAY)).toMatchObject({ ok: true, need: { title: '\u00e9', description: 'a\n\tb' } });
  });

  it('zero with a sign is zero', () => {
    const parsed = parseNeed({ ...minimal, investWan: -0 }, TODAY);
    expect(parsed.ok && Object.is(parsed.need.investWan, 0)).toBe(true);
  });

  it('today is no past, and the same body is refused tomorrow', () => {
    const body = { ...minimal, neededBy: TODAY };
    expect(parseNeed(body, TODAY).ok).toBe(true);
    expect(parseNeed(body, '2026-03-02')).toMatchObject({ ok: false, issues: [{ code: 'dateInPast' }] });
    expect(parseNeed(body, TODAY).ok).toBe(true);
  });

  it('phases that add up but for rounding do', () => {
    const phases = Array(3).fill({ mu: 33.3333, by: '2027-01-01' });
    expect(parseNeed({ ...minimal, land: { minMu: 100, phases } }, TODAY).ok).toBe(true);
    const short = Array(3).fill({ mu: 33.333, by: '2027-01-01' });
    expect(parseNeed({ ...minimal, land: { minMu: 100, phases: short } }, TODAY).ok).toBe(true);
    const less = Array(3).fill({ mu: 33.332, by: '2027-01-01' });
    expect(parseNeed({ ...minimal, land: { minMu: 100, phases: less } }, TODAY).ok).toBe(false);
  });

  it('a weight of zero on its own is a wish; zero everywhere is none', () => {
    const zeros = Object.fromEntries(CRITERIA.map((criterion) => [criterion, 0]));
    expect(parseNeed({ ...minimal, weights: { pairing: 0 } }, TODAY).ok).toBe(true);
    expect(parseNeed({ ...minimal, weights: zeros }, TODAY).ok).toBe(false);
    expect(parseNeed({ ...minimal, weights: { ...zeros, time: 1 } }, TODAY).ok).toBe(true);
  });

  it('lists a bounded number of issues', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, 1]));
    const parsed = parseNeed({ ...minimal, ...many }, TODAY);
    expect(!parsed.ok && parsed.issues.length).toBe(MAX_ISSUES);
  });

  it('shortens what it shows, and does not show what can not be printed', () => {
    const long = parseNeed({ ...minimal, gbt: '9'.repeat(1_000) }, TODAY);
    expect(!long.ok && long.issues[0]?.value).toBe(`${'9'.repeat(40)}…`);
    const odd = parseNeed({ ...minimal, gbt: '\u001b[31m' }, TODAY);
    expect(!odd.ok && odd.issues[0]).not.toHaveProperty('value');
  });
});
