import { describe, expect, it } from 'vitest';
import { loadSeedData } from '../../seeds/load.js';
import { createIndustrySearch } from '../../src/text/industry-search.js';
import { createTextAnalysis } from '../../src/text/text-analysis.js';

const { reference } = loadSeedData();
const analysis = createTextAnalysis(reference);

function ranking(scores: ReadonlyMap<string, number>): string[] {
  return [...scores].sort((a, b) => b[1] - a[1]).map(([id]) => id);
}

describe('likeness over the seeded reference data', () => {
  it.each([
    ['橡胶输送带', 'rp-belt'],
    ['橡胶输送胶带', 'rp-belt'],
    ['木杆铅笔', 'pen-pencil'],
    ['疫苗用硼硅玻璃瓶', 'med-pack'],
    ['汽车空调压缩机', 'auto-thermal'],
    ['锯床', 'ie-machine'],
    ['半导体材料单晶硅片', 'semi-wafer'],
    ['工业机器人本体', 'ie-robot'],
    ['日用青瓷', 'hc-celadon'],
  ])('%s is most like %s', (text, link) => {
    expect(ranking(analysis.likeness(text).links)[0]).toBe(link);
  });

  it('finds the thing in a text that is mostly about the firm', () => {
    const text =
      '公司成立于2005年，是国家级高新技术企业，位于义乌市，拟投资12.8亿元建设半导体新材料生产基地，年产大尺寸硅片100万片，' +
      '达产后年产值15亿元，税收1亿元，需用地100亩，分两期实施，可解决就业300人。';
    expect(ranking(analysis.likeness(text).links)[0]).toBe('semi-wafer');
  });

  it.each([
    ['木制玩具', '331125'],
    ['特种纸', '330825'],
    ['锯床', '331122'],
    ['汽车空调', '331181'],
  ])('a maker of %s finds county %s among the three most alike', (text, adcode) => {
    expect(ranking(analysis.likeness(text).counties).slice(0, 3)).toContain(adcode);
  });

  it('no county or prefecture name moves the likeness to a county', () => {
    const places = new Set(reference.counties.flatMap((county) => [county.name, county.prefecture]));
    const plain = analysis.likeness('生产橡胶输送带。');
    expect(places.size).toBeGreaterThan(40);
    for (const place of places) {
      expect([place, [...analysis.likeness(place).counties]]).toEqual([place, []]);
      expect(analysis.likeness(`企业现位于${place}，生产橡胶输送带。`)).toEqual(plain);
    }
  });

  it('reads 20,000 signs in bounded time', () => {
    const text = reference.industries
      .map((industry) => `${industry.name}、${industry.keywords.join('、')}。`)
      .join('')
      .repeat(3)
      .slice(0, 20_000);
    expect(text.length).toBe(20_000);
    analysis.likeness(text);
    const start = process.hrtime.bigint();
    const { links } = analysis.likeness(text);
    const elapsedMs = Number(process.hrtime.bigint() - start) / 1e6;
    expect(links.size).toBeGreaterThan(100);
    expect(elapsedMs).toBeLessThan(1_000);
  });
});

describe('industry search over the seeded reference data', () => {
  const { search, nearestCodes } = createIndustrySearch(reference);

  it.each([
    ['3985', '3985'],
    ['铅笔', '2412'],
    ['橡胶板、管、带', '2912'],
    ['食用菌加工', '1372'],
  ])('%s finds %s first', (query, code) => {
    expect(search(query, 3)[0]?.code).toBe(code);
  });

  it('suggests codes that exist for codes that do not', () => {
    const known = new Set(reference.industries.map((industry) => industry.code));
    for (const code of ['3986', '9999', '0000', '12']) {
      const near = nearestCodes(code, 3);
      expect(near).toHaveLength(3);
      expect(near.every((suggestion) => known.has(suggestion))).toBe(true);
    }
    expect(nearestCodes('3986', 1)).toEqual(['3985']);
  });
});
