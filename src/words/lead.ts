import type {
  DeclineReason,
  EndReason,
  LeadClockKind,
  LeadMove,
  LeadStage,
  LeadStep,
  MoveRefusal,
} from '../domain/lead.js';
import type { DuplicateReason, Report } from '../domain/report.js';
import { dueText, timeText } from './times.js';
import { numberWord } from './zh.js';

export const STAGE_WORDS: Readonly<Record<LeadStage, string>> = {
  registered: '登记',
  pushed: '推送',
  accepted: '受理',
  declined: '退回',
  assessed: '研判',
  firstTalk: '首谈',
  signed: '签约',
  landSupplied: '供地',
  construction: '开工',
  completed: '竣工',
  production: '投产',
  ended: '终止',
};

export const MOVE_WORDS: Readonly<Record<LeadMove, string>> = {
  push: '推送',
  accept: '受理',
  decline: '退回',
  assess: '研判',
  giveFeedback: '反馈',
  disclose: '披露企业',
  beginTalk: '首谈',
  sign: '签约',
  supplyLand: '供地',
  startConstruction: '开工',
  complete: '竣工',
  startProduction: '投产',
  reportProgress: '报进展',
  agreeTransfer: '同意流转',
  transfer: '流转',
  end: '终止',
};

export const PARTY_WORDS: Readonly<Record<LeadStep['party'], string>> = {
  source: '企业所在县',
  host: '承接县',
  coordinator: '省级协调员',
  system: '系统',
};

export const DECLINE_REASON_WORDS: Readonly<Record<DeclineReason, string>> = {
  industryMismatch: '产业不符',
  landShort: '用地不足',
  energyShort: '能耗指标不足',
  environmentShort: '环境容量不足',
  belowStandard: '达不到标准地指标',
  accessBarred: '准入不允许',
  other: '其他',
};

export const END_REASON_WORDS: Readonly<Record<EndReason, string>> = {
  firmWithdrew: '企业撤回',
  conditionsNotMet: '条件谈不拢',
  fundingLost: '资金不到位',
  marketChanged: '市场变化',
  settledElsewhere: '落在别处',
  duplicateReport: '重复报送',
  accessBarred: '准入不允许',
  other: '其他',
};

export const CLOCK_WORDS: Readonly<Record<LeadClockKind, string>> = {
  response: '响应时限',
  assessment: '研判时限',
  feedback: '反馈时限',
  progress: '进展报送时限',
};

export const OUTCOME_WORDS = { proceed: '继续洽谈', stop: '不再推进' } as const;

export const STANDING_WORDS: Readonly<Record<Report['standing'], string>> = {
  first: '首报有效',
  candidate: '疑似重复，待裁定',
  displaced: '已让位',
};

export const DECISION_WORDS = { stands: '认定有效', duplicate: '认定重复' } as const;

/** The word of a code; the code itself where there is none, so that an older record still reads. */
export function wordOr(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}

const REASON_WORDS: Readonly<Record<string, string>> = {
  ...DECLINE_REASON_WORDS,
  ...END_REASON_WORDS,
  ...OUTCOME_WORDS,
};

/** The reason of a step as words: of `decline`, of `end`, or the outcome of feedback. */
export function reasonWord(reason: string): string {
  return wordOr(REASON_WORDS, reason);
}

/** One ground for taking two reports for the same project. */
export function duplicateSentence({ kind, likeness }: DuplicateReason): string {
  if (kind === 'creditCode') return '统一社会信用代码相同';
  const percent = `${numberWord(Math.round(likeness * 100))}%`;
  return kind === 'firmName' ? `企业名称相近(${percent})` : `项目内容相近(${percent})`;
}

type Params = MoveRefusal['params'];

/** A parameter as text; empty where it is missing. */
function text(params: Params, name: string): string {
  const value = params[name] ?? '';
  return typeof value === 'number' ? numberWord(value) : value;
}

