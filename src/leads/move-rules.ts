import type { ReleaseReason } from '../domain/hold.js';
import { LEAD_CLOCKS, type LeadClockKind, type LeadMove, type LeadParty, type LeadStage } from '../domain/lead.js';

/** What a move can need beyond its stage and party; each is judged in `requirements.ts`. */
export type Requirement =
  /** The first report stands. */
  | 'reportStands'
  /** The need is open with fewer other counties than the scheme allows. */
  | 'pushesLeft'
  /** The investment reaches the scheme's minimum. */
  | 'minInvestment'
  /** Not a further project of a firm that has landed there, unless the scheme counts those. */
  | 'countedExpansion'
  /** A code of DECLINE_REASONS; `other` with a note. */
  | 'declineReason'
  /** A code of END_REASONS; `other` with a note. */
  | 'endReason'
  /** `proceed` or `stop`. */
  | 'outcome'
  /** Feedback has not been given yet. */
  | 'feedbackOpen'
  /** The progress clock runs: feedback was given, or talks have begun. */
  | 'progressRuns'
  | 'notDisclosedYet'
  | 'disclosed'
  /** A hold, soft or firm, that has not run out. */
  | 'hold'
  /** A firm hold that has not run out. */
  | 'firmHold'
  | 'notAgreedYet'
  /** The first county declined, agreed, or let its response, assessment or feedback clock run out. */
  | 'firstCountyWord'
  /** A park that is there, in another county. */
  | 'targetPark';

/** One line of the state machine. */
export interface MoveRule {
  readonly move: LeadMove;
  readonly from: readonly LeadStage[];
  readonly to: LeadStage | 'same';
  /** Who may make it. The coordinator acts for a side only where it is named here. */
  readonly parties: readonly LeadParty[];
  readonly needs: readonly Requirement[];
  /** Clocks it starts anew, after those it meets are taken off. */
  readonly starts: readonly LeadClockKind[];
  readonly meets: readonly LeadClockKind[];
  /** What becomes of the lead's hold; `keepUsed` releases it unless land has been supplied. */
  readonly hold: 'none' | 'use' | 'release' | 'keepUsed';
  readonly releaseReason: ReleaseReason | null;
  /** Type of the change it makes. */
  readonly event: string;
}

type RuleParts = Pick<MoveRule, 'from' | 'to' | 'parties' | 'event'> &
  Partial<Pick<MoveRule, 'needs' | 'starts' | 'meets' | 'hold' | 'releaseReason'>>;

function rule(move: LeadMove, parts: RuleParts): MoveRule {
  return { needs: [], starts: [], meets: [], hold: 'none', releaseReason: null, ...parts, move };
}

const UNDER_WAY = ['firstTalk', 'signed', 'landSupplied', 'construction', 'completed'] as const;

/**
 * The state machine of leads, one line a move: what is not named is refused.
 *
 * A stage move after first talk counts as progress and starts that clock anew. Feedback `stop` is the first county's
 * word that the lead may go elsewhere, and starts no clock. Land once supplied stays used when the lead ends: it has
 * gone to the firm, and is free again only when the county records an inventory that says so. A transfer begins anew at
 * `pushed`: the new county is blind, the first county's consent is used up, the history goes on.
 */
export const MOVE_RULES: readonly MoveRule[] = [
  rule('push', {
    from: ['registered'],
    to: 'pushed',
    parties: ['source', 'coordinator'],
    needs: ['reportStands', 'pushesLeft', 'minInvestment', 'countedExpansion'],
    starts: ['response'],
    event: 'lead.pushed',
  }),
  rule('accept', {
    from: ['pushed'],
    to: 'accepted',
    parties: ['host'],
    meets: ['response'],
    starts: ['assessment'],
    event: 'lead.accepted',
  }),
  rule('decline', {
    from: ['pushed', 'accepted'],
    to: 'declined',
    parties: ['host'],
    needs: ['declineReason'],
    meets: ['response', 'assessment'],
    hold: 'release',
    releaseReason: 'declined',
    event: 'lead.declined',
  }),
  rule('assess', {
    from: ['accepted'],
    to: 'assessed',
    parties: ['host'],
    meets: ['assessment'],
    starts: ['feedback'],
    event: 'lead.assessed',
  }),
  rule('giveFeedback', {
    from: ['assessed'],
    to: 'same',
    parties: ['host'],
    needs: ['outcome', 'feedbackOpen'],
    meets: ['feedback'],
    starts: ['progress'],
    event: 'lead.feedback_given',
  }),
  rule('disclose', {
    from: ['registered', 'pushed', 'accepted', 'assessed'],
    to: 'same',
    parties: ['source', 'coordinator'],
    needs: ['notDisclosedYet'],
    event: 'lead.disclosed',
  }),
  rule('beginTalk', {
    from: ['assessed'],
    to: 'firstTalk',
    parties: ['host', 'source'],
    needs: ['disclosed', 'hold'],
    meets: ['feedback'],
    starts: ['progress'],
    event: 'lead.talk_begun',
  }),
  rule('sign', {
    from: ['firstTalk'],
    to: 'signed',
    parties: ['host'],
    needs: ['firmHold'],
    starts: ['progress'],
    event: 'lead.signed',
  }),
  rule('supplyLand', {
    from: ['signed'],
    to: 'landSupplied',
    parties: ['host'],
    needs: ['firmHold'],
    starts: ['progress'],
    hold: 'use',
    event: 'lead.land_supplied',
  }),
  rule('startConstruction', {
    from: ['landSupplied'],
    to: 'construction',
    parties: ['host'],
    starts: ['progress'],
    event: 'lead.construction_started',
  }),
  rule('complete', {
    from: ['construction'],
    to: 'completed',
    parties: ['host'],
    starts: ['progress'],
    event: 'lead.completed',
  }),
  rule('startProduction', {
    from: ['completed'],
    to: 'production',
    parties: ['host'],
    meets: ['progress'],
    event: 'lead.production_started',
  }),
  rule('reportProgress', {
    from: ['assessed', ...UNDER_WAY],
    to: 'same',
    parties: ['host'],
    needs: ['progressRuns'],
    starts: ['progress'],
    event: 'lead.progress_reported',
  }),
  rule('agreeTransfer', {
    from: ['pushed', 'accepted', 'assessed', 'firstTalk'],
    to: 'same',
    parties: ['host'],
    needs: ['notAgreedYet'],
    event: 'lead.transfer_agreed',
  }),
  rule('transfer', {
    from: ['pushed', 'accepted', 'declined', 'assessed', 'firstTalk'],
    to: 'pushed',
    parties: ['source', 'coordinator'],
    needs: ['firstCountyWord', 'targetPark', 'reportStands', 'pushesLeft'],
    meets: LEAD_CLOCKS,
    starts: ['response'],
    hold: 'release',
    releaseReason: 'transferred',
    event: 'lead.transferred',
  }),
  rule('end', {
    from: ['registered', 'pushed', 'accepted', 'declined', 'assessed', ...UNDER_WAY],
    to: 'ended',
    parties: ['source', 'host', 'coordinator'],
    needs: ['endReason'],
    meets: LEAD_CLOCKS,
    hold: 'keepUsed',
    releaseReason: 'ended',
    event: 'lead.ended',
  }),
];

/** From here on the land is the project's (落地). */
export const LANDED_STAGES: readonly LeadStage[] = ['landSupplied', 'construction', 'completed', 'production'];
