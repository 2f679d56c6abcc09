import { describe, expect, it } from 'vitest';
import type { ReferenceData } from '../../src/domain/reference.js';
import {
  HOST,
  known,
  OTHER_HOST,
  presence,
  tinyChain,
  tinyIndustry,
  tinyLink,
  tinyNeed,
  tinyPark,
  tinyReference,
  trusted,
} from '../matching/tiny.js';
import { type Bench, makeBench } from './bench.js';

/** wafer -> chip -> board, and gas of another chain -> chip. */
function reference(change: Partial<ReferenceData> = {}): ReferenceData {
  return tinyReference({
    chains: [
      tinyChain('semi', [
        tinyLink('wafer', ['3985'], ['chip']),
        tinyLink('chip', ['3973'], ['board']),
        tinyLink('board', ['3982']),
      ]),
      tinyChain('gases', [tinyLink('gas', ['2619'], ['chip'])]),
    ],
    industries: ['3985', '3973', '3982', '2619', '1311'].map(tinyIndustry),
    presences: [
      presence('wafer', 0.4, { anchors: [{ name: '示例链主', provenance: trusted() }] }),
      presence('wafer', 0.7, { parkId: 'p1' }),
      presence('gas', 0.6),
      presence('chip', 0, { wanted: true }),
      presence('board', 0.9, { countyAdcode: OTHER_HOST }),
    ],
    ...change,
  });
}

async function matched(bench: Bench, ...gbt: string[]): Promise<string[]> {
  const ids = [];
  for (const code of gbt) {
    await bench.clock.advance(1);
    const id = await bench.submit(tinyNeed({ gbt: code }));
    await bench.matcher.matchNeed(id, 1);
    ids.push(id);
  }
  return ids;
}

describe('readCoverage', () => {
  it('parts a chain into present, missing and wanted links with what they rest on', async () => {
    const bench = await makeBench({ reference: reference() });
    const view = await bench.useCases.readCoverage('semi', HOST, null, 100);
    expect(view).toMatchObject({ chain: { id: 'semi' }, county: { adcode: HOST }, wanted: ['chip'], scanned: 0 });
    expect(view.present).toEqual([
      {
        id: 'wafer',
        name: 'wafer',
        stage: 'midstream',
        wanted: false,
        needsTotal: 0,
        needs: [],
        strength: 0.7,
        anchors: ['示例链主'],
        parkIds: ['p1'],
        basis: 'public',
        asOf: '2025-12-01',
      },
    ]);
    expect(view.missing.map(({ id, wanted, neighboursPresent }) => [id, wanted, neighboursPresent])).toEqual([
      ['chip', true, 2],
      ['board', false, 0],
    ]);
    expect(view.missing[0]?.neighbours).toEqual([
      { id: 'wafer', name: 'wafer', chainId: 'semi', role: 'supplier', present: true, strength: 0.7 },
      { id: 'board', name: 'board', chainId: 'semi', role: 'customer', present: false, strength: 0 },
      { id: 'gas', name: 'gas', chainId: 'gases', role: 'supplier', present: true, strength: 0.6 },
    ]);
  });

  it('names the open needs that would fill a link, and nothing of their firms', async () => {
    const bench = await makeBench({ reference: reference() });
    const [chip, , wafer] = await matched(bench, '3973', '1311', '3985');
    const view = await bench.useCases.readCoverage('semi', HOST, null, 100);
    expect(view.missing[0]).toMatchObject({ needsTotal: 1, needs: [{ id: chip, gbt: '3973', share: 1 }] });
    expect(view.missing[0]?.needs[0]).toEqual({
      id: chip,
      gbt: '3973',
      share: 1,
      links: [{ linkId: 'chip', share: 1 }],
    });
    expect(view.present[0]?.needs.map(({ id }) => id)).toEqual([wafer]);
    expect(JSON.stringify(view)).not.toContain('不可外传');
    expect(view).toMatchObject({ scanned: 3, unsettled: 0, truncated: false, nextCursor: null });
  });

  it('leaves out needs whose firm excludes the county, and needs a trusted ban keeps out of it', async () => {
    const rule = {
      id: 'r',
      level: 'ban',
      adcodes: [HOST],
      gbtPrefixes: ['39'],
      text: '',
      provenance: trusted(),
    } as const;
    const bench = await makeBench({ reference: reference({ accessRules: [rule] }) });
    await matched(bench, '3973');
    expect((await bench.useCases.readCoverage('semi', HOST, null, 9)).missing[0]?.needsTotal).toBe(0);
    expect((await bench.useCases.readCoverage('semi', OTHER_HOST, null, 9)).missing).toContainEqual(
      expect.objectContaining({ id: 'chip', needsTotal: 1 }),
    );
    const other = await makeBench({ reference: reference() });
    const id = await other.submit(tinyNeed({ gbt: '3973', exclude: { counties: [HOST] } }));
    await other.matcher.matchNeed(id, 1);
    expect((await other.useCases.readCoverage('semi', HOST, null, 9)).missing[0]?.needsTotal).toBe(0);
  });

  it('looks at the newest needs first and hands out where to go on', async () => {
    const bench = await makeBench({ reference: reference(), parks: [tinyPark('p1', { labourAvailable: known(1) })] });
    const [oldest, , newest] = await matched(bench, '3973', '3973', '3973');
    const first = await bench.useCases.readCoverage('semi', HOST, null, 2);
    expect(first).toMatchObject({ scanned: 2, truncated: true });
    expect(first.missing[0]?.needs.map(({ id }) => id)).toContain(newest);
    const second = await bench.useCases.readCoverage('semi', HOST, first.nextCursor, 2);
    expect(second).toMatchObject({ scanned: 1, truncated: false, nextCursor: null });
    expect(second.missing[0]?.needs.map(({ id }) => id)).toEqual([oldest]);
  });

  it('knows unknown chains, counties and cursors', async () => {
    const { useCases } = await makeBench({ reference: reference() });
    await expect(useCases.readCoverage('none', HOST, null, 9)).rejects.toMatchObject({ code: 'notFound' });
    await expect(useCases.readCoverage('semi', '999999', null, 9)).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'county', code: 'unknownCounty' }],
    });
    await expect(useCases.readCoverage('semi', HOST, '???', 9)).rejects.toMatchObject({
      issues: [{ field: 'cursor', code: 'badCursor' }],
    });
  });
});
