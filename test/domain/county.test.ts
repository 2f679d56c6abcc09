import { describe, expect, it } from 'vitest';
import { holdsOn } from '../../src/domain/county.js';

describe('holdsOn', () => {
  const closed = { from: '2023-03-01', to: '2025-12-31' };
  const open = { from: '2023-03-01', to: null };

  it.each([
    ['2023-02-28', false, false],
    ['2023-03-01', true, true],
    ['2024-02-29', true, true],
    ['2025-12-31', true, true],
    ['2026-01-01', false, true],
    ['2999-12-31', false, true],
  ])('on %s a relation with an end %s, one without %s', (day, ended, endless) => {
    expect([holdsOn(closed, day), holdsOn(open, day)]).toEqual([ended, endless]);
  });

  it('holds for a single day', () => {
    const day = { from: '2024-01-01', to: '2024-01-01' };
    expect(['2023-12-31', '2024-01-01', '2024-01-02'].map((when) => holdsOn(day, when))).toEqual([false, true, false]);
  });
});
