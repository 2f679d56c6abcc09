import type { FunnelBy } from '../domain/lead-reports.js';
import type { Scheme, TieRule } from '../domain/scheme.js';
import { numberWord } from './zh.js';

export const TIE_RULE_WORDS: Readonly<Record<TieRule, string>> = {
  earlierRecord: '先登记者为首报',
  largerInvestment: '投资额大者为首报',
  coordinator: '由省级协调员裁定',
};

type Rule = keyof Scheme['rules'];

/** What each rule of a scheme is called, with its unit. */
export const RULE_WORDS: Readonly<Record<Rule, string>> = {
  responseWorkingDays: '响应时限(工作日)',
  assessmentWorkingDays: '研判时限(工作日)',
  feedbackDays: '反馈时限(日)',
  progressDays: '进展报送间隔(日)',
  protectionDays: '首报保护期(日)',
  countsExpansionsOfLanded: '已落地企业的增资扩产是否计为线索',
  minInvestWan: '最低总投资(万元)',
  openPushesAtMost: '同时推送的县数上限',
  sameTimeHours: '视为同时报送的时差(小时)',
  tieRule: '同时报送的处理',
  softHoldDays: '软预留期限(日)',
  firmHoldDays: '硬预留期限(日)',
  holdExtensionsAtMost: '预留延期次数上限',
  outputShare: '产值分成',
  taxShare: '税收分成',
  landIndicatorShare: '用地指标分成',
};

export const SHARE_WORDS = { output: '产值', tax: '税收', landIndicator: '用地指标' } as const;

export const FUNNEL_BY_WORDS: Readonly<Record<FunnelBy, string>> = {
  pair: '结对',
  county: '承接县',
  scheme: '规则',
  chain: '产业链',
};

/** A rule's value as words. */
export function ruleText(value: Scheme['rules'][Rule]['value']): string {
  if (typeof value === 'number') return numberWord(value);
  if (typeof value === 'boolean') return value ? '计' : '不计';
  if (typeof value === 'string') return TIE_RULE_WORDS[value];
  const percent = (share: number) => `${numberWord(share * 100)}%`;
  return `企业所在县 ${percent(value.source)}，承接县 ${percent(value.host)}`;
}

/** A rate in [0, 1] as per cent with one decimal; 无 where nothing was pushed. */
export function rateText(rate: number | null): string {
  return rate === null ? '无' : `${numberWord(Math.round(rate * 1_000) / 10)}%`;
}
