import { CRITERIA, type Criterion } from './match.js';

/** A named, versioned set of weights. Weights are relative: the engine scales those that apply to a need to 1. */
export interface WeightProfile {
  readonly id: string;
  readonly version: number;
  readonly weights: Readonly<Record<Criterion, number>>;
  /** Points by which a new first park must beat the announced one before it is announced; MARGIN_POINTS where absent. */
  readonly marginPoints?: number;
}

/** The margin of a profile that states none, points. */
export const MARGIN_POINTS = 1;

/** Points by which a new first park must beat the announced one. */
export function marginPointsOf(profile: Pick<WeightProfile, 'marginPoints'>): number {
  return profile.marginPoints ?? MARGIN_POINTS;
}

/** The profile's name in results: `id@version`, with `+custom` where a need brought its own weights. */
export function profileName(profile: WeightProfile, custom: boolean): string {
  return `${profile.id}@${profile.version}${custom ? '+custom' : ''}`;
}

/** Builds a full weight record from a partial one over a profile. */
export function mergeWeights(
  profile: WeightProfile,
  own: Partial<Readonly<Record<Criterion, number>>> | undefined,
): Readonly<Record<Criterion, number>> {
  if (own === undefined) return profile.weights;
  const merged = { ...profile.weights };
  for (const criterion of CRITERIA) {
    const weight = own?.[criterion];
    if (weight !== undefined) merged[criterion] = weight;
  }
  return merged;
}
