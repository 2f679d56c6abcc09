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
import { dueText } from './times.js';
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

/** A reason of `decline` or `end` as words. */
export function reasonWord(reason: string): string {
  return wordOr({ ...DECLINE_REASON_WORDS, ...END_REASON_WORDS }, reason);
}

/** One ground for taking two reports for the same project. */
export function duplicateSentence({ kind, likeness }: DuplicateReason): string {
  if (kind === 'creditCode') return '统一社会信用代码相同';
  const percent = `${numberWord(Math.round(likeness * 100))}%`;
  return kind === 'firmName' ? `企业名称相近(${percent})` : `项目内容相近(${percent})`;
}

type Params = MoveRefusal['params'];

/** A parameter as text; the first of the names that is there. */
function text(params: Params, ...names: readonly string[]): string | undefined {
  const found = names.map((name) => params[name]).find((value) => value !== undefined);
  if (found === undefined) return undefined;
  return typeof found === 'number' ? numberWord(found) : found;
}

/** Codes in a parameter, parted by spaces or commas, as words. */
function list(words: Readonly<Record<string, string>>, codes: string | undefined): string {
  return (codes ?? '')
    .split(/[\s,]+/)
    .filter((code) => code !== '')
    .map((code) => wordOr(words, code))
    .join('、');
}

/** `（…）` around what is known, nothing around nothing. */
const inBrackets = (word: string | undefined) => (word === undefined || word === '' ? '' : `(${word})`);

const REFUSALS: Readonly<Record<MoveRefusal['code'], (params: Params) => string>> = {
  wrongStage: (params) => {
    const stage = text(params, 'stage');
    const needed = list(STAGE_WORDS, text(params, 'needs', 'stages', 'from'));
    return `现在是“${stage === undefined ? '别的' : wordOr(STAGE_WORDS, stage)}”阶段，不能这样办${needed && `，须在${needed}阶段`}`;
  },
  notYourMove: (params) => {
    const party = list(PARTY_WORDS, text(params, 'party', 'parties', 'for'));
    return party === '' ? '这一步不由你方办理' : `这一步由${party}办理`;
  },
  needsReason: (params) => {
    const codes = text(params, 'reasons', 'allowed');
    return `须写明理由${inBrackets(codes && list({ ...DECLINE_REASON_WORDS, ...END_REASON_WORDS }, codes))}`;
  },
  unknownReason: (params) => `理由${inBrackets(text(params, 'reason'))}不在规定的理由之内`,
  needsNote: () => '须写明情况(note)',
  needsOutcome: () => '须写明反馈结论(outcome)：继续洽谈或不再推进',
  needsFirmHold: () => '签约前须有有效的硬预留',
  needsHold: () => '须有有效的要素预留',
  needsDisclosure: () => '须先披露企业',
  alreadyDone: (params) => {
    const at = text(params, 'at');
    return at === undefined ? '已经办过' : `已于 ${dueText(at)} 办过`;
  },
  reportDoesNotStand: () => '首报疑似重复或已让位，须先由省级协调员裁定',
  tooManyPushes: (params) => {
    const limit = text(params, 'limit', 'atMost');
    return `同时推送的县已到上限${limit === undefined ? '' : `(${limit} 个)`}`;
  },
  belowMinInvestment: (params) => {
    const limit = text(params, 'limit', 'minInvestWan', 'atLeast');
    const asked = text(params, 'investWan', 'value');
    return `总投资${asked === undefined ? '' : ` ${asked} 万元`}低于规则的下限${limit === undefined ? '' : ` ${limit} 万元`}`;
  },
  expansionNotCounted: () => '企业已在承接县落地，按规则其增资扩产不计为线索',
  firstCountyHasIt: (params) => {
    const until = text(params, 'until', 'dueAt');
    return until === undefined
      ? '首家县的时限未到，须其同意才能流转'
      : `首家县的受理时限到 ${dueText(until)} 为止，此前须其同意才能流转`;
  },
  needsPark: () => '须写明流转到哪个园区(parkId)',
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
