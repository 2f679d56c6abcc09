import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failing, minimalNeed } from './fakes.js';
import { type Reply, type Served, serve } from './served.js';

const NEEDS = '/api/v1/needs';
const SECRETS = ['义乌甲乙丙科技有限公司', '扩产项目', '需要用地和用电'];

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

/** Posts the smallest need with changes. */
function post(changes: Readonly<Record<string, unknown>>): Promise<Reply> {
  return server.call('POST', NEEDS, { body: { ...minimalNeed(), ...changes } });
}

/** What the first error of a reply says. */
function firstError(reply: Reply): Readonly<Record<string, unknown>> {
  const { errors } = reply.body as { errors?: readonly Record<string, unknown>[] };
  return errors?.[0] ?? {};
}

function refused(reply: Reply, error: Readonly<Record<string, unknown>>): void {
  expect(reply.status).toBe(400);
  expect(reply.body).toMatchObject({ code: 'invalidInput', title: '提交内容有误', status: 400 });
  expect(firstError(reply)).toMatchObject(error);
  for (const secret of SECRETS) expect(reply.text).not.toContain(secret);
}

describe('a need that is not in order is refused, and nothing is asked of the use cases', () => {
  let before = 0;
  beforeEach(() => {
    before = server.asked.length;
  });
  afterEach(() => expect(server.asked.length).toBe(before));

  it.each([
    ['a text for a number', { investWan: '很多' }, { field: 'investWan', code: 'notANumber', value: '很多' }],
    ['a list for a number', { investWan: [1] }, { field: 'investWan', code: 'wrongType', limit: 'number' }],
    ['a number for a code', { gbt: 3985 }, { field: 'gbt', code: 'wrongType', mend: ['"3985"'] }],
    ['a text for an object', { land: '50 亩' }, { field: 'land', code: 'wrongType', limit: 'object' }],
    ['null for what is absent', { workers: null }, { field: 'workers', code: 'wrongType', value: null }],
    ['a text for a list', { exclude: { counties: '331127' } }, { field: 'exclude.counties', code: 'wrongType' }],
    ['a part of a worker', { workers: 1.5 }, { field: 'workers', code: 'notWhole', value: 1.5 }],
  ])('wrong type: %s', async (_name, changes, error) => {
    refused(await post(changes), error);
  });

  it('a body that is no object', async () => {
    for (const body of [[], 'need', 5, null, true]) {
      refused(await server.call('POST', NEEDS, { body }), { field: '', code: 'wrongType' });
    }
  });

  it('what is missing', async () => {
    const { land: _, ...rest } = minimalNeed();
    const reply = await server.call('POST', NEEDS, { body: rest });
    refused(reply, { field: 'land', code: 'required', detail: '用地：没有填写' });
  });

  it.each([
    ['negative land', { land: { minMu: -1 } }, { field: 'land.minMu', code: 'tooSmall', value: -1, limit: 0 }],
    ['10^12 mu', { land: { minMu: 1e12 } }, { field: 'land.minMu', code: 'tooLarge', value: 1e12, limit: 20_000 }],
    ['10^12 mu as text', { land: { minMu: '1000000000000' } }, { field: 'land.minMu', code: 'tooLarge' }],
    ['negative as text', { investWan: '-5' }, { field: 'investWan', code: 'tooSmall', value: '-5' }],
    ['1e309 as text', { investWan: '1e309' }, { field: 'investWan', code: 'notANumber', value: '1e309' }],
    ['NaN as text', { investWan: 'NaN' }, { field: 'investWan', code: 'notANumber', value: 'NaN' }],
    ['Infinity as text', { investWan: 'Infinity' }, { field: 'investWan', code: 'notANumber' }],
    ['hexadecimal', { investWan: '0x10' }, { field: 'investWan', code: 'notANumber' }],
    ['superscript digits', { investWan: '10²' }, { field: 'investWan', code: 'notANumber' }],
    ['an empty text', { investWan: '' }, { field: 'investWan', code: 'notANumber' }],
    ['next to nothing', { energyTce: 1e-9 }, { field: 'energyTce', code: 'tooFine', limit: 0.0001 }],
    ['too much energy', { energyTce: 5_000_001 }, { field: 'energyTce', code: 'tooLarge', limit: 5_000_000 }],
    ['too much money', { investWan: 50_000_001 }, { field: 'investWan', code: 'tooLarge', limit: 50_000_000 }],
  ])('absurd number: %s', async (_name, changes, error) => {
    refused(await post(changes), error);
  });

  it('1e309 as a number, which JSON reads as infinity', async () => {
    const body = JSON.stringify(minimalNeed()).replace('20000', '1e309');
    refused(await server.raw('POST', NEEDS, body), {
      field: 'investWan',
      code: 'tooLarge',
      value: 'Infinity',
      limit: 50_000_000,
    });
  });

  it('NaN as a bare word is no JSON', async () => {
    const reply = await server.raw('POST', NEEDS, JSON.stringify(minimalNeed()).replace('20000', 'NaN'));
    expect(reply).toMatchObject({ status: 400, body: { code: 'brokenJson' } });
  });

  it.each([
    ['of letters', { gbt: 'abcd' }, { field: 'gbt', code: 'badFormat', value: 'abcd' }],
    ['with its section letter', { gbt: 'C3985' }, { field: 'gbt', code: 'badFormat', mend: ['3985'] }],
    ['of one digit', { gbt: '3' }, { field: 'gbt', code: 'badFormat' }],
    ['of five digits', { gbt: '39851' }, { field: 'gbt', code: 'badFormat' }],
  ])('industry code %s', async (_name, changes, error) => {
    refused(await post(changes), error);
  });

  it('an adcode of five digits', async () => {
    refused(await post({ exclude: { counties: ['33112'] } }), {
      field: 'exclude.counties[0]',
      code: 'badFormat',
      value: '33112',
    });
  });

  it("a firm's adcode of five digits, without repeating it", async () => {
    const reply = await post({ firm: { name: '某企业', countyAdcode: '33078' } });
    refused(reply, { field: 'firm.countyAdcode', code: 'badFormat' });
    expect(reply.text).not.toContain('33078');
  });

  it('a credit code whose check character is wrong, without repeating it', async () => {
    const reply = await post({ firm: { name: '某企业', countyAdcode: '330782', creditCode: '91350100M000100Y44' } });
    refused(reply, { field: 'firm.creditCode', code: 'badCreditCode' });
    expect(reply.text).not.toContain('91350100M000100Y4');
  });

  const phases = (...mus: number[]) => mus.map((mu, index) => ({ mu, by: `202${7 + index}-01-01` }));
  it.each([
    ['less than the least', { minMu: 100, phases: phases(50, 49) }, { value: 99, limit: '100' }],
    ['more than the ideal', { minMu: 100, idealMu: 120, phases: phases(60, 61) }, { value: 121, limit: '100–120' }],
    ['more than the least where no ideal is given', { minMu: 100, phases: phases(60, 61) }, { value: 121 }],
  ])("phases that don't add up: %s", async (_name, land, error) => {
    refused(await post({ land }), { field: 'land.phases', code: 'phasesDontAddUp', ...error });
  });

  it.each([
    [
      'out of order',
      { minMu: 2, phases: phases(1, 1).reverse() },
      { field: 'land.phases[1].by', code: 'phasesOutOfOrder' },
    ],
    ['none', { minMu: 2, phases: [] }, { field: 'land.phases', code: 'tooFew', limit: 1 }],
    ['nine', { minMu: 9, phases: Array(9).fill({ mu: 1, by: '2027-01-01' }) }, { code: 'tooMany', limit: 8 }],
    ['of no land', { minMu: 1, phases: phases(0, 1) }, { field: 'land.phases[0].mu', code: 'tooSmall' }],
  ])('phases %s', async (_name, land, error) => {
    refused(await post({ land }), error);
  });

  it('an ideal below the least', async () => {
    refused(await post({ land: { minMu: 100, idealMu: 99 } }), {
      field: 'land.idealMu',
      code: 'idealBelowMin',
      limit: 100,
    });
  });

  it.each([
    ['yesterday', '2026-02-28', { code: 'dateInPast', limit: '2026-03-01', value: '2026-02-28' }],
    ['31 February', '2027-02-31', { code: 'notADate' }],
    ['with slashes', '2027/6/1', { code: 'notADate', mend: ['2027-06-01'] }],
    ['in Chinese', '2027年6月1日', { code: 'notADate', mend: ['2027-06-01'] }],
    ['a time', '2027-06-01T00:00:00Z', { code: 'notADate' }],
    ['beyond the horizon', '2056-03-02', { code: 'dateTooFar', limit: '2056-03-01' }],
  ])('date: %s', async (_name, neededBy, error) => {
    refused(await post({ neededBy }), { field: 'neededBy', ...error });
  });

  it('a phase in the past', async () => {
    const land = { minMu: 1, phases: [{ mu: 1, by: '2020-01-01' }] };
    refused(await post({ land }), { field: 'land.phases[0].by', code: 'dateInPast' });
  });

  it('a description of 100 kB, with its limit and without its text', async () => {
    const reply = await post({ description: '保'.repeat(34_000) });
    refused(reply, { field: 'description', code: 'tooLong', limit: 5_000 });
    expect(reply.text).not.toContain('保保');
  });

  it.each([
    ['a null character', '\u0000'],
    ['an escape', '\u001b'],
    ['a line break', 'a\nb'],
    ['a mark that turns the reading direction', 'a\u202eb'],
    ['half a character', '\ud800x'],
  ])('control characters in the title: %s', async (_name, title) => {
    refused(await post({ title: `标${title}题` }), { field: 'title', code: 'controlCharacter' });
  });

  it('control characters in the description, besides line breaks and tabs', async () => {
    refused(await post({ description: 'a\u0007b' }), { field: 'description', code: 'controlCharacter' });
  });

  it.each([
    ['__proto__', '{"__proto__": {"ok": true}}', '__proto__'],
    ['constructor inside', '{"land": {"constructor": 1}}', 'land.constructor'],
    ['prototype in a list', '{"x": [{"prototype": 1}]}', 'x[0].prototype'],
    ['written with escapes', '{"\\u005f_proto__": 1}', '__proto__'],
  ])('prototype-pollution key: %s', async (_name, body, field) => {
    refused(await server.raw('POST', NEEDS, body), { field, code: 'forbiddenKey' });
    expect(Object.hasOwn(Object.prototype, 'ok')).toBe(false);
  });

  it('a key given twice', async () => {
    const body = JSON.stringify(minimalNeed()).replace('"minMu":50', '"minMu":50,"minMu":5');
    refused(await server.raw('POST', NEEDS, body), { field: 'land.minMu', code: 'duplicateKey' });
  });

  it('nesting without end', async () => {
    refused(await server.raw('POST', NEEDS, '['.repeat(100_000) + ']'.repeat(100_000)), { code: 'tooDeep' });
  });

  it.each([
    ['none', {}],
    ['plain text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another charset', { 'content-type': 'application/json; charset=gbk' }],
    ['compressed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ])('wrong content type: %s', async (_name, headers) => {
    const body = new TextEncoder().encode(JSON.stringify(minimalNeed()));
    const reply = await server.raw('POST', NEEDS, body, headers);
    expect(reply).toMatchObject({ status: 415, body: { code: 'unsupportedMediaType' } });
  });

  it.each([
    ['cut off', '{"firm": {"name": "义乌甲乙丙科技有限公司"'],
    ['with a word', '{"title": 扩产项目}'],
    ['with a comma too many', '{"gbt": "3985",}'],
    ['empty', ''],
  ])('broken JSON: %s', async (_name, body) => {
    const reply = await server.raw('POST', NEEDS, body);
    expect(reply).toMatchObject({ status: 400, body: { code: 'brokenJson' } });
    for (const secret of SECRETS) expect(reply.text).not.toContain(secret);
  });

  it('text that is not UTF-8', async () => {
    const reply = await server.raw('POST', NEEDS, new Uint8Array([0x7b, 0x22, 0xb0, 0xa1, 0x22, 0x3a, 0x31, 0x7d]));
    expect(reply).toMatchObject({ status: 400, body: { code: 'brokenJson' } });
  });

  it('a body over 256 kB', async () => {
    const reply = await post({ description: 'x'.repeat(256 * 1024) });
    expect(reply).toMatchObject({ status: 413, body: { code: 'bodyTooLarge' } });
  });

  it.each([
    ['at the root, with what was likely meant', { min_mu: 1, workerz: 3 }, { field: 'workerz', mend: ['workers'] }],
    ['inside', { land: { minMu: 1, min_mu: 2 } }, { field: 'land.min_mu', mend: ['minMu'] }],
    ['a criterion that there is not', { weights: { beauty: 1 } }, { field: 'weights.beauty' }],
    ['in a list', { land: { minMu: 1, phases: [{ mu: 1, by: '2027-01-01', at: 1 }] } }, { field: 'land.phases[0].at' }],
  ])('unknown field %s', async (_name, changes, error) => {
    const reply = await post(changes);
    expect(reply.status).toBe(400);
    const { errors } = reply.body as { errors: readonly Record<string, unknown>[] };
    expect(errors).toContainEqual(expect.objectContaining({ code: 'unknownField', ...error }));
  });

  it('weights that are all zero, and a negative one', async () => {
    const names = [
      'landHeadroom parcelFit energyHeadroom envHeadroom siteCost wageCost',
      'labour time chainFit textSimilarity pairing distance endowment scale',
    ];
    const zeros = Object.fromEntries(
      names
        .join(' ')
        .split(' ')
        .map((name) => [name, 0]),
    );
    refused(await post({ weights: zeros }), { field: 'weights', code: 'allWeightsZero' });
    refused(await post({ weights: { labour: -1 } }), { field: 'weights.labour', code: 'tooSmall', limit: 0 });
  });

  it('more counties, links or repetitions than allowed', async () => {
    const counties = Array.from({ length: 101 }, (_, index) => String(330_000 + index));
    refused(await post({ exclude: { counties } }), { field: 'exclude.counties', code: 'tooMany', limit: 100 });
    const links = Array.from({ length: 21 }, (_, index) => `link-${index}`);
    refused(await post({ chain: { links } }), { field: 'chain.links', code: 'tooMany', limit: 20 });
    const twice = { counties: ['331127', '331127'] };
    refused(await post({ exclude: twice }), { field: 'exclude.counties[1]', code: 'duplicate', value: '331127' });
    refused(await post({ chain: { links: [], stage: 'top' } }), { field: 'chain.stage', code: 'notAllowed' });
  });
});

describe('what only the reference data can tell', () => {
  it('an unknown industry code is answered with the nearest ones', async () => {
    const issues = [{ field: 'gbt', code: 'unknownIndustry', value: '3999', mend: ['3990', '3985'] }];
    const other = await serve({ submitNeed: failing('invalidInput', { issues }) });
    const reply = await other.call('POST', NEEDS, { body: minimalNeed() });
    expect(reply).toMatchObject({
      status: 400,
      body: { errors: [{ mend: ['3990', '3985'], detail: expect.stringContaining('是否为 3990、3985？') }] },
    });
    await other.close();
  });

  it("an unknown county is named, a firm's without its value even if the issue holds it", async () => {
    const issues = [
      { field: 'firm.countyAdcode', code: 'unknownCounty', value: '999999' },
      { field: 'exclude.counties[0]', code: 'unknownCounty', value: '888888' },
    ];
    const other = await serve({ submitNeed: failing('invalidInput', { issues }) });
    const reply = await other.call('POST', NEEDS, { body: minimalNeed() });
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('999999');
    expect(reply.body).toMatchObject({ errors: [{ field: 'firm.countyAdcode' }, { value: '888888' }] });
    await other.close();
  });
});

describe('full-width digits are read and normalised', () => {
  it('in numbers, codes and dates', async () => {
    const reply = await post({
      gbt: '３９８５',
      firm: { name: '某企业', countyAdcode: '３３０７８２', creditCode: '９１３５０１００m000100Y43' },
      land: { minMu: '１００', phases: [{ mu: '１００．０', by: '２０２７－０１－０１' }] },
      investWan: '１2８０００',
      workers: ' 300 ',
      exclude: { counties: ['３３１１２７'] },
    });
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({
      need: {
        gbt: '3985',
        firm: { countyAdcode: '330782', creditCode: '91350100M000100Y43' },
        land: { minMu: 100, phases: [{ mu: 100, by: '2027-01-01' }] },
        investWan: 128_000,
        workers: 300,
        exclude: { counties: ['331127'] },
      },
    });
  });
});
