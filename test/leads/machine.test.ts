import { describe, expect, it } from 'vitest';
import type { Lead, LeadParty, MoveFacts, MoveRefusal, MoveRequest } from '../../src/domain/lead.js';
import type { Scheme } from '../../src/domain/scheme.js';
import { applyMove, isOpen, isOpenPush, judgeMove, movesFor, openLead } from '../../src/leads/machine.js';
import { goodFacts, HOST, madeClock, madeLead, madeScheme, NOW, OTHER_HOST, SOURCE, weekdays } from './made.js';

interface Ask {
  readonly lead?: Partial<Lead>;
  readonly facts?: Partial<MoveFacts>;
  readonly scheme?: Scheme;
  readonly party?: LeadParty | null;
  readonly now?: string;
}

const inputOf = (request: MoveRequest, { lead, facts, scheme, party, now }: Ask) => ({
  lead: madeLead(lead),
  request,
  party: party === undefined ? ('host' as const) : party,
  facts: goodFacts(facts),
  scheme: scheme ?? madeScheme(),
  now: now ?? NOW,
});
const judge = (request: MoveRequest, ask: Ask): readonly MoveRefusal[] => judgeMove(inputOf(request, ask));
const apply = (request: MoveRequest, ask: Ask) =>
  applyMove({ ...inputOf(request, ask), by: 'user_1', calendar: weekdays });
const refusal = (code: MoveRefusal['code'], params: MoveRefusal['params'] = {}) => ({ code, params });

const bySource = { party: 'source' } as const;
const claim = { holdId: 'hold_1', parkId: '331102-1', state: 'placed', at: NOW } as const;

describe('a push', () => {
  it('is allowed when everything is in order, and starts the response clock', () => {
    const { lead, change, effect } = apply({ move: 'push', note: '请研判' }, bySource);
    expect(lead).toMatchObject({ stage: 'pushed', version: 2, updatedAt: NOW });
    // Wednesday; the working day after it ends on Thursday at 24:00 in Shanghai.
    expect(lead.clocks).toEqual([madeClock('response', '2026-03-05T16:00:00.000Z')]);
    expect(lead.waitsFor).toEqual({ party: 'host', adcode: HOST, dueAt: '2026-03-05T16:00:00.000Z' });
    expect(lead.nextClockAt).toBe('2026-03-05T01:00:00.000Z');
    expect(lead.history).toEqual([
      {
        at: NOW,
        by: 'user_1',
        party: 'source',
        move: 'push',
        from: 'registered',
        to: 'pushed',
        hostAdcode: HOST,
        parkId: '331102-1',
        reason: null,
        note: '请研判',
      },
    ]);
    expect(effect).toBe('none');
    expect(change.type).toBe('lead.pushed');
    expect(change.before).toMatchObject({ stage: 'registered' });
    expect(change.after).toMatchObject({ stage: 'pushed', hostAdcode: HOST });
    expect(JSON.stringify(change)).not.toContain('请研判');
  });

  it('says everything that stands against it at once', () => {
    const ask = {
      ...bySource,
      lead: { investWan: 4_999 },
      facts: { reportStands: false, openElsewhere: 2, firmLandedInHost: true },
    };
    expect(judge({ move: 'push' }, ask)).toEqual([
      refusal('reportDoesNotStand'),
      refusal('tooManyPushes', { open: 2, atMost: 2 }),
      refusal('belowMinInvestment', { investWan: 4_999, minInvestWan: 5_000 }),
      refusal('expansionNotCounted'),
    ]);
  });

  it('may be of a landed firm where the scheme counts expansions, and of exactly the least investment', () => {
    const scheme = madeScheme({ countsExpansionsOfLanded: true });
    const ask = { ...bySource, scheme, facts: { firmLandedInHost: true }, lead: { investWan: 5_000 } };
    expect(judge({ move: 'push' }, ask)).toEqual([]);
  });

  it('tells a party that may not make it only that', () => {
    const facts = { reportStands: false, openElsewhere: 9 };
    expect(judge({ move: 'push' }, { facts })).toEqual([
      refusal('notYourMove', { party: 'host', allowed: 'source,coordinator' }),
    ]);
    expect(judge({ move: 'push' }, { facts, party: null, lead: { stage: 'ended' } })).toEqual([
      refusal('wrongStage', { stage: 'ended', allowed: 'registered' }),
      refusal('notYourMove', { party: 'none', allowed: 'source,coordinator' }),
    ]);
  });
});

