import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DECLINE_REASONS,
  END_REASONS,
  LEAD_MOVES,
  LEAD_STAGES,
  type Lead,
  type LeadClockKind,
  type LeadParty,
  type LeadStage,
  type MoveFacts,
  type MoveRequest,
} from '../../src/domain/lead.js';
import { nextClockAt, raiseClocks } from '../../src/leads/clocks.js';
import { applyMove, judgeMove, MOVE_RULES } from '../../src/leads/machine.js';
import { goodFacts, HOST, madeLead, madeScheme, NOW, OTHER_HOST, weekdays } from './made.js';

interface Try {
  readonly request: MoveRequest;
  readonly party: LeadParty;
  readonly facts: MoveFacts;
  readonly hours: number;
  readonly claims: boolean;
  /** Where set: instead of the request's move and party, one that the stage has. */
  readonly guide: number | null;
}

const scheme = madeScheme();
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 6 }, ...others.map((one) => fc.constant(one)));

const tries: fc.Arbitrary<Try> = fc.record({
  request: fc
    .record({
      move: fc.constantFrom(...LEAD_MOVES),
      reason: fc.constantFrom(...DECLINE_REASONS, ...END_REASONS, 'nonsense', null),
      note: fc.constantFrom('说明', ' ', null),
      parkId: mostly<string | null>('331023-1', null),
      outcome: mostly<'proceed' | 'stop' | null>('proceed', 'stop', null),
    })
    .map(({ move, ...rest }): MoveRequest => {
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
      return { move, ...given };
    }),
  party: fc.constantFrom<LeadParty>('source', 'host', 'host', 'coordinator'),
  facts: fc.record({
    hold: mostly<MoveFacts['hold']>(
      { kind: 'firm', until: '2099-01-01T00:00:00.000Z' },
      { kind: 'soft', until: '2099-01-01T00:00:00.000Z' },
      { kind: 'firm', until: '2020-01-01T00:00:00.000Z' },
      null,
    ),
    reportStands: mostly(true, false),
    openElsewhere: mostly(0, 5),
    targetAdcode: mostly<string | null>(OTHER_HOST, HOST, null),
    firmLandedInHost: mostly(false, true),
  }),
  hours: fc.integer({ min: 0, max: 240 }),
  claims: fc.boolean(),
  guide: fc.option(fc.nat({ max: 1_000 }), { freq: 5 }),
});

/** What is tried: mostly a move of the stage by one of its parties, so that leads get far; else whatever was drawn. */
function tried({ request, party, guide }: Try, stage: LeadStage): Pick<Try, 'request' | 'party'> {
  const back = ['end', 'decline', 'transfer', 'agreeTransfer'];
  const rules = MOVE_RULES.filter(
    ({ move, from }) => from.includes(stage) && (!back.includes(move) || (guide ?? 0) > 850),
  );
  const rule = guide === null ? undefined : rules[guide % rules.length];
  if (rule === undefined) return { request, party };
  const reason = rule.move === 'decline' ? 'landShort' : 'firmWithdrew';
  const by = rule.parties[(guide ?? 0) % rule.parties.length] ?? party;
  return { request: { ...request, move: rule.move, reason }, party: by };
}

/** Where each clock may run. */
const RUNS_IN: Readonly<Record<LeadClockKind, readonly LeadStage[]>> = {
  response: ['pushed'],
  assessment: ['accepted'],
  feedback: ['assessed'],
  progress: ['assessed', 'firstTalk', 'signed', 'landSupplied', 'construction', 'completed'],
};

/** Every moment the lead must keep to this. */
function checkLegal(lead: Lead): void {
  expect(LEAD_STAGES).toContain(lead.stage);
  const kinds = lead.clocks.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const kind of kinds) expect(RUNS_IN[kind], `${kind} in ${lead.stage}`).toContain(lead.stage);
  for (const kind of ['response', 'assessment'] as const) {
    if (RUNS_IN[kind].includes(lead.stage)) expect(kinds).toContain(kind);
  }
  if (RUNS_IN.progress.includes(lead.stage) && lead.stage !== 'assessed') expect(kinds).toEqual(['progress']);
  expect(lead.nextClockAt).toBe(nextClockAt(lead.clocks));
  expect(lead.waitsFor === null).toBe(lead.stage === 'production' || lead.stage === 'ended');
  if (['firstTalk', 'signed', 'landSupplied'].includes(lead.stage)) expect(lead.disclosedAt).not.toBeNull();
  let stage: LeadStage = 'registered';
  let host: string = HOST;
  for (const step of lead.history) {
    expect(step.from).toBe(stage);
    const rule = MOVE_RULES.find(({ move }) => move === step.move);
    expect(rule?.from).toContain(step.from);
    expect(step.to).toBe(rule?.to === 'same' ? step.from : rule?.to);
    if (step.move !== 'transfer') expect(step.hostAdcode).toBe(host);
    stage = step.to;
    host = step.hostAdcode;
  }
  expect(lead.stage).toBe(stage);
  expect(lead.hostAdcode).toBe(host);
}

