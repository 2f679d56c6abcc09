import {
  DECLINE_REASONS,
  END_REASONS,
  type Lead,
  type LeadParty,
  type MoveFacts,
  type MoveRefusal,
  type MoveRequest,
} from '../domain/lead.js';
import type { Scheme } from '../domain/scheme.js';
import { hasRunOut } from './clocks.js';
import type { Requirement } from './move-rules.js';

/** All that a move is judged by, but for what is asked. */
export interface MoveQuestion {
  readonly lead: Lead;
  /** Null: neither county of the lead nor the province. */
  readonly party: LeadParty | null;
  readonly facts: MoveFacts;
  /** The version the lead keeps. */
  readonly scheme: Scheme;
  readonly now: string;
}

type Judge = (question: MoveQuestion, request: MoveRequest) => MoveRefusal | null;

const refuse = (code: MoveRefusal['code'], params: MoveRefusal['params'] = {}): MoveRefusal => ({ code, params });

/** A code of the list; `other` says nothing by itself and needs a note. What was sent is not repeated. */
function reasonOf(allowed: readonly string[], request: MoveRequest): MoveRefusal | null {
  const { reason, note } = request;
  if (reason === undefined) return refuse('needsReason', { allowed: allowed.join(',') });
  if (!allowed.includes(reason)) return refuse('unknownReason', { allowed: allowed.join(',') });
  return reason === 'other' && (note ?? '').trim() === '' ? refuse('needsNote', { reason }) : null;
}

/** The hold's kind if its time has not run out. */
function heldKind({ facts, now }: MoveQuestion): 'none' | 'soft' | 'firm' | 'used' {
  return facts.hold !== null && !hasRunOut({ dueAt: facts.hold.until }, now) ? facts.hold.kind : 'none';
}

function firstCountyWord({ lead, now }: MoveQuestion): MoveRefusal | null {
  if (lead.stage === 'declined' || lead.transferAgreedAt !== null) return null;
  const answers = lead.clocks.filter(({ kind }) => kind !== 'progress');
  if (answers.some((clock) => hasRunOut(clock, now))) return null;
  const dueAt = answers.map((clock) => clock.dueAt).sort()[0];
  return refuse('firstCountyHasIt', { hostAdcode: lead.hostAdcode, ...(dueAt === undefined ? {} : { dueAt }) });
}

function targetPark({ lead, facts }: MoveQuestion, { parkId }: MoveRequest): MoveRefusal | null {
  if (parkId === undefined) return refuse('needsPark');
  if (facts.targetAdcode === null) return refuse('unknownPark');
  return facts.targetAdcode === lead.hostAdcode ? refuse('sameCounty', { hostAdcode: lead.hostAdcode }) : null;
}

const JUDGES: Readonly<Record<Requirement, Judge>> = {
  reportStands: ({ facts }) => (facts.reportStands ? null : refuse('reportDoesNotStand')),
  pushesLeft: ({ facts, scheme }) => {
    const atMost = scheme.rules.openPushesAtMost.value;
    return facts.openElsewhere < atMost ? null : refuse('tooManyPushes', { open: facts.openElsewhere, atMost });
  },
  minInvestment: ({ lead, scheme }) => {
    const minInvestWan = scheme.rules.minInvestWan.value;
    if (lead.investWan >= minInvestWan) return null;
    return refuse('belowMinInvestment', { investWan: lead.investWan, minInvestWan });
  },
  countedExpansion: ({ facts, scheme }) =>
    facts.firmLandedInHost && !scheme.rules.countsExpansionsOfLanded.value ? refuse('expansionNotCounted') : null,
  declineReason: (_, request) => reasonOf(DECLINE_REASONS, request),
  endReason: (_, request) => reasonOf(END_REASONS, request),
  outcome: (_, { outcome }) =>
    outcome === 'proceed' || outcome === 'stop' ? null : refuse('needsOutcome', { allowed: 'proceed,stop' }),
  feedbackOpen: ({ lead }) =>
    lead.stage !== 'assessed' || lead.clocks.some(({ kind }) => kind === 'feedback') ? null : refuse('alreadyDone'),
  progressRuns: ({ lead }) =>
    lead.clocks.some(({ kind }) => kind === 'progress') ? null : refuse('wrongStage', { clock: 'progress' }),
  notDisclosedYet: ({ lead }) =>
    lead.disclosedAt === null ? null : refuse('alreadyDone', { since: lead.disclosedAt }),
  disclosed: ({ lead }) => (lead.disclosedAt === null ? refuse('needsDisclosure') : null),
  hold: (question) => (heldKind(question) === 'none' ? refuse('needsHold') : null),
  firmHold: (question) => {
    const held = heldKind(question);
    return held === 'firm' ? null : refuse('needsFirmHold', { held });
  },
  notAgreedYet: ({ lead }) =>
    lead.transferAgreedAt === null ? null : refuse('alreadyDone', { since: lead.transferAgreedAt }),
  firstCountyWord,
  targetPark,
};

/** What the request itself must carry; a list of possible moves does not judge these. */
const OF_THE_REQUEST: ReadonlySet<Requirement> = new Set(['declineReason', 'endReason', 'outcome', 'targetPark']);

/** Everything that stands against the requirements. Without a request those of the request are left out. */
export function unmet(
  needs: readonly Requirement[],
  question: MoveQuestion,
  request: MoveRequest | null,
): readonly MoveRefusal[] {
  return needs.flatMap((need) => {
    if (request === null && OF_THE_REQUEST.has(need)) return [];
    const refusal = JUDGES[need](question, request ?? { move: 'push' });
    return refusal === null ? [] : [refusal];
  });
}