describe('the answer of the host county', () => {
  const pushed = { stage: 'pushed', clocks: [madeClock('response', '2026-03-05T16:00:00.000Z')] } as const;

  it('accepting meets the response clock and starts the assessment over the weekend', () => {
    const { lead } = apply({ move: 'accept' }, { lead: pushed });
    // Thursday, Friday, Monday.
    expect(lead.clocks).toEqual([madeClock('assessment', '2026-03-09T16:00:00.000Z')]);
    expect(lead.waitsFor).toMatchObject({ party: 'host' });
  });

  it('declining needs a reason of the list, and words where the reason is other', () => {
    const allowed = 'industryMismatch,landShort,energyShort,environmentShort,belowStandard,accessBarred,other';
    expect(judge({ move: 'decline' }, { lead: pushed })).toEqual([refusal('needsReason', { allowed })]);
    expect(judge({ move: 'decline', reason: 'firmWithdrew' }, { lead: pushed })).toEqual([
      refusal('unknownReason', { allowed }),
    ]);
    expect(judge({ move: 'decline', reason: 'other', note: ' ' }, { lead: pushed })).toEqual([
      refusal('needsNote', { reason: 'other' }),
    ]);
    expect(judge({ move: 'decline', reason: 'other', note: '园区正在调整' }, { lead: pushed })).toEqual([]);
  });

  it('declining gives the hold back and the turn to the source county', () => {
    const done = apply({ move: 'decline', reason: 'landShort' }, { lead: { ...pushed, claim } });
    expect(done).toMatchObject({ effect: 'release', releaseReason: 'declined' });
    expect(done.lead).toMatchObject({ stage: 'declined', claim: null, clocks: [], nextClockAt: null });
    expect(done.lead.waitsFor).toEqual({ party: 'source', adcode: SOURCE, dueAt: null });
    expect(done.change.before).toMatchObject({ holdId: 'hold_1' });
    expect(done.change.after).toMatchObject({ holdId: null, reason: 'landShort' });
  });

  it('without a hold there is nothing to give back', () => {
    expect(apply({ move: 'decline', reason: 'landShort' }, { lead: pushed })).toMatchObject({
      effect: 'none',
      releaseReason: null,
    });
  });

  it('feedback is given once, with an outcome; proceed starts the progress clock', () => {
    const assessed = { stage: 'assessed', clocks: [madeClock('feedback', '2026-03-11T16:00:00.000Z')] } as const;
    expect(judge({ move: 'giveFeedback' }, { lead: assessed })).toEqual([
      refusal('needsOutcome', { allowed: 'proceed,stop' }),
    ]);
    const { lead } = apply({ move: 'giveFeedback', outcome: 'proceed' }, { lead: assessed });
    expect(lead).toMatchObject({ stage: 'assessed', transferAgreedAt: null });
    expect(lead.clocks).toEqual([madeClock('progress', '2026-03-18T16:00:00.000Z')]);
    expect(lead.history.at(-1)).toMatchObject({ reason: 'proceed' });
    // The firm is not disclosed: talks wait for the source county.
    expect(lead.waitsFor).toEqual({ party: 'source', adcode: SOURCE, dueAt: null });
    expect(judge({ move: 'giveFeedback', outcome: 'stop' }, { lead })).toEqual([refusal('alreadyDone')]);
  });

  it('feedback to stop is its word that the lead may go elsewhere', () => {
    const assessed = { stage: 'assessed', clocks: [madeClock('feedback', '2026-03-11T16:00:00.000Z')] } as const;
    const { lead } = apply({ move: 'giveFeedback', outcome: 'stop' }, { lead: assessed });
    expect(lead).toMatchObject({ clocks: [], transferAgreedAt: NOW, waitsFor: { party: 'source' } });
    expect(judge({ move: 'transfer', parkId: '331023-1' }, { ...bySource, lead })).toEqual([]);
  });
});

