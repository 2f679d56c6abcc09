import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { isSecretField } from '../../src/domain/secret-fields.js';

describe('AppError', () => {
  it('is an error that carries its code, and nothing it was not given', () => {
    const error = new AppError('notFound');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'AppError', message: 'notFound', code: 'notFound', params: {}, issues: [] });
    expect('cause' in error).toBe(false);
  });

  it('keeps parameters, issues and cause', () => {
    const cause = new Error('socket');
    const issues = [{ field: 'gbt', code: 'unknownIndustry', value: '0000', mend: ['0111'] }];
    const error = new AppError('invalidInput', { params: { currentVersion: 2 }, issues, cause });
    expect([error.params, error.issues, error.cause]).toEqual([{ currentVersion: 2 }, issues, cause]);
  });
});

describe('isSecretField', () => {
  it.each(['firm', 'firm.name', 'firm.creditCode', 'firm["x"]', 'title', 'title[0]', 'description'])(
    'hides %s',
    (field) => {
      expect(isSecretField(field)).toBe(true);
    },
  );

  it.each(['gbt', 'land.minMu', 'titles', 'firmware', 'exclude.counties[0]', 'chain.title', ''])(
    'shows %j',
    (field) => {
      expect(isSecretField(field)).toBe(false);
    },
  );
});
