import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../../src/domain/match.js';
import type { AccessRule } from '../../../src/domain/policy.js';
import { wholeEngine } from '../../../src/matching/evaluation/ablation.js';
import { answerQuestion } from '../../../src/matching/evaluation/judge-cases.js';
import { INVENTORY_CRITERIA, questionNeed } from '../../../src/matching/evaluation/question-need.js';
import { known, tinyPark, tinySnapshot, trusted } from '../tiny.js';
import { EMPTY, HOST, noText, ORIGIN, OTHER_HOST, province, question } from './province.js';

const parks = [tinyPark('a'), tinyPark('b', {}, OTHER_HOST), tinyPark('o', {}, ORIGIN)];

function order(reference = province(), change: Parameters<typeof question>[0] = {}, likeness = {}) {
  const snapshot = tinySnapshot(parks, reference);
  return answerQuestion(wholeEngine(snapshot), question(change), noText(snapshot, likeness)).places;
}

describe('ranking counties', () => {
  it('gives every mountain county a place, the one without a park last', () => {
    expect(order().map(({ adcode }) => adcode)).toEqual([OTHER_HOST, HOST, EMPTY]);
    expect(order().at(-1)).toMatchObject({ park: null, score: -1 });
  });

  it('takes the best park of each county', () => {
    const more = [...parks, tinyPark('c', {}, OTHER_HOST)];
    const reference = province({
      presences: [
        {
          ...province().presences[0],
          parkId: 'c',
          countyAdcode: OTHER_HOST,
          linkId: 'material',
          strength: 0.9,
          anchors: [],
          wanted: false,
          provenance: trusted(),
        },
      ],
    });
    const snapshot = tinySnapshot(more, reference);
    const [first] = answerQuestion(wholeEngine(snapshot), question(), noText(snapshot)).places;
    expect(snapshot.parks[first?.park ?? -1]?.id).toBe('c');
  });

  it('breaks ties by adcode', () => {
    const alike = order(province({ presences: [] }));
    expect(alike.map(({ adcode }) => adcode)).toEqual([HOST, OTHER_HOST, EMPTY]);
    expect(alike[0]?.score).toBe(alike[1]?.score);
  });

  it('puts a county that refuses the need last, with the score it would have', () => {
    const ban: AccessRule = {
      id: 'ban',
      adcodes: [OTHER_HOST],
      gbtPrefixes: ['39'],
      level: 'ban',
      text: '不准',
      provenance: trusted(),
    };
    const places = order(province({ accessRules: [ban] }));
    expect(places.map(({ adcode }) => adcode)).toEqual([HOST, EMPTY, OTHER_HOST]);
    expect(places[2]).toMatchObject({ refused: true, score: order()[0]?.score });
    const open = order(province({ accessRules: [{ ...ban, level: 'restrict' }] }));
    expect(open[0]).toMatchObject({ adcode: OTHER_HOST, refused: false });
  });

  it('reads no inventory: parks without land, quota or a known price rank the same', () => {
    const change = { landMu: 500, investWan: 100, taxWan: 0, jobs: 9_000, originAdcode: ORIGIN };
    const bare = {
      parcels: [],
      labourAvailable: known(0),
      wageYuanPerMonth: known(null),
      landPriceWanPerMu: known(null),
    };
    const poor = tinySnapshot(
      parks.map((park) => ({ ...park, inventory: { ...park.inventory, ...bare } })),
      province(),
    );
    expect(answerQuestion(wholeEngine(poor), question(change), noText(poor)).places).toEqual(order(province(), change));
  });
});

describe('a question as a need', () => {
  const { frame } = tinySnapshot(parks, province());

  it('leaves what is unspecified out and asks for no inventory', () => {
    const { need, notes } = questionNeed(frame, question());
    expect(notes).toEqual([]);
    expect(need).toMatchObject({ firm: { countyAdcode: null }, gbt: '3985', land: { minMu: 0 }, investWan: 0 });
    expect(Object.keys(need).sort()).toEqual(['firm', 'gbt', 'investWan', 'land', 'weights']);
    expect(need.weights).toEqual(Object.fromEntries(INVENTORY_CRITERIA.map((criterion) => [criterion, 0])));
  });

  it('hands on the sizes', () => {
    const sizes = { landMu: 100, investWan: 5, outputWan: 6, taxWan: 7, jobs: 8, originAdcode: ORIGIN };
    expect(questionNeed(frame, question(sizes)).need).toMatchObject({
      firm: { countyAdcode: ORIGIN },
      land: { minMu: 0, idealMu: 100 },
      investWan: 5,
      outputWan: 6,
      taxWan: 7,
      workers: 8,
    });
  });

  it('weighs nothing that a park is to report', () => {
    const { places, need } = answerQuestion(
      wholeEngine(tinySnapshot(parks, province())),
      question({ originAdcode: ORIGIN, jobs: 5, landMu: 5, investWan: 5 }),
      noText(tinySnapshot(parks, province()), { [HOST]: 1 }),
    );
    expect(places).toHaveLength(3);
    const weighed = CRITERIA.filter((_, index) => (need.weights[index] ?? 0) > 0);
    expect(weighed).toEqual(expect.arrayContaining(['chainFit', 'textSimilarity', 'pairing', 'distance']));
    expect(weighed.filter((name) => INVENTORY_CRITERIA.some((own) => own === name))).toEqual([]);
    expect(need.land).toBeNull();
  });

  it('shortens a code that is not listed to the longest listed prefix and says so', () => {
    const listed = tinySnapshot(parks, {
      ...province(),
      industries: ['39', '398', '3985'].map((code) => ({
        code,
        name: code,
        level: 2,
        parent: '',
        gbt2011: [],
        keywords: [],
        provenance: trusted(),
      })),
    }).frame;
    const read = (gbt: string) => questionNeed(listed, question({ gbt }));
    expect(read('3989').need.gbt).toBe('398');
    expect(read('3989').notes).toEqual([{ kind: 'codeShortened', from: '3989', to: '398' }]);
    expect(read('3911').need.gbt).toBe('39');
    expect(read('39').notes).toEqual([]);
    expect(read('1234')).toMatchObject({ need: { gbt: '1234' }, notes: [{ kind: 'codeUnknown', from: '1234' }] });
  });

  it('goes on without an origin it does not know', () => {
    const { need, notes } = questionNeed(frame, question({ originAdcode: '310000' }));
    expect(need.firm.countyAdcode).toBeNull();
    expect(notes).toEqual([{ kind: 'originUnknown', from: '310000' }]);
  });
});
