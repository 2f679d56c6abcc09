import type { PlainFacts } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { ReleaseReason } from '../domain/hold.js';
import type { Lead, LeadClock, LeadMove, LeadStage, LeadStep, MoveRefusal, MoveRequest } from '../domain/lead.js';
import type { Need } from '../domain/need.js';
import { type Scheme, schemeRef } from '../domain/scheme.js';
import type { WorkCalendar } from '../domain/work-calendar.js';
import { nextClockAt, startClock } from './clocks.js';
import { LANDED_STAGES, MOVE_RULES, type MoveRule } from './move-rules.js';
import { type MoveQuestion, unmet } from './requirements.js';

export { MOVE_RULES, type MoveRule } from './move-rules.js';
export type { MoveQuestion } from './requirements.js';

const RULE_OF = new Map<LeadMove, MoveRule>(MOVE_RULES.map((rule) => [rule.move, rule]));

function ruleOf(move: LeadMove): MoveRule {
  const rule = RULE_OF.get(move);
  if (rule === undefined) throw new RangeError('no such move');
  return rule;
}

/** True while the lead goes on: neither declined nor ended. */
export function isOpen(stage: LeadStage): boolean {
  return stage !== 'declined' && stage !== 'ended';
}

/** True if the lead counts as one of its need's open pushes: open, and not just registered. */
export function isOpenPush(stage: LeadStage): boolean {
  return isOpen(stage) && stage !== 'registered';
}

/**
 * Why the move is refused; empty if it may be made. Every reason is given, but who may not make a move at all is told
 * only that (and the stage): the other reasons are not theirs to know.
 */
export function judgeMove(input: MoveQuestion & { readonly request: MoveRequest }): readonly MoveRefusal[] {
  const { lead, party, request } = input;
  const rule = ruleOf(request.move);
  const refusals: MoveRefusal[] = [];
  if (!rule.from.includes(lead.stage)) {
    refusals.push({ code: 'wrongStage', params: { stage: lead.stage, allowed: rule.from.join(',') } });
  }
  if (party === null || !rule.parties.includes(party)) {
    refusals.push({ code: 'notYourMove', params: { party: party ?? 'none', allowed: rule.parties.join(',') } });
    return refusals;
  }
  return [...refusals, ...unmet(rule.needs, input, request)];
}

/**
 * Moves of the lead's stage that are the party's, and what still stands against each; what the request itself must carry
 * (reason, outcome, park) is not counted.
 */
export function movesFor(
  input: MoveQuestion,
): readonly { readonly move: LeadMove; readonly refusals: readonly MoveRefusal[] }[] {
  const { lead, party } = input;
  if (party === null) return [];
  return MOVE_RULES.filter(({ from, parties }) => from.includes(lead.stage) && parties.includes(party)).map(
    ({ move, needs }) => ({ move, refusals: unmet(needs, input, null) }),
  );
}

/** Whose turn it is. The limit is shown only to the host, whose clocks they are. */
function waitsForOf(lead: Omit<Lead, 'waitsFor'>): Lead['waitsFor'] {
  const source = { party: 'source', adcode: lead.sourceAdcode, dueAt: null } as const;
  const dueAt = lead.clocks.map((clock) => clock.dueAt).sort()[0] ?? null;
  const host = { party: 'host', adcode: lead.hostAdcode, dueAt } as const;
  if (lead.stage === 'production' || lead.stage === 'ended') return null;
  if (lead.stage === 'registered' || lead.stage === 'declined' || lead.transferAgreedAt !== null) return source;
  const feedbackGiven = lead.stage === 'assessed' && lead.clocks.every(({ kind }) => kind !== 'feedback');
  return feedbackGiven && lead.disclosedAt === null ? source : host;
}