/** Codes parted by commas as words. */
function list(words: Readonly<Record<string, string>>, codes: string): string {
  return codes === ''
    ? ''
    : codes
        .split(',')
        .map((code) => wordOr(words, code.trim()))
        .join('、');
}

/** A moment, as parameters carry it. */
const TIME = /^\d{4}-\d{2}-\d{2}T/;

/** `(…)` around what is known, nothing around nothing. */
const inBrackets = (word: string) => (word === '' ? '' : `(${word})`);

const HELD_WORDS: Readonly<Record<string, string>> = { soft: '现在只有软预留', none: '现在没有预留' };

const REFUSALS: Readonly<Record<MoveRefusal['code'], (params: Params) => string>> = {
  wrongStage: (params) => {
    if (text(params, 'clock') === 'progress') return '反馈之后才报进展';
    const stage = wordOr(STAGE_WORDS, text(params, 'stage'));
    const allowed = list(STAGE_WORDS, text(params, 'allowed'));
    const needed = allowed === '' ? '' : `，须在以下阶段：${allowed}`;
    return stage === '' ? `阶段不对${needed}` : `现在是“${stage}”阶段，不能办这一步${needed}`;
  },
  notYourMove: (params) => {
    const allowed = list(PARTY_WORDS, text(params, 'allowed'));
    return allowed === '' ? '这一步不由你方办理' : `这一步由${allowed}办理`;
  },
  needsReason: (params) => `须写明理由${inBrackets(list(REASON_WORDS, text(params, 'allowed')))}`,
  unknownReason: (params) => {
    const allowed = list(REASON_WORDS, text(params, 'allowed'));
    return `理由不在规定的范围之内${allowed === '' ? '' : `，可选：${allowed}`}`;
  },
  needsNote: () => '理由为“其他”的，须在备注中写明',
  needsOutcome: () => '须写明反馈结论：继续洽谈或不再推进',
  needsFirmHold: (params) => `签约、供地前须有有效的硬预留${inBrackets(HELD_WORDS[text(params, 'held')] ?? '')}`,
  needsHold: () => '首谈前须有有效的要素预留',
  needsDisclosure: () => '须先由企业所在县披露企业',
  alreadyDone: (params) => {
    const since = text(params, 'since');
    if (TIME.test(since)) return `已于 ${timeText(since)} 办过`;
    return `${since}${text(params, 'hostAdcode')}` === '' ? '已经办过' : '那个县已有这条需求的线索';
  },
  reportDoesNotStand: () => '首报疑似重复或已让位，须先由省级协调员裁定',
  tooManyPushes: (params) =>
    `同时推送的县已到规则的上限${inBrackets(text(params, 'atMost') && `${text(params, 'atMost')} 个`)}`,
  belowMinInvestment: (params) => {
    const asked = text(params, 'investWan');
    const least = text(params, 'minInvestWan');
    return `总投资${asked && ` ${asked} 万元`}低于规则的下限${least && ` ${least} 万元`}`;
  },
  expansionNotCounted: () => '企业已在承接县落地，按规则其增资扩产不计为线索',
  firstCountyHasIt: (params) => {
    const dueAt = text(params, 'dueAt');
    return !TIME.test(dueAt)
      ? '首家县正在办理，须其退回或同意才能流转'
      : `首家县的时限到 ${dueText(dueAt)} 为止，此前须其退回或同意才能流转`;
  },
  needsPark: () => '须写明流转到哪个园区',
  unknownPark: () => '没有这个园区',
  sameCounty: () => '这个园区就在现在的承接县，不算流转',
};

/** Why a move is refused, as one Chinese sentence without a full stop. */
export function refusalSentence(refusal: Pick<MoveRefusal, 'code' | 'params'>): string {
  return REFUSALS[refusal.code](refusal.params);
}

/** Every code a move may be refused with. */
export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly MoveRefusal['code'][];

export function isRefusalCode(code: string): code is MoveRefusal['code'] {
  return Object.hasOwn(REFUSALS, code);
}
