import type { Adcode } from './county.js';

/** Why two reports may be of the same project; likeness in [0, 1]. */
export interface DuplicateReason {
  readonly kind: 'creditCode' | 'firmName' | 'project';
  readonly likeness: number;
}

/** An earlier report that this one may repeat. */
export interface DuplicateCandidate {
  readonly reportId: string;
  readonly sourceAdcode: Adcode;
  readonly reportedAt: string;
  /** Within the scheme's same-time hours: the tie rule settles it. */
  readonly sameTime: boolean;
  readonly reasons: readonly DuplicateReason[];
}

/**
 * The report by which a county makes a project known (首报). Reports are one numbered row: a report is written at the
 * position after the last one its writer has read, so that what stands before it is settled once and for all.
 */
export interface Report {
  /** `report_` + 24 letters and digits, made from the need's id: one report a need. */
  readonly id: string;
  /** From 1. */
  readonly position: number;
  readonly needId: string;
  readonly sourceAdcode: Adcode;
  /** Secret. */
  readonly creditCode: string | null;
  /** Secret; normalised for comparison. */
  readonly firmName: string;
  /** Secret; title and description, for comparison. */
  readonly project: string;
  readonly investWan: number;
  readonly reportedAt: string;
  readonly protectedUntil: string;
  readonly scheme: string;
  /** `first` stands; `candidate` may repeat an earlier one and can't be pushed; `displaced` gave way by a decision. */
  readonly standing: 'first' | 'candidate' | 'displaced';
  readonly candidates: readonly DuplicateCandidate[];
  readonly decision: {
    readonly at: string;
    readonly by: string;
    readonly outcome: 'stands' | 'duplicate';
    readonly reason: string;
  } | null;
  /**
   * Leads of the need that were, or are about to be, pushed: claimed here before the push, so that the scheme's limit of
   * open pushes holds and no report gives way while one of its leads is passed on. Those closed since count for nothing.
   */
  readonly pushes?: readonly string[];
  readonly version: number;
}
