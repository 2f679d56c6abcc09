import { describe, expect, it } from 'vitest';
import { loadSeedData } from '../../../seeds/load.js';
import { type Claimant, claimablePolicies } from '../../../src/usecases/leads/claimable-policies.js';

const { reference } = loadSeedData();
const YIWU = '330782';
const LIANDU = '331102';
const TONGXIANG = '330483';
const TIANTAI = '331023';

function offered(change: Partial<Claimant> = {}, pairings = reference.pairings) {
  const claimant = { sourceAdcode: YIWU, hostAdcode: LIANDU, chainIds: [], day: '2026-11-21', ...change };
  return claimablePolicies({ policies: reference.policies, pairings }, claimant);
}
const idsOf = (...input: Parameters<typeof offered>) => offered(...input).map(({ id }) => id);

describe('policies of the seeds', () => {
  it('offer a project from 义乌 to 莲都 the interest subsidy of 500 万元 a year, with its conditions', () => {
    expect(offered().find(({ id }) => id === 'ywld-gfd')).toEqual({
      id: 'ywld-gfd',
      title: '义乌—莲都“产业共富贷”贴息支持政策（试行）',
      instrument: '贷款贴息',
      amountText: '最高500万元/家/年',
      maxWanPerYear: 500,
      conditions: '“产业促共富”重点项目;单个企业;其余条件来源未说明',
      source: '义乌—莲都结对促共富报道(2024)',
      basis: 'reported',
    });
  });

  it.each([
    ['桐乡→天台', TONGXIANG, TIANTAI],
    ['义乌→天台', YIWU, TIANTAI],
    ['桐乡→莲都', TONGXIANG, LIANDU],
    ['莲都→义乌', LIANDU, YIWU],
  ])('offer no such sum to %s', (_, sourceAdcode, hostAdcode) => {
    const policies = offered({ sourceAdcode, hostAdcode });
    expect(policies.filter(({ maxWanPerYear }) => maxWanPerYear !== null)).toEqual([]);
    expect(policies.map(({ id }) => id)).not.toContain('ywld-gfd');
  });

  it('keep what a county gives by itself for whoever comes', () => {
    expect(idsOf({ sourceAdcode: TONGXIANG })).toEqual(expect.arrayContaining(['ld-progress', 'ld-equip', 'kc-tax']));
  });

  it('offer an agreement of a pair while the two are paired only', () => {
    const ended = reference.pairings.map((pairing) => ({ ...pairing, to: '2026-11-20' }));
    expect(idsOf({}, ended)).not.toContain('ywld-gfd');
    expect(idsOf({ day: '2026-11-20' }, ended)).toContain('ywld-gfd');
  });

  it('are those for firms and for the chains of the project', () => {
    expect(idsOf()).not.toContain('ywld-digital');
    expect(idsOf({ chainIds: ['auto-parts', 'intelligent-equipment'] })[0]).toBe('ywld-digital');
    for (const forOthers of ['ywld-jv', 'prov-18yi', 'prov-out']) expect(idsOf()).not.toContain(forOthers);
  });

  it('name an amount a year only where the source does', () => {
    const stated = reference.policies.filter(({ maxWanPerYear }) => maxWanPerYear !== null);
    expect(stated.map(({ id, amountText }) => [id, amountText])).toEqual([['ywld-gfd', '最高500万元/家/年']]);
  });
});