describe('leads under random moves', () => {
  it('keep to the rules, whatever is tried', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(tries, { maxLength: 100, size: 'max' }), (all) => {
        let lead = madeLead();
        let at = Date.parse(NOW);
        for (const one of all) {
          const { facts, hours, claims } = one;
          at += hours * 3_600_000;
          const now = new Date(at).toISOString();
          lead = raiseClocks(lead, now)?.lead ?? lead;
          if (claims && lead.claim === null && lead.stage === 'assessed') {
            lead = { ...lead, claim: { holdId: 'hold_1', parkId: lead.parkId, state: 'placed', at: now } };
          }
          const { request, party } = tried(one, lead.stage);
          const input = { lead, request, party, facts, scheme, now };
          const refused = judgeMove(input).length > 0;
          const apply = () => applyMove({ ...input, by: 'user_1', calendar: weekdays });
          if (refused) {
            expect(apply).toThrow(RangeError);
            continue;
          }
          const before = lead;
          const { lead: after, effect, releaseReason } = apply();
          lead = after;
          expect(lead.version).toBe(before.version + 1);
          expect(lead.history).toEqual([...before.history, lead.history.at(-1)]);
          if (request.move === 'sign' || request.move === 'supplyLand') {
            expect(facts.hold?.kind).toBe('firm');
            expect(Date.parse(facts.hold?.until ?? '')).toBeGreaterThan(at);
          }
          expect(lead.claim).toEqual(effect === 'release' ? null : before.claim);
          expect(releaseReason === null).toBe(effect !== 'release');
          if (lead.stage === 'pushed' || lead.stage === 'declined') expect(lead.claim).toBeNull();
          if (request.move === 'transfer') {
            expect(lead).toMatchObject({ disclosedAt: null, transferAgreedAt: null });
          }
          checkLegal(lead);
          if (lead.stage !== 'registered') reached.add(lead.stage);
        }
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
    expect(reached.size).toBe(LEAD_STAGES.length - 1);
  });

  it('can reach every stage', () => {
    const reached = new Set<LeadStage>();
    const open: Lead[] = [madeLead({ disclosedAt: NOW })];
    const kept = (lead: Lead) => ({
      stage: lead.stage,
      clocks: lead.clocks.map(({ kind }) => kind),
      agreed: lead.transferAgreedAt,
      disclosed: lead.disclosedAt,
      host: lead.hostAdcode,
    });
    const seen = new Set<string>();
    for (let lead = open.pop(); lead !== undefined; lead = open.pop()) {
      if (seen.has(JSON.stringify(kept(lead)))) continue;
      seen.add(JSON.stringify(kept(lead)));
      reached.add(lead.stage);
      for (const { move, parties } of MOVE_RULES) {
        for (const party of parties) {
          const reason = move === 'decline' ? 'landShort' : 'firmWithdrew';
          const request: MoveRequest = { move, reason, outcome: 'proceed', parkId: '331023-1' };
          const input = { lead, request, party, facts: goodFacts(), scheme, now: NOW };
          if (judgeMove(input).length > 0) continue;
          open.push(applyMove({ ...input, by: 'user_1', calendar: weekdays }).lead);
        }
      }
    }
    expect([...reached].sort()).toEqual([...LEAD_STAGES].sort());
  });

  it('refuses every move of an ended lead and of one in production, by everybody', () => {
    for (const stage of ['ended', 'production'] as const) {
      for (const move of LEAD_MOVES) {
        for (const party of ['source', 'host', 'coordinator', null] as const) {
          const request: MoveRequest = { move, reason: 'firmWithdrew', outcome: 'proceed', parkId: '331023-1' };
          const input = { lead: madeLead({ stage }), request, party, facts: goodFacts(), scheme, now: NOW };
          expect(judgeMove(input).map(({ code }) => code)).toContain('wrongStage');
        }
      }
    }
  });
});