describe('talks to production', () => {
  it('disclosure is made once', () => {
    const { lead } = apply({ move: 'disclose' }, { ...bySource, lead: { stage: 'pushed' } });
    expect(lead).toMatchObject({ stage: 'pushed', disclosedAt: NOW });
    expect(judge({ move: 'disclose' }, { ...bySource, lead })).toEqual([refusal('alreadyDone', { since: NOW })]);
  });

  it('first talk needs disclosure and a hold that has not run out', () => {
    const lead = { stage: 'assessed' } as const;
    expect(judge({ move: 'beginTalk' }, { lead, facts: { hold: null } })).toEqual([
      refusal('needsDisclosure'),
      refusal('needsHold'),
    ]);
    const disclosed = { ...lead, disclosedAt: NOW };
    const hold = (kind: 'soft' | 'firm', until: string) => ({ lead: disclosed, facts: { hold: { kind, until } } });
    expect(judge({ move: 'beginTalk' }, hold('soft', NOW))).toEqual([refusal('needsHold')]);
    expect(judge({ move: 'beginTalk' }, hold('soft', '2026-03-04T02:00:00.001Z'))).toEqual([]);
  });

  it('signing and supplying land need a firm hold that has not run out', () => {
    for (const [move, stage] of [
      ['sign', 'firstTalk'],
      ['supplyLand', 'signed'],
    ] as const) {
      const refusedWith = (hold: MoveFacts['hold']) => judge({ move }, { lead: { stage }, facts: { hold } });
      expect(refusedWith(null)).toEqual([refusal('needsFirmHold', { held: 'none' })]);
      expect(refusedWith({ kind: 'soft', until: '2026-09-01T00:00:00.000Z' })).toEqual([
        refusal('needsFirmHold', { held: 'soft' }),
      ]);
      expect(refusedWith({ kind: 'firm', until: NOW })).toEqual([refusal('needsFirmHold', { held: 'none' })]);
      expect(refusedWith({ kind: 'firm', until: '2026-09-01T00:00:00.000Z' })).toEqual([]);
    }
  });

  it('supplying land makes the hold used; every stage starts the progress clock anew until production', () => {
    const progress = madeClock('progress', '2026-03-05T16:00:00.000Z');
    let lead = madeLead({ stage: 'signed', disclosedAt: NOW, claim, clocks: [progress] });
    const supplied = apply({ move: 'supplyLand' }, { lead });
    expect(supplied).toMatchObject({ effect: 'use', releaseReason: null, lead: { claim } });
    lead = supplied.lead;
    for (const move of ['startConstruction', 'reportProgress', 'complete'] as const) {
      lead = apply({ move }, { lead, now: '2026-04-01T02:00:00.000Z' }).lead;
      expect(lead.clocks.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([['progress', '2026-04-15T16:00:00.000Z']]);
    }
    lead = apply({ move: 'startProduction' }, { lead }).lead;
    expect(lead).toMatchObject({ stage: 'production', clocks: [], waitsFor: null, nextClockAt: null });
  });

  it('progress cannot be reported before feedback', () => {
    const lead = { stage: 'assessed', clocks: [madeClock('feedback', '2026-03-11T16:00:00.000Z')] } as const;
    expect(judge({ move: 'reportProgress' }, { lead })).toEqual([refusal('wrongStage', { clock: 'progress' })]);
  });
});

describe('a transfer', () => {
  const running = { stage: 'accepted', clocks: [madeClock('assessment', '2026-03-09T16:00:00.000Z')] } as const;
  const request: MoveRequest = { move: 'transfer', parkId: '331023-1' };

  it('needs the first county: declined, agreed, or its clock run out', () => {
    const waiting = refusal('firstCountyHasIt', { hostAdcode: HOST, dueAt: '2026-03-09T16:00:00.000Z' });
    expect(judge(request, { ...bySource, lead: running })).toEqual([waiting]);
    expect(judge(request, { ...bySource, lead: running, now: '2026-03-09T15:59:59.999Z' })).toEqual([waiting]);
    expect(judge(request, { ...bySource, lead: running, now: '2026-03-09T16:00:00.000Z' })).toEqual([]);
    expect(judge(request, { ...bySource, lead: { ...running, transferAgreedAt: NOW } })).toEqual([]);
    expect(judge(request, { ...bySource, lead: { stage: 'declined' } })).toEqual([]);
    const talking = { stage: 'firstTalk', clocks: [madeClock('progress', NOW)] } as const;
    expect(judge(request, { ...bySource, lead: talking })).toEqual([refusal('firstCountyHasIt', { hostAdcode: HOST })]);
  });

  it('needs a park that is there, in another county, and a push that is still allowed', () => {
    const lead = { stage: 'declined' } as const;
    const codes = (facts: Partial<MoveFacts>, asked = request) =>
      judge(asked, { ...bySource, lead, facts }).map(({ code }) => code);
    expect(codes({}, { move: 'transfer' })).toEqual(['needsPark']);
    expect(codes({ targetAdcode: null })).toEqual(['unknownPark']);
    expect(codes({ targetAdcode: HOST })).toEqual(['sameCounty']);
    expect(codes({ reportStands: false, openElsewhere: 2 })).toEqual(['reportDoesNotStand', 'tooManyPushes']);
  });

  it('begins anew in the new county, blind, with the history kept', () => {
    const lead = madeLead({ ...running, disclosedAt: NOW, transferAgreedAt: NOW, claim });
    const done = apply(request, { party: 'coordinator', lead });
    expect(done).toMatchObject({ effect: 'release', releaseReason: 'transferred' });
    expect(done.lead).toMatchObject({
      id: lead.id,
      stage: 'pushed',
      hostAdcode: OTHER_HOST,
      parkId: '331023-1',
      disclosedAt: null,
      transferAgreedAt: null,
      claim: null,
    });
    expect(done.lead.clocks).toEqual([madeClock('response', '2026-03-05T16:00:00.000Z')]);
    expect(done.lead.history.at(-1)).toMatchObject({ hostAdcode: OTHER_HOST, parkId: '331023-1', from: 'accepted' });
    expect(done.change).toMatchObject({
      type: 'lead.transferred',
      before: { hostAdcode: HOST },
      after: { hostAdcode: OTHER_HOST, disclosedAt: null },
    });
  });

  it('is agreed to once', () => {
    const { lead } = apply({ move: 'agreeTransfer' }, { lead: running });
    expect(lead).toMatchObject({ transferAgreedAt: NOW, waitsFor: { party: 'source' } });
    expect(judge({ move: 'agreeTransfer' }, { lead })).toEqual([refusal('alreadyDone', { since: NOW })]);
  });
});

describe('an end', () => {
  const end: MoveRequest = { move: 'end', reason: 'firmWithdrew' };

  it('gives the hold back before land is supplied, and leaves it used after', () => {
    const lead = { claim, clocks: [madeClock('progress', '2026-03-18T16:00:00.000Z')] };
    const early = apply(end, { lead: { ...lead, stage: 'signed' } });
    expect(early).toMatchObject({ effect: 'release', releaseReason: 'ended', lead: { claim: null, clocks: [] } });
    const late = apply(end, { lead: { ...lead, stage: 'construction' } });
    expect(late).toMatchObject({
      effect: 'none',
      releaseReason: null,
      lead: { stage: 'ended', claim, waitsFor: null },
    });
  });

  it('needs a reason of its own list and does not repeat what was sent', () => {
    const [first] = judge({ move: 'end', reason: '某某公司' }, { lead: { stage: 'pushed' } });
    expect(first?.code).toBe('unknownReason');
    expect(JSON.stringify(first)).not.toContain('某某');
  });
});

describe('what can be done', () => {
  it('lists the moves of the stage and party with what stands against them, but not what a form asks for', () => {
    const lead = madeLead({ stage: 'firstTalk', clocks: [madeClock('progress', '2026-03-18T16:00:00.000Z')] });
    const base = { lead, facts: goodFacts({ hold: null, targetAdcode: null }), scheme: madeScheme(), now: NOW };
    expect(movesFor({ ...base, party: 'host' })).toEqual([
      { move: 'sign', refusals: [refusal('needsFirmHold', { held: 'none' })] },
      { move: 'reportProgress', refusals: [] },
      { move: 'agreeTransfer', refusals: [] },
      { move: 'end', refusals: [] },
    ]);
    expect(movesFor({ ...base, party: 'source' })).toEqual([
      { move: 'transfer', refusals: [refusal('firstCountyHasIt', { hostAdcode: HOST })] },
      { move: 'end', refusals: [] },
    ]);
    expect(movesFor({ ...base, party: null })).toEqual([]);
  });

  it('a refused move throws and names the codes only', () => {
    expect(() => apply({ move: 'sign' }, { lead: { stage: 'firstTalk' }, facts: { hold: null } })).toThrow(
      new RangeError('sign is refused: needsFirmHold'),
    );
  });

  it('a new lead is registered and waits for whoever registered it', () => {
    const lead = madeLead();
    expect(lead).toMatchObject({ stage: 'registered', version: 1, scheme: 'made@1', gbt: '3985', investWan: 12_000 });
    expect(lead.waitsFor).toEqual({ party: 'source', adcode: SOURCE, dueAt: null });
    const { history: _, ...rest } = lead;
    const byProvince = openLead({
      ...{ ...rest, need: rest, scheme: madeScheme(), now: NOW },
      party: 'coordinator',
    });
    expect(byProvince.waitsFor).toEqual({ party: 'coordinator', adcode: null, dueAt: null });
  });

  it('declined and ended leads are not open; a registered one is no open push yet', () => {
    expect([isOpen('declined'), isOpen('ended'), isOpen('registered'), isOpen('production')]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect([isOpenPush('registered'), isOpenPush('declined'), isOpenPush('pushed')]).toEqual([false, false, true]);
  });
});
