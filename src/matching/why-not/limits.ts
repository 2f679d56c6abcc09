/**
 * How far a combination may bend a project before it is no longer the firm's project. What would take more stays open.
 * Chosen by judgement, not measured.
 */
export const LIMITS = {
  /** Land is not cut below this share of the least land asked for. */
  leastLandShare: 0.5,
  /** Use of energy, power, water or workshop is not cut below this share of what was asked. */
  leastUseShare: 0.5,
  /** Investment is raised by at most this share of what was planned. */
  mostRaiseShare: 1,
  /** A first phase smaller than this share of its phase is not worth beginning with. */
  leastFirstShare: 0.2,
  /** Pieces of land in all; a need can state no more phases. */
  mostPieces: 8,
} as const;

/** Combinations handed out for one park. */
export const COMBINATIONS_SHOWN = 3;
