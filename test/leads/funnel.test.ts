import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAD_STAGES, type Lead, type LeadMove, type LeadStage, type LeadStep } from '../../src/domain/lead.js';
import { FUNNEL_BY } from '../../src/domain/lead-reports.js';
import { FUNNEL_BASELINE, funnelRows } from '../../src/leads/funnel.js';
import { HOST, madeLead, OTHER_HOST, SOURCE } from './made.js';

const MARCH = { from: '2026-03-01', to: '2026-03-31' };
const label = (key: string) => `<${key}>`;

type Short = readonly [move: LeadMove, from: LeadStage, to: LeadStage, day: string, host?: string | undefined];

/** A lead with these steps, each at noon in Shanghai. */
function walked(steps: readonly Short[], changed: Partial<Lead> = {}): Lead {
  const history = steps.map(([move, from, to, day, host]): LeadStep => {
    const at = day.includes('T') ? day : `${day}T04:00:00.000Z`;
    return {
      at,
      by: 'user_1',
      party: 'host',
      move,
      from,
      to,
      hostAdcode: host ?? HOST,
      parkId: 'p',
      reason: null,
      note: null,
    };
  });
  const last = history.at(-1);
  return madeLead({ history, stage: last?.to ?? 'registered', hostAdcode: last?.hostAdcode ?? HOST, ...changed });
}

const push = (day: string): Short => ['push', 'registered', 'pushed', day];
const accept = (day: string, host?: string): Short => ['accept', 'pushed', 'accepted', day, host];

const landed = walked([
  push('2026-03-02'),
  accept('2026-03-03'),
  ['sign', 'firstTalk', 'signed', '2026-04-01'],
  ['supplyLand', 'signed', 'landSupplied', '2026-05-01'],
  ['end', 'landSupplied', 'ended', '2026-06-01'],
]);
const accepted = walked([push('2026-03-10'), accept('2026-03-14')]);
const declined = walked([push('2026-03-10'), ['decline', 'pushed', 'declined', '2026-03-11']]);
const moved = walked([
  push('2026-03-05'),
  accept('2026-03-06'),
  ['transfer', 'accepted', 'pushed', '2026-03-20', OTHER_HOST],
]);

describe('the funnel', () => {
  it('counts what was ever reached, with rates of the pushed and median days from the push', () => {
    const { rows, total } = funnelRows([landed, accepted, declined, moved], 'county', label, MARCH);
    expect(rows).toEqual([
      {
        key: HOST,
        label: `<${HOST}>`,
        pushed: 3,
        accepted: 2,
        signed: 1,
        landed: 1,
        ended: 1,
        acceptedRate: 2 / 3,
        signedRate: 1 / 3,
        landedRate: 1 / 3,
        medianDaysToAccept: 2.5,
        medianDaysToSign: 30,
        medianDaysToLand: 60,
      },
      {
        key: OTHER_HOST,
        label: `<${OTHER_HOST}>`,
        pushed: 1,
        accepted: 0,
        signed: 0,
        landed: 0,
        ended: 0,
        acceptedRate: 0,
        signedRate: 0,
        landedRate: 0,
        medianDaysToAccept: null,
        medianDaysToSign: null,
        medianDaysToLand: null,
      },
    ]);
    expect(total).toMatchObject({
      key: 'total',
      label: '<total>',
      pushed: 4,
      accepted: 2,
      landed: 1,
      landedRate: 0.25,
    });
  });

  it('credits a transferred lead to the county it is with, from its first push', () => {
    const again = walked([
      push('2026-03-05'),
      accept('2026-03-06'),
      ['transfer', 'accepted', 'pushed', '2026-03-20', OTHER_HOST],
      accept('2026-03-21', OTHER_HOST),
    ]);
    const { rows } = funnelRows([again], 'pair', label, MARCH);
    expect(rows).toMatchObject([{ key: `${SOURCE}-${OTHER_HOST}`, pushed: 1, accepted: 1, medianDaysToAccept: 16 }]);
  });

  it('counts by the Shanghai day of the first push, both ends included', () => {
    const at = (time: string) => funnelRows([walked([push(time)])], 'county', label, MARCH).total.pushed;
    expect(at('2026-02-28T15:59:59.999Z')).toBe(0);
    expect(at('2026-02-28T16:00:00.000Z')).toBe(1);
    expect(at('2026-03-31T15:59:59.999Z')).toBe(1);
    expect(at('2026-03-31T16:00:00.000Z')).toBe(0);
  });

  it('leaves out what was never pushed, and has no rates where nothing was', () => {
    expect(funnelRows([madeLead()], 'scheme', label, MARCH)).toMatchObject({
      rows: [],
      total: { pushed: 0, acceptedRate: null, landedRate: null, medianDaysToLand: null },
    });
  });

  it('groups by scheme and by chain, those without a chain together', () => {
    const none = { ...accepted, chainId: null };
    expect(funnelRows([none, landed], 'chain', label, MARCH).rows.map(({ key }) => key)).toEqual([
      'none',
      'semiconductor-materials',
    ]);
    expect(funnelRows([none, landed], 'scheme', label, MARCH).rows).toMatchObject([{ key: 'made@1', pushed: 2 }]);
  });

  it('adds up: rows to the total, and never more later than earlier', () => {
    const moves: readonly Short[] = [
      push('2026-03-02'),
      accept('2026-03-04'),
      ['sign', 'firstTalk', 'signed', '2026-03-20'],
      ['supplyLand', 'signed', 'landSupplied', '2026-04-20'],
    ];
    const leads = fc.record({
      reached: fc.integer({ min: 0, max: moves.length }),
      host: fc.constantFrom(HOST, OTHER_HOST),
      chainId: fc.constantFrom('a', 'b', null),
      by: fc.constantFrom('made@1', 'made@2'),
      stage: fc.constantFrom(...LEAD_STAGES),
    });
    fc.assert(
      fc.property(fc.array(leads, { maxLength: 30 }), fc.constantFrom(...FUNNEL_BY), (all, by) => {
        const made = all.map(({ reached, host, chainId, by: scheme, stage }) =>
          walked(moves.slice(0, reached), { hostAdcode: host, chainId, scheme, stage }),
        );
        const { rows, total } = funnelRows(made, by, label, MARCH);
        for (const what of ['pushed', 'accepted', 'signed', 'landed', 'ended'] as const) {
          expect(rows.reduce((sum, row) => sum + row[what], 0)).toBe(total[what]);
        }
        for (const row of [...rows, total]) {
          expect(row.pushed).toBeGreaterThanOrEqual(row.accepted);
          expect(row.accepted).toBeGreaterThanOrEqual(row.signed);
          expect(row.signed).toBeGreaterThanOrEqual(row.landed);
        }
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
      }),
      { seed: 11 },
    );
  });

  it('compares with the documented 4 of 50', () => {
    expect(FUNNEL_BASELINE.landedRate).toBe(FUNNEL_BASELINE.landed / FUNNEL_BASELINE.pushed);
    expect(FUNNEL_BASELINE).toMatchObject({ pushed: 50, landed: 4 });
  });
});
