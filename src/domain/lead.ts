import type { Adcode } from './county.js';
import type { HoldKind } from './hold.js';

/**
 * Stages of a lead: 登记 推送 受理 退回 研判 首谈 签约 供地 开工 竣工 投产 终止. 流转 is a move, not a stage: it leads back to
 * `pushed` with another host county.
 */
export const LEAD_STAGES = [
  'registered',
  'pushed',
  'accepted',
  'declined',
  'assessed',
  'firstTalk',
  'signed',
  'landSupplied',
  'construction',
  'completed',
  'production',
  'ended',
] as const;
export type LeadStage = (typeof LEAD_STAGES)[number];

/** From 签约 on, and not ended: the project has its place. */
export const SIGNED_STAGES: readonly LeadStage[] = [
  'signed',
  'landSupplied',
  'construction',
  'completed',
  'production',
];

/** What can be done to a lead. Those without a stage of their own leave it where it is. */
export const LEAD_MOVES = [
  'push',
  'accept',
  'decline',
  'assess',
  'giveFeedback',
  'disclose',
  'beginTalk',
  'sign',
  'supplyLand',
  'startConstruction',
  'complete',
  'startProduction',
  'reportProgress',
  'agreeTransfer',
  'transfer',
  'end',
] as const;
export type LeadMove = (typeof LEAD_MOVES)[number];

/** Who a move is for: the county the firm is in, the county of the park, the province. */
export type LeadParty = 'source' | 'host' | 'coordinator';

export const DECLINE_REASONS = [
  'industryMismatch',
  'landShort',
  'energyShort',
  'environmentShort',
  'belowStandard',
  'accessBarred',
  'other',
] as const;
export const END_REASONS = [
  'firmWithdrew',
  'conditionsNotMet',
  'fundingLost',
  'marketChanged',
  'settledElsewhere',
  'duplicateReport',
  'accessBarred',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];
export type EndReason = (typeof END_REASONS)[number];

/** 响应 研判 反馈 进展. */
export const LEAD_CLOCKS = ['response', 'assessment', 'feedback', 'progress'] as const;
export type LeadClockKind = (typeof LEAD_CLOCKS)[number];

/** A running time limit. It has run out when `dueAt` has passed. */
export interface LeadClock {
  readonly kind: LeadClockKind;
  readonly startedAt: string;
  /** The end of the last day, Asia/Shanghai, as UTC ISO 8601. */
  readonly dueAt: string;
  /** When the event `lead.clock_due` (morning of the last day) and `lead.overdue` were raised. */
  readonly dueToldAt: string | null;
  readonly overdueToldAt: string | null;
}

/** One step of a lead's history. Reasons are codes; `note` is free text and shown to those who see the lead only. */
export interface LeadStep {
  readonly at: string;
  readonly by: string;
  readonly party: LeadParty | 'system';
  readonly move: LeadMove;
  readonly from: LeadStage;
  readonly to: LeadStage;
  readonly hostAdcode: Adcode;
  readonly parkId: string;
  readonly reason: string | null;
  readonly note: string | null;
}

/**
 * The lead's word that it holds, or is about to hold, capacity of one park: there is never more than one, so that no
 * lead can have two holds. The park's document is the truth about the amounts; `placing` older than a moment is
 * settled by looking there.
 */
export interface HoldClaim {
  readonly holdId: string;
  readonly parkId: string;
  readonly state: 'placing' | 'placed' | 'waiting';
  readonly at: string;
}

/** A need passed to one host county (招商线索). */
export interface Lead {
  /** `lead_` + 24 letters and digits, made from need, host county and round. */
  readonly id: string;
  readonly needId: string;
  /** The version of the need that was pushed. */
  readonly needVersion: number;
  readonly sourceAdcode: Adcode;
  readonly hostAdcode: Adcode;
  readonly parkId: string;
  /** `id@version`. */
  readonly scheme: string;
  /** The first report it rests on. */
  readonly reportId: string;
  /** Not secret: what reports group by. */
  readonly gbt: string;
  readonly chainId: string | null;
  readonly investWan: number;
  readonly stage: LeadStage;
  /** Until the source county discloses, the host county sees no firm name, credit code or contact. */
  readonly disclosedAt: string | null;
  readonly transferAgreedAt: string | null;
  readonly claim: HoldClaim | null;
  readonly history: readonly LeadStep[];
  /** Running ones only. */
  readonly clocks: readonly LeadClock[];
  /** Whose turn it is, for the inbox; null when nobody's (ended, in production). */
  readonly waitsFor: {
    readonly party: LeadParty;
    readonly adcode: Adcode | null;
    readonly dueAt: string | null;
  } | null;
  /** When the next clock event is to be raised; null if none. */
  readonly nextClockAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Counts changes, from 1: the sequence number of its events. */
  readonly version: number;
}

/** What somebody asks to be done. */
export interface MoveRequest {
  readonly move: LeadMove;
  /** A code of DECLINE_REASONS or END_REASONS, where the move needs one. */
  readonly reason?: string;
  readonly note?: string;
  /** For `transfer`: the park in the new host county. */
  readonly parkId?: string;
  /** For `giveFeedback`. */
  readonly outcome?: 'proceed' | 'stop';
}

/** Facts outside the lead that moves depend on; gathered by the caller. */
export interface MoveFacts {
  /** The hold in the park's document, if it is there and its time has not run out. */
  readonly hold: { readonly kind: HoldKind; readonly until: string } | null;
  readonly reportStands: boolean;
  /** Open leads of the same need with other host counties. */
  readonly openElsewhere: number;
  /** For `transfer`: the county of the park asked for; null if there is no such park. */
  readonly targetAdcode: Adcode | null;
  /** True if the firm has landed in the host county before. */
  readonly firmLandedInHost: boolean;
}

/** Why a move is refused; `params` are codes, numbers and dates. */
export interface MoveRefusal {
  readonly code:
    | 'wrongStage'
    | 'notYourMove'
    | 'needsReason'
    | 'unknownReason'
    | 'needsNote'
    | 'needsOutcome'
    | 'needsFirmHold'
    | 'needsHold'
    | 'needsDisclosure'
    | 'alreadyDone'
    | 'reportDoesNotStand'
    | 'tooManyPushes'
    | 'belowMinInvestment'
    | 'expansionNotCounted'
    | 'firstCountyHasIt'
    | 'needsPark'
    | 'unknownPark'
    | 'sameCounty';
  readonly params: Readonly<Record<string, string | number>>;
}