/** A new lead, registered and not yet passed on: version 1. It waits for whoever registered it. */
export function openLead(input: {
  readonly id: string;
  readonly needId: string;
  readonly needVersion: number;
  readonly need: Pick<Need, 'gbt' | 'investWan'>;
  readonly chainId: string | null;
  readonly sourceAdcode: Adcode;
  readonly hostAdcode: Adcode;
  readonly parkId: string;
  readonly scheme: Pick<Scheme, 'id' | 'version'>;
  readonly reportId: string;
  readonly now: string;
  readonly party: 'source' | 'coordinator';
}): Lead {
  const { need, scheme, now, party, ...ids } = input;
  return {
    ...ids,
    scheme: schemeRef(scheme),
    gbt: need.gbt,
    investWan: need.investWan,
    stage: 'registered',
    disclosedAt: null,
    transferAgreedAt: null,
    claim: null,
    history: [],
    clocks: [],
    waitsFor: { party, adcode: party === 'source' ? input.sourceAdcode : null, dueAt: null },
    nextClockAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/** What a move makes of a lead. */
export interface AppliedMove {
  /** One version on. Its claim is gone where the hold is released. */
  readonly lead: Lead;
  /** What the caller must do to the hold in the park's document, which the lead's claim before the move names. */
  readonly effect: 'none' | 'release' | 'use';
  readonly releaseReason: ReleaseReason | null;
  readonly change: { readonly type: string; readonly before: PlainFacts; readonly after: PlainFacts };
}

/** Codes, ids and times of a lead, for the audit trail: never a note. */
function factsOf(lead: Lead): PlainFacts {
  const { stage, hostAdcode, parkId, disclosedAt, transferAgreedAt, claim } = lead;
  return { stage, hostAdcode, parkId, disclosedAt, transferAgreedAt, holdId: claim?.holdId ?? null };
}

function holdEffect(rule: MoveRule, lead: Lead): AppliedMove['effect'] {
  if (lead.claim === null || rule.hold === 'none') return 'none';
  if (rule.hold === 'keepUsed') return LANDED_STAGES.includes(lead.stage) ? 'none' : 'release';
  return rule.hold;
}

/** Fields of the lead that a move sets beside stage, clocks and history. */
function markedBy(
  lead: Lead,
  request: MoveRequest,
  question: MoveQuestion,
): Partial<Pick<Lead, 'hostAdcode' | 'parkId' | 'disclosedAt' | 'transferAgreedAt'>> {
  const { now, facts } = question;
  switch (request.move) {
    case 'disclose':
      return { disclosedAt: now };
    case 'agreeTransfer':
      return { transferAgreedAt: now };
    case 'giveFeedback':
      return request.outcome === 'stop' ? { transferAgreedAt: lead.transferAgreedAt ?? now } : {};
    case 'transfer':
      return {
        hostAdcode: facts.targetAdcode ?? lead.hostAdcode,
        parkId: request.parkId ?? lead.parkId,
        disclosedAt: null,
        transferAgreedAt: null,
      };
    default:
      return {};
  }
}

/**
 * Makes a move that `judgeMove` allows: stage, clocks, history, whose turn it is, and what becomes of the hold.
 * @throws RangeError if `judgeMove` refuses it; the message names the refusals' codes.
 */
export function applyMove(
  input: MoveQuestion & { readonly request: MoveRequest; readonly by: string; readonly calendar: WorkCalendar },
): AppliedMove {
  const { lead, party, request, now, scheme, calendar } = input;
  const refusals = judgeMove(input);
  if (refusals.length > 0 || party === null) {
    throw new RangeError(`${request.move} is refused: ${refusals.map(({ code }) => code).join(', ')}`);
  }
  const rule = ruleOf(request.move);
  const stops = request.move === 'giveFeedback' && request.outcome === 'stop';
  const starts = stops ? [] : rule.starts;
  const clocks: readonly LeadClock[] = [
    ...lead.clocks.filter(({ kind }) => !rule.meets.includes(kind) && !starts.includes(kind)),
    ...starts.map((kind) => startClock(kind, now, scheme, calendar)),
  ];
  const marks = markedBy(lead, request, input);
  const to = rule.to === 'same' ? lead.stage : rule.to;
  const step: LeadStep = {
    at: now,
    by: input.by,
    party,
    move: request.move,
    from: lead.stage,
    to,
    hostAdcode: marks.hostAdcode ?? lead.hostAdcode,
    parkId: marks.parkId ?? lead.parkId,
    reason: request.reason ?? request.outcome ?? null,
    note: request.note ?? null,
  };
  const effect = holdEffect(rule, lead);
  const moved = {
    ...lead,
    ...marks,
    stage: to,
    clocks,
    claim: effect === 'release' ? null : lead.claim,
    history: [...lead.history, step],
    nextClockAt: nextClockAt(clocks),
    updatedAt: now,
    version: lead.version + 1,
  };
  const next: Lead = { ...moved, waitsFor: waitsForOf(moved) };
  return {
    lead: next,
    effect,
    releaseReason: effect === 'release' ? rule.releaseReason : null,
    change: { type: rule.event, before: factsOf(lead), after: { ...factsOf(next), reason: step.reason } },
  };
}
