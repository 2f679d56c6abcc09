import { describe, expect, it } from 'vitest';
import { parsePlacements } from '../../src/schemas/placements-schema.js';

const record = {
  id: 'XX01',
  kind: 'inbound',
  firm: '某公司',
  originCounty: null,
  originAdcode: null,
  description: '电子材料',
  gbt: '3985',
  landMu: null,
  investWan: 1_000,
  outputWan: null,
  taxWan: null,
  jobs: null,
  year: 2021,
  destinationCounty: '莲都区',
  destinationAdcode: '331102',
  source: '某报',
};

function problems(...records: readonly unknown[]) {
  const parsed = parsePlacements({ placements: records });
  if (parsed.ok) throw new Error('was read');
  return parsed.problems.flatMap(({ caseId, issues }) =>
    issues.map(({ field, code, value }) => ({ caseId, field, code, value })),
  );
}

describe('documented landings', () => {
  it('become questions that hold nothing of firm, year and destination', () => {
    const parsed = parsePlacements({ meta: {}, placements: [{ ...record, remark: 'more', nested: { a: 1 } }] });
    expect(parsed).toEqual({
      ok: true,
      cases: [
        {
          id: 'XX01',
          kind: 'inbound',
          description: '电子材料',
          truth: '331102',
          question: {
            gbt: '3985',
            originAdcode: null,
            landMu: null,
            investWan: 1_000,
            outputWan: null,
            taxWan: null,
            jobs: null,
          },
        },
      ],
    });
  });

  it('take absent sizes and origins as unspecified', () => {
    const { originAdcode: _, landMu: __, investWan: ___, ...rest } = record;
    expect(parsePlacements({ placements: [rest] })).toMatchObject({
      ok: true,
      cases: [{ question: { originAdcode: null, landMu: null, investWan: null } }],
    });
  });

  it.each([
    ['gbt', '39x', 'badFormat'],
    ['gbt', '39855', 'badFormat'],
    ['kind', 'moved', 'notAllowed'],
    ['landMu', -1, 'tooSmall'],
    ['investWan', '很多', 'notANumber'],
    ['originAdcode', '义乌', 'badFormat'],
    ['destinationAdcode', '33110', 'badFormat'],
  ])('refuse %s %j by case, field and value', (field, value, code) => {
    expect(problems(record, { ...record, id: 'XX02', [field]: value })).toEqual([
      { caseId: 'XX02', field, code, value },
    ]);
  });

  it.each(['gbt', 'kind', 'description', 'destinationAdcode'])('refuse a case without %s', (field) => {
    expect(problems({ ...record, [field]: undefined })).toEqual([
      expect.objectContaining({ caseId: 'XX01', field, code: expect.stringMatching(/required|notAllowed/) }),
    ]);
  });

  it('name a case without an id by its place', () => {
    const { id: _, ...rest } = record;
    expect(problems(record, rest)).toEqual([{ caseId: '#2', field: 'id', code: 'required', value: undefined }]);
    expect(problems('nothing')[0]).toMatchObject({ caseId: '#1', code: 'wrongType' });
  });

  it('refuse an id that comes twice', () => {
    expect(problems(record, record)).toEqual([{ caseId: 'XX01', field: 'id', code: 'duplicate', value: 'XX01' }]);
  });

  it.each([
    [{}, 'required'],
    [[], 'required'],
    [null, 'required'],
    ['text', 'required'],
    [{ placements: {} }, 'wrongType'],
    [{ placements: [] }, 'tooFew'],
  ])('refuse %j as a file', (body, code) => {
    expect(parsePlacements(body)).toEqual({
      ok: false,
      problems: [{ caseId: '', issues: [expect.objectContaining({ field: 'placements', code })] }],
    });
  });
});
