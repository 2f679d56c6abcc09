import type { Factor } from '../domain/factors.js';
import type { Criterion, Fix, Gate, GateOutcome, RankedPark } from '../domain/match.js';
import type { Basis } from '../domain/provenance.js';

/** What a gate checks, as staff call it. */
export const GATE_WORDS: Readonly<Record<Gate, string>> = {
  excludedCounty: '企业排除的县',
  accessRule: '产业准入',
  land: '用地',
  date: '供地时间',
  energyTce: '能耗指标',
  powerKva: '用电容量',
  waterM3PerDay: '供水能力',
  codT: '化学需氧量(COD)',
  nh3nT: '氨氮',
  so2T: '二氧化硫',
  noxT: '氮氧化物',
  vocT: '挥发性有机物(VOCs)',
  workshopM2: '标准厂房',
  investPerMu: '亩均投资强度',
  taxPerMu: '亩均税收',
  energyPerValueAdded: '单位增加值能耗',
  plotRatio: '容积率',
};

export const OUTCOME_WORDS: Readonly<Record<GateOutcome, string>> = {
  pass: '通过',
  fail: '不通过',
  unknown: '待确认',
};

export const CRITERION_WORDS: Readonly<Record<Criterion, string>> = {
  landHeadroom: '用地余量',
  parcelFit: '地块匹配',
  energyHeadroom: '能耗余量',
  envHeadroom: '环境容量',
  siteCost: '用地成本',
  wageCost: '用工成本',
  labour: '劳动力',
  time: '供地时效',
  chainFit: '产业链契合',
  textSimilarity: '产业文本相似',
  pairing: '结对关系',
  distance: '距离',
  endowment: '资源禀赋',
  scale: '体量承载',
};

export const FACTOR_WORDS: Readonly<Record<Factor, string>> = {
  energyTce: '能耗指标',
  powerKva: '用电容量',
  waterM3PerDay: '供水能力',
  codT: '化学需氧量(COD)',
  nh3nT: '氨氮',
  so2T: '二氧化硫',
  noxT: '氮氧化物',
  vocT: '挥发性有机物(VOCs)',
  workshopM2: '标准厂房',
};

/** `sample` is always shown as 示例数据. */
export const BASIS_WORDS: Readonly<Record<Basis, string>> = {
  reported: '报道',
  public: '公开资料',
  confirmed: '县里确认',
  sample: '示例数据',
  unverified: '未核实',
};

/** One sentence for every page, table and document that shows inventories. */
export const SAMPLE_NOTICE =
  '标为“示例数据”的园区要素(地块、能耗、用电、供水、排污、厂房、价格、工资)由程序按县情生成，不是真实指标，不能作为决策依据。';

export const CHAIN_PART_WORDS = { strengthen: '强链', complete: '补链', extend: '延链' } as const;

export const PARK_STATUS_WORDS: Readonly<Record<RankedPark['status'], string>> = {
  eligible: '可落地',
  conditional: '待确认',
};

const UNIT_WORDS: Readonly<Record<string, string>> = {
  mu: '亩',
  'tce/a': '吨标煤/年',
  kVA: '千伏安',
  'm3/d': '立方米/日',
  't/a': '吨/年',
  m2: '平方米',
  wan: '万元',
  'wan/mu': '万元/亩',
  'wan/mu/a': '万元/亩·年',
  'tce/wan': '吨标煤/万元',
  date: '',
  day: '天',
  parcel: '个地块',
  'yuan/month': '元/月',
  km: '公里',
  ratio: '',
  share: '',
};

/** The Chinese word of a unit code; the code itself where there is none, and nothing for null. */
export function unitWord(unit: string | null): string {
  return unit === null ? '' : (UNIT_WORDS[unit] ?? unit);
}

/** A number for people: at most four decimals, thousands parted by commas. */
export function numberWord(value: number): string {
  if (!Number.isFinite(value)) return '超出范围';
  const [whole = '0', fraction] = String(Math.round(value * 10_000) / 10_000).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number with its unit, or a date, or 未知 for what nobody knows. */
export function amountWord(value: number | string | null, unit: string | null): string {
  if (value === null) return '未知';
  if (typeof value === 'string') return value;
  const word = unitWord(unit);
  return word === '' ? numberWord(value) : `${numberWord(value)} ${word}`;
}

function isGate(text: string): text is Gate {
  return Object.hasOwn(GATE_WORDS, text);
}

/** The parts of a way out as words; empty where the fix has none. */
interface FixParts {
  readonly amount: string;
  readonly date: string;
  /** What it rests on: parcels, a rule, a gate or the source of a price. */
  readonly ref: string;
  readonly cost: string;
}

const FIX_SENTENCES: Readonly<Record<Fix['kind'], (parts: FixParts) => string>> = {
  smallerFirstPhase: ({ amount, date, ref }) =>
    `首期先用 ${amount}${ref && `，地块 ${ref}`}${date && `，${date} 起可供`}`,
  waitForParcel: ({ amount, date }) => `等到 ${date || '地块可供'}${amount && `，推迟 ${amount}`}`,
  splitOverParcels: ({ amount, ref }) => `分到 ${amount}${ref && `：${ref}`}`,
  buyEnergyRight: ({ amount, cost }) => `购买用能权 ${amount}${cost && `，约 ${cost}/年`}`,
  buyDischargeRight: ({ amount, cost }) => `购买排污权 ${amount}${cost && `，约 ${cost}/年`}`,
  takeLessLand: ({ amount }) => `用地减到 ${amount}`,
  raiseInvestment: ({ amount }) => `增加投资 ${amount}`,
  cutUse: ({ amount }) => `降到 ${amount}`,
  laterDate: ({ date }) => `推迟${date && `到 ${date}`}`,
  confirmFact: ({ ref }) => `请县里确认${ref}`,
  lookElsewhere: () => '另选园区',
};

/** A way out as one Chinese sentence without a full stop, with its price where one is known. */
export function fixSentence(fix: Fix): string {
  const ref = fix.ref ?? '';
  return FIX_SENTENCES[fix.kind]({
    amount: fix.amount === null ? '' : amountWord(fix.amount, fix.unit),
    date: fix.date ?? '',
    ref: isGate(ref) ? GATE_WORDS[ref] : ref,
    cost: fix.costWan === null ? '' : `${numberWord(fix.costWan)} 万元`,
  });
}
