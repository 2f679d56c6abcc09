import { describe, expect, it } from 'vitest';
import { CRITERIA, type Criterion } from '../../src/domain/match.js';
import { mergeWeights, profileName, type WeightProfile } from '../../src/domain/profile.js';

const weights = Object.fromEntries(CRITERIA.map((criterion, index) => [criterion, index + 1])) as Record<
  Criterion,
  number
>;
const profile: WeightProfile = { id: 'balanced', version: 3, weights };

describe('profileName', () => {
  it('names id and version, and says where a need brought its own weights', () => {
    expect(profileName(profile, false)).toBe('balanced@3');
    expect(profileName(profile, true)).toBe('balanced@3+custom');
  });
});

describe('mergeWeights', () => {
  it('keeps the profile where nothing is given', () => {
    expect(mergeWeights(profile, undefined)).toEqual(weights);
    expect(mergeWeights(profile, {})).toEqual(weights);
  });

  it('replaces what is given, 0 too, and leaves the profile as it was', () => {
    const before = structuredClone(profile);
    expect(mergeWeights(profile, { chainFit: 0, distance: 7.5 })).toEqual({ ...weights, chainFit: 0, distance: 7.5 });
    expect(profile).toEqual(before);
  });

  it('takes criteria only', () => {
    const odd = JSON.parse('{"__proto__": 5, "constructor": 6, "mood": 7, "time": 8}');
    expect(mergeWeights(profile, odd)).toEqual({ ...weights, time: 8 });
  });
});
