import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextAnalysis } from '../../src/text/text-analysis.js';
import { smallReference } from './small-reference.js';

const analysis = createTextAnalysis(smallReference);

function best(scores: ReadonlyMap<string, number>): string | undefined {
  return [...scores].sort((a, b) => b[1] - a[1])[0]?.[0];
}

describe('likeness to links', () => {
  it.each([
    ['橡胶输送带', 'belt'],
    ['钢丝绳芯输送胶带', 'belt'],
    ['汽车空调压缩机', 'thermal'],
    ['疫苗用玻璃瓶', 'pack'],
    ['核级阀门', 'valve'],
    ['矿山用输送机', 'conveyor'],
  ])('%s is most like %s', (text, link) => {
    expect(best(analysis.likeness(text).links)).toBe(link);
  });

  it('gives nothing for an empty text, bare numbers, stop words and words no link has', () => {
    for (const text of ['', '  \n', '100 2025 ３．５%', '公司拟投资建设生产项目,年产100万件', '唐诗朗诵']) {
      expect(analysis.likeness(text)).toEqual({ links: new Map(), counties: new Map() });
    }
  });

  it('reads full-width and upper-case signs as their plain forms', () => {
    expect(analysis.likeness('ＰＴＦＥ输送带')).toEqual(analysis.likeness('ptfe输送带'));
  });

  it('counts what a thing is used for less than the thing', () => {
    const use = analysis.likeness('球阀,用于疫苗').links;
    const thing = analysis.likeness('球阀,疫苗').links;
    expect(use.get('vaccine') ?? 0).toBeGreaterThan(0);
    expect(use.get('vaccine') ?? 0).toBeLessThan(thing.get('vaccine') ?? 0);
    expect(best(use)).toBe('valve');
  });

  it('finds a word spelled nearly like a keyword, weaker than the keyword itself', () => {
    const near = analysis.likeness('橡胶减震').links.get('damp') ?? 0;
    const bare = analysis.likeness('橡胶').links.get('damp') ?? 0;
    const exact = analysis.likeness('橡胶减振').links.get('damp') ?? 0;
    expect(near).toBeGreaterThan(bare);
    expect(near).toBeLessThan(exact);
  });
});

describe('likeness to counties', () => {
  it('follows the strength of the links present in the county as a whole', () => {
    const { counties } = analysis.likeness('输送带、胶管、传动带');
    expect(best(counties)).toBe('331023');
    expect(counties.get('331127') ?? 0).toBeGreaterThan(0);
    expect(counties.has('330110')).toBe(false);
    expect(best(analysis.likeness('空调压缩机').counties)).toBe('331181');
  });

  it.each(['天台县', '天台', '台州市', '丽水', '浙江省', '平桥镇', '景宁畲族自治县', '景宁'])(
    'is not moved by the place name %s',
    (place) => {
      expect(analysis.likeness(place).counties).toEqual(new Map());
      const plain = analysis.likeness('新建输送带生产线。');
      expect(analysis.likeness(`公司位于${place}，新建输送带生产线。`).counties).toEqual(plain.counties);
      expect(analysis.likeness(`${place}输送带`).links).toEqual(analysis.likeness('输送带').links);
    },
  );
});

describe('words', () => {
  it('keeps a domain word whole and gives its parts and what lies across cuts', () => {
    expect(analysis.words('硼硅玻璃')).toContain('硼硅玻璃');
    expect(analysis.words('汽车空调压缩机')).toEqual(
      expect.arrayContaining(['汽车空调', '空调压缩机', '汽车', '压缩']),
    );
    expect(analysis.words('核级阀门')).toEqual(expect.arrayContaining(['核级阀', '阀门']));
  });

  it('leaves out stop words with their parts, numbers, punctuation and places', () => {
    expect(analysis.words('天台县某公司年产100万平方米输送带,降低总成本')).toEqual(['输送带', '降低', '输送']);
  });
});

describe('properties', () => {
  const phrase = fc.constantFrom(
    '橡胶输送带',
    '汽车空调压缩机',
    '疫苗用硼硅玻璃瓶',
    '用于核级阀门',
    '天台县',
    '年产100万套',
    '橡胶减震垫',
    'PTFE 球阀',
    'constructor __proto__ toString',
    '总成本',
  );
  const text = fc.array(fc.oneof(phrase, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 12 });

  it('scores lie in [0, 1], name known links and counties, and come out the same again', () => {
    const links = new Set(smallReference.chains.flatMap((chain) => chain.links.map((link) => link.id)));
    const counties = new Set(smallReference.counties.map((county) => county.adcode));
    fc.assert(
      fc.property(text, (parts) => {
        const likeness = analysis.likeness(parts.join('，'));
        for (const [id, score] of likeness.links) expect(links.has(id) && score > 0 && score <= 1).toBe(true);
        for (const [id, score] of likeness.counties) expect(counties.has(id) && score > 0 && score <= 1).toBe(true);
        expect(analysis.likeness(parts.join('，'))).toEqual(likeness);
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('the order of sentences changes nothing, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(phrase, { minLength: 2, maxLength: 12 }), (sentences) => {
        const forward = analysis.likeness(sentences.join('。'));
        const backward = analysis.likeness([...sentences].reverse().join('。'));
        expect(backward).toEqual(forward);
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('two analyses of the same reference data agree', () => {
    const again = createTextAnalysis(structuredClone(smallReference));
    expect(again.likeness('疫苗用硼硅玻璃瓶与输送带')).toEqual(analysis.likeness('疫苗用硼硅玻璃瓶与输送带'));
  });

  it('reads 20,000 signs and no more', () => {
    const filler = '，'.repeat(19_997);
    expect(analysis.likeness(`${filler}输送带`).links.size).toBeGreaterThan(0);
    expect(analysis.likeness(`${filler}，输送带`.padEnd(40_000, '球阀')).links.has('valve')).toBe(false);
  });
});
