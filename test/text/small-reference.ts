import type { Industry, Link } from '../../src/domain/chain.js';
import type { County } from '../../src/domain/county.js';
import type { ReferenceData } from '../../src/domain/reference.js';

const provenance = { source: 'test', basis: 'sample', asOf: '2025-01-01' } as const;

function link(id: string, name: string, gbt: readonly string[], keywords: readonly string[]): Link {
  return { id, name, stage: 'midstream', gbt, feeds: [], keywords };
}

function industry(code: string, name: string, keywords: readonly string[] = [], gbt2011 = [code]): Industry {
  const level = code.length === 2 ? 2 : code.length === 3 ? 3 : 4;
  return { code, name, level, parent: code.slice(0, -1), gbt2011, keywords, provenance };
}

function county(adcode: string, name: string, prefecture: string, leading: string, gbt: readonly string[]): County {
  return {
    adcode,
    name,
    prefecture,
    lon: 120,
    lat: 28,
    statuses: [],
    developmentClass: null,
    keyEcologicalZone: false,
    leadingIndustries: [{ name: leading, gbt, chainIds: [], wanted: false, provenance }],
    endowments: [],
    constraints: [],
    landFloorPriceWanPerMu: null,
    provenance,
  };
}

/** Two chains, seven links, four counties and a dozen industries: enough to tell likenesses apart. */
export const smallReference: ReferenceData = {
  chains: [
    {
      id: 'rubber',
      name: '橡塑',
      provenance,
      links: [
        link('belt', '输送带/胶管胶板', ['2912'], ['输送带', '胶管', '传动带']),
        link('damp', '橡胶减振与零件', ['2913'], ['橡胶减振', '密封圈']),
        link('conveyor', '矿山/港口物料输送', ['3434'], ['输送机', '矿山装备']),
      ],
    },
    {
      id: 'mixed',
      name: '汽车与医药',
      provenance,
      links: [
        link('thermal', '汽车空调与热交换', ['3670'], ['汽车空调', '空调压缩机', '冷凝器']),
        link('pack', '药包材/疫苗瓶', ['3055'], ['疫苗瓶', '西林瓶', '硼硅玻璃']),
        link('vaccine', '疫苗/生物制品', ['2762'], ['疫苗', '血液制品']),
        link('valve', '工业阀门', ['3443'], ['阀门', '核级阀', '球阀']),
      ],
    },
  ],
  industries: [
    industry('29', '橡胶和塑料制品业'),
    industry('291', '橡胶制品业'),
    industry('2912', '橡胶板、管、带制造', ['输送带', '胶管']),
    industry('2913', '橡胶零件制造', ['橡胶减振']),
    industry('3055', '玻璃包装容器制造', ['疫苗瓶']),
    industry('2762', '基因工程药物和疫苗制造'),
    industry('3434', '连续搬运设备制造', ['输送机']),
    industry('3443', '阀门和旋塞制造', ['阀门']),
    industry('3670', '汽车零部件及配件制造', ['汽车空调'], ['3660']),
    industry('3989', '其他电子元件制造'),
    industry('3985', '电子专用材料制造', ['半导体材料'], []),
    industry('39', '计算机、通信和其他电子设备制造业'),
  ],
  counties: [
    county('331023', '天台县', '台州市', '橡塑、滤布(平桥镇)', ['2912']),
    county('331181', '龙泉市', '丽水市', '青瓷、宝剑', []),
    county('331127', '景宁畲族自治县', '丽水市', '电气', ['3989']),
    county('330110', '余杭区', '杭州市', '数字经济', []),
  ],
  presences: [
    { countyAdcode: '331023', parkId: null, linkId: 'belt', strength: 0.9, anchors: [], wanted: false, provenance },
    { countyAdcode: '331181', parkId: null, linkId: 'thermal', strength: 0.8, anchors: [], wanted: false, provenance },
    { countyAdcode: '331127', parkId: null, linkId: 'belt', strength: 0.1, anchors: [], wanted: false, provenance },
    { countyAdcode: '330110', parkId: 'park-x', linkId: 'belt', strength: 1, anchors: [], wanted: false, provenance },
  ],
  pairings: [],
  accessRules: [],
  policies: [],
  quotaPrices: [],
  standards: [],
  profiles: [],
};
