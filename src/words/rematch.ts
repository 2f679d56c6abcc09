import { FACTOR_UNITS, FACTORS } from '../domain/factors.js';
import { BASES } from '../domain/provenance.js';
import type { FactChange, HistoryEntry, OutcomeDifference, ParkStanding, RematchRun } from '../domain/rematch.js';
import { ROBUSTNESS_WORDS } from './robustness.js';
import { EVENT_WORDS } from './webhook.js';
import { amountWord, BASIS_WORDS, FACTOR_WORDS, GATE_WORDS, OUTCOME_WORDS, PARK_STATUS_WORDS } from './zh.js';

export const RUN_REASON_WORDS: Readonly<Record<RematchRun['reason'], string>> = {
  nightly: '每夜全部重匹配',
  edition: '参考数据、权重或规则换了版本',
  day: '换了一天',
  manual: '人工发起',
};

export const RUN_STATE_WORDS: Readonly<Record<RematchRun['state'], string>> = {
  waiting: '等待中',
  running: '进行中',
  done: '已完成',
  failed: '失败',
};

export const STANDING_WORDS: Readonly<Record<ParkStanding, string>> = {
  ...PARK_STATUS_WORDS,
  excluded: '不能接收',
  notShown: '未列出',
};

/** A fact's name, and the code of its unit. */
type FactWord = readonly [string, string | null];

/** What an inventory states besides parcels. */
const FACT_WORDS: ReadonlyMap<string, FactWord> = new Map<string, FactWord>([
  ...FACTORS.map((factor): [string, FactWord] => [factor, [FACTOR_WORDS[factor], FACTOR_UNITS[factor]]]),
  ['landPriceWanPerMu', ['工业用地价格', 'wan/mu']],
  ['workshopRentYuanPerM2Month', ['厂房租金(元/平方米·月)', null]],
  ['wageYuanPerMonth', ['平均月工资', 'yuan/month']],
  ['labourAvailable', ['可招工人数', null]],
  ['landStandard.investPerMuWan', ['标准地亩均投资强度', 'wan/mu']],
  ['landStandard.taxPerMuWan', ['标准地亩均税收', 'wan/mu/a']],
  ['landStandard.energyPerValueAddedTce', ['标准地单位增加值能耗', 'tce/wan']],
  ['landStandard.plotRatio', ['标准地容积率', null]],
]);

const BASIS_SUFFIX = '.basis';
const OPENING_SUFFIX = '.availableFrom';
const PARCEL_PREFIX = 'parcel:';

/** A fact's name in words, with the unit of its values; a name without words as it is. */
function factWord(fact: string): FactWord {
  if (fact === `parcels${BASIS_SUFFIX}`) return ['地块的数据依据', null];
  if (fact.endsWith(BASIS_SUFFIX)) return [`${factWord(fact.slice(0, -BASIS_SUFFIX.length))[0]}的数据依据`, null];
  if (!fact.startsWith(PARCEL_PREFIX)) return FACT_WORDS.get(fact) ?? [fact, null];
  const parcel = fact.slice(PARCEL_PREFIX.length);
  return parcel.endsWith(OPENING_SUFFIX)
    ? [`地块 ${parcel.slice(0, -OPENING_SUFFIX.length)} 可供日期`, null]
    : [`地块 ${parcel} 面积`, 'mu'];
}

const isBasis = (value: FactChange['from']): value is (typeof BASES)[number] => BASES.some((basis) => basis === value);

function valueWord(fact: string, value: FactChange['from'], unit: string | null): string {
  if (value === null && fact.startsWith(PARCEL_PREFIX)) return '无';
  return fact.endsWith(BASIS_SUFFIX) && isBasis(value) ? BASIS_WORDS[value] : amountWord(value, unit);
}

function parkChangeText(parkId: string, fact: string, from: FactChange['from'], to: FactChange['to']): string {
  if (fact === 'park') return from === null ? `新增园区 ${parkId}` : `园区 ${parkId} 不再收录`;
  const [word, unit] = factWord(fact);
  return `园区 ${parkId} 的${word}：${valueWord(fact, from, unit)} → ${valueWord(fact, to, unit)}`;
}

/** One change of a fact as a Chinese sentence without a full stop. */
export function factChangeText({ kind, parkId, fact, from, to }: FactChange): string {
  const values = `${from ?? '无'} → ${to ?? '无'}`;
  if (kind === 'edition') return `参考数据版本：${values}`;
  if (kind === 'day') return `日期：${values}`;
  if (kind === 'need') return `需求版本：${values}`;
  return parkChangeText(parkId ?? '', fact ?? '', from, to);
}

/** Who comes first, before and after. */
export function firstText({ from, to }: OutcomeDifference['first']): string {
  if (from === to) return to === null ? '仍没有园区能接收' : `首选仍是 ${to}`;
  if (to === null) return `没有园区能接收了，原首选是 ${from}`;
  return from === null ? `首选是 ${to}` : `首选由 ${from} 变为 ${to}`;
}

export function rankText({ parkId, from, to }: OutcomeDifference['ranks'][number]): string {
  if (to === null) return `${parkId} 原为第 ${from} 名，现不在列出的名次内`;
  return from === null ? `${parkId} 现为第 ${to} 名，原不在列出的名次内` : `${parkId} 由第 ${from} 名变为第 ${to} 名`;
}

export function gateText({ parkId, gate, from, to }: OutcomeDifference['gates'][number]): string {
  return `${parkId} 的门槛“${GATE_WORDS[gate]}”由${OUTCOME_WORDS[from]}变为${OUTCOME_WORDS[to]}`;
}

export function standingText({ parkId, from, to }: OutcomeDifference['statuses'][number]): string {
  return `${parkId} 由${STANDING_WORDS[from]}变为${STANDING_WORDS[to]}`;
}

export function labelText({ from, to }: NonNullable<OutcomeDifference['label']>): string {
  const word = (label: typeof from): string => (label === null ? '无' : ROBUSTNESS_WORDS[label]);
  return `把握由${word(from)}变为${word(to)}`;
}

/** What a step told subscribers. */
export function announcedText({ announced }: Pick<HistoryEntry, 'announced'>): string {
  return announced === null ? '未通知：首选未变，或新首选的领先未超过幅度' : `已通知：${EVENT_WORDS[announced]}`;
}
