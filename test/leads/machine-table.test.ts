import { describe, expect, it } from 'vitest';
import {
  LEAD_MOVES,
  LEAD_STAGES,
  type Lead,
  type LeadMove,
  type LeadParty,
  type LeadStage,
  type MoveRequest,
} from '../../src/domain/lead.js';
import { applyMove, judgeMove, MOVE_RULES, movesFor } from '../../src/leads/machine.js';
import { goodFacts, madeClock, madeLead, madeScheme, NOW, weekdays } from './made.js';

/** The table of moves once more, written by hand: move, from, to (`=` stays), parties. */
const TABLE = `
  push               registered                                                            pushed        source coordinator
  accept             pushed                                                                accepted      host
  decline            pushed accepted                                                       declined      host
  assess             accepted                                                              assessed      host
  giveFeedback       assessed                                                              =             host
  disclose           registered pushed accepted assessed                                   =             source coordinator
  beginTalk          assessed                                                              firstTalk     host source
  sign               firstTalk                                                             signed        host
  supplyLand         signed                                                                landSupplied  host
  startConstruction  landSupplied                                                          construction  host
  complete           construction                                                          completed     host
  startProduction    completed                                                             production    host
  reportProgress     assessed firstTalk signed landSupplied construction completed         =             host
  agreeTransfer      pushed accepted assessed firstTalk                                    =             host
  transfer           pushed accepted declined assessed firstTalk                           pushed        source coordinator
  end                registered pushed accepted declined assessed firstTalk signed landSupplied construction completed  ended  source host coordinator
`;

interface Row {
  readonly from: readonly string[];
  readonly to: string;
  readonly parties: readonly string[];
}

const isParty = (word: string) => ['source', 'host', 'coordinator'].includes(word);

const rows = new Map<string, Row>(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [move = '', ...words] = line.trim().split(/\s+/);
      const parties = words.filter(isParty);
      const stages = words.filter((word) => !isParty(word));
      return [move, { from: stages.slice(0, -1), to: stages.at(-1) ?? '', parties }];
    }),
);
const rowOf = (move: LeadMove): Row => {
  const row = rows.get(move);
  if (row === undefined) throw new Error(`no row for ${move}`);
  return row;
};

const PARTIES: readonly (LeadParty | null)[] = ['source', 'host', 'coordinator', null];
const later = '2026-03-20T16:00:00.000Z';

/** A lead of the stage with which nothing but stage and party can stand against the move. */
function ready(stage: LeadStage, move: LeadMove): Lead {
  return madeLead({
    stage,
    disclosedAt: move === 'disclose' ? null : NOW,
    transferAgreedAt: move === 'agreeTransfer' ? null : NOW,
    clocks: [madeClock('feedback', later), madeClock('progress', later)],
  });
}

const requestOf = (move: LeadMove): MoveRequest => ({
  move,
  parkId: '331023-1',
  outcome: 'proceed',
  ...(move === 'decline' ? { reason: 'landShort' } : {}),
  ...(move === 'end' ? { reason: 'firmWithdrew' } : {}),
});

describe('the state machine against the table', () => {
  it('has one rule for each move, in the order of the moves', () => {
    expect([...rows.keys()].sort()).toEqual([...LEAD_MOVES].sort());
    expect(MOVE_RULES.map(({ move }) => move).sort()).toEqual([...LEAD_MOVES].sort());
    for (const { move, from, to, parties } of MOVE_RULES) {
      expect({ from, to: to === 'same' ? '=' : to, parties }, move).toEqual(rowOf(move));
    }
  });

  it('answers every stage, move and party as the table does', () => {
    let asked = 0;
    let allowed = 0;
    for (const stage of LEAD_STAGES) {
      for (const move of LEAD_MOVES) {
        const row = rowOf(move);
        for (const party of PARTIES) {
          asked += 1;
          const input = { lead: ready(stage, move), party, facts: goodFacts(), scheme: madeScheme(), now: NOW };
          const request = requestOf(move);
          const expected = [
            ...(row.from.includes(stage) ? [] : ['wrongStage']),
            ...(party !== null && row.parties.includes(party) ? [] : ['notYourMove']),
          ];
          const where = `${stage} ${move} ${party}`;
          expect(
            judgeMove({ ...input, request }).map(({ code }) => code),
            where,
          ).toEqual(expected);
          const offered = movesFor(input).filter((one) => one.move === move);
          expect(offered, where).toEqual(expected.length === 0 ? [{ move, refusals: [] }] : []);
          const apply = () => applyMove({ ...input, request, by: 'user_1', calendar: weekdays });
          if (expected.length > 0) {
            expect(apply, where).toThrow(RangeError);
          } else {
            allowed += 1;
            expect(apply().lead.stage, where).toBe(row.to === '=' ? stage : row.to);
          }
        }
      }
    }
    expect(asked).toBe(LEAD_STAGES.length * LEAD_MOVES.length * PARTIES.length);
    // Sum of stages x parties over the rows.
    expect(allowed).toBe([...rows.values()].reduce((sum, { from, parties }) => sum + from.length * parties.length, 0));
  });
});
