import type { FieldIssue } from '../domain/errors.js';
import type { MoveRefusal } from '../domain/lead.js';
import { isSecretField } from '../domain/secret-fields.js';
import { fieldLabel } from './fields.js';
import { isRefusalCode, MOVE_WORDS, REFUSAL_CODES, refusalSentence, wordOr } from './lead.js';
import { URL_REFUSAL_WORDS } from './webhook.js';
import { numberWord } from './zh.js';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  number: '数字',
  int: '整数',
  string: '文字',
  boolean: 'true 或 false',
  array: '列表',
  object: '对象',
  record: '对象',
  date: '日期',
};

/** The parts of one issue, as words, that a sentence is made of. */
interface Parts {
  readonly value: string;
  readonly limit: string;
  readonly mend: string;
}

const SENTENCES: Readonly<Record<string, (parts: Parts) => string>> = {
  required: () => '没有填写',
  wrongType: ({ limit }) => `类型不对，应为${TYPE_WORDS[limit] ?? limit}`,
  notANumber: ({ value }) => `${value}不是数字；请只填阿拉伯数字，可带小数点，不带单位、逗号和科学计数`,
  notWhole: ({ value }) => `${value}不是整数`,
  tooLarge: ({ value, limit }) => `${value}超过上限 ${limit}；请检查单位是否填错`,
  tooSmall: ({ value, limit }) => `${value}低于下限 ${limit}`,
  tooFine: ({ value, limit }) => `${value}小于最小刻度 ${limit}；没有请填 0`,
  tooLong: ({ limit }) => `超过 ${limit} 个字符；请精简`,
  badCron: ({ value }) =>
    `${value}不是可用的时间表；应为 5 段(分 时 日 月 周)的 cron，只用数字和 * , - /，如 0 18 * * *(UTC 18 时即北京时间 2 时)`,
  tooOften: ({ value, limit }) => `${value}太频繁；两次至少相隔 ${limit} 分钟，请只写一个分钟数`,
  empty: () => '不能为空',
  tooMany: ({ limit }) => `最多 ${limit} 项`,
  tooFew: ({ limit }) => `至少 ${limit} 项`,
  controlCharacter: () => '含有控制字符或不可见字符；请删去后重新粘贴',
  badFormat: ({ value, limit }) => `${value}格式不对，应为${limit}`,
  badCreditCode: () => '不是有效的统一社会信用代码(18位，末位为校验码)；请对照营业执照',
  notADate: ({ value }) => `${value}不是有效日期，应为 YYYY-MM-DD`,
  notATime: ({ value }) =>
    `${value}不是有效的时间，应为日期(如 2030-01-02)，或带时区的时间(如 2030-01-02T08:00:00+08:00)`,
  dateInPast: ({ value, limit }) => `${value}早于今天(${limit})`,
  dateInFuture: ({ value, limit }) => `${value}晚于今天(${limit})`,
  dateTooFar: ({ value, limit }) => `${value}晚于可填的最后日期 ${limit}`,
  dateTooEarly: ({ value, limit }) => `${value}早于可填的最早日期 ${limit}`,
  unknownField: () => '不是可填的字段',
  forbiddenKey: () => '是不允许的键名',
  duplicateKey: () => '重复出现；同一对象里每个键只能写一次',
  tooDeep: ({ limit }) => `嵌套超过 ${limit} 层`,
  notAllowed: ({ value, limit }) => `${value}不在可选范围内：${limit}`,
  duplicate: ({ value }) => `${value}重复`,
  phasesDontAddUp: ({ value, limit }) => `各期面积合计 ${value} 亩，应在 ${limit} 亩之内`,
  phasesOutOfOrder: ({ value, limit }) => `${value}早于上一期的 ${limit}；请按日期先后排列`,
  idealBelowMin: ({ value, limit }) => `${value}小于用地面积下限 ${limit} 亩`,
  allWeightsZero: () => '不能全部为 0；至少给一项正的权重',
  nothingToChange: () => '没有要修改的内容',
  unknownIndustry: ({ value }) => `${value}不是 GB/T 4754-2017 的行业代码`,
  unknownCounty: ({ value }) => `${value}不是已收录的县(市、区)区划代码`,
  unknownLink: ({ value }) => `${value}不是已收录的产业链环节`,
  notACandidate: ({ value, limit }) => `${value}不在参评的 ${limit} 个山区县之内`,
  unknownPark: ({ value }) => `${value}不是已收录的园区编号`,
  notYourCounty: () => '须是你所在的县(市、区)',
  firmChanged: () => '需求里的企业已不是首报时的企业；请另行提交需求',
  parkInOwnCounty: ({ value }) => `${value}就在企业所在县；请选其他县的园区`,
  parkOfSameCounty: ({ value }) => `${value}与前面的园区同在一个县；一个县选一个园区`,
  nothingToHold: () => '没有要预留的内容；至少一项大于 0',
  sharesDontAddUp: ({ value, limit }) => `两县的份额合计 ${value}，应为 ${limit}`,
  fromAfterTo: ({ value, limit }) => `${value}晚于截止日期 ${limit}`,
  taken: ({ value }) => `${value}已有人使用；请换一个`,
  countyRequired: () => '这个角色须填所属县(市、区)',
  countyNotAllowed: () => '省级协调员不属于任何县，请填 null',
  notYours: ({ value }) => `${value}不是您所在的县`,
  ownAccount: () => '不能对自己的账号这样做',
  lastCoordinator: () => '是最后一名能登录的省级协调员，不能停用',
  tooShort: ({ limit }) => `至少 ${limit} 个字符`,
  sameAsLoginName: () => '不能与用户名相同',
  sameAsBefore: () => '与现在的密码相同；请换一个',
  repetitive: () => '重复或有规律，容易被猜到；请换一个',
  commonPassword: () => '是常见密码，容易被猜到；请换一个',
  capacityShort: ({ value, limit }) => `要 ${value}，可用只有 ${limit}`,
  unknownStock: () => '园区现有多少没有填报，不能预留；请先请园区填报',
  unknownParcel: ({ value }) => `${value}不是这个园区的地块编号`,
  belowHeld: ({ value, limit }) => `${value}低于已预留的 ${limit}；请先释放预留`,
  hasHold: () => '已有预留；要改类别或数量，请先释放',
  waits: () => '还在排队；要改数量，请先退出排队',
  claimPending: () => '上一次预留还在办理；请稍后再试',
  claimGivenUp: () => '这次预留已作废；请重新提交',
  othersWait: ({ limit }) => `前面有 ${limit} 条线索在排队；wait 填 true 可一起排队`,
  busy: () => '同时办理的人太多；请稍后再试',
  runOut: () => '已到期',
  used: () => '已供地使用，不再变动',
  leadClosed: () => '线索已不在可预留的阶段',
  extendedTooOften: ({ limit }) => `已延期 ${limit} 次，到了规则的上限`,
  ...Object.fromEntries(Object.entries(URL_REFUSAL_WORDS).map(([code, word]) => [code, () => word])),
  tooManyEndpoints: ({ limit }) => `推送地址已到上限 ${limit} 个；请先删除不用的`,
  badCursor: () => '不是本服务给出的游标；请从第一页重新开始',
};

function limitWord(limit: FieldIssue['limit']): string {
  if (limit === undefined) return '';
  return typeof limit === 'number' ? numberWord(limit) : limit;
}

function valueWord(issue: FieldIssue): string {
  if (isSecretField(issue.field) || issue.value === undefined) return '';
  if (typeof issue.value === 'number') return numberWord(issue.value);
  return typeof issue.value === 'string' ? `“${issue.value}”` : String(issue.value);
}

/** The parameter of a refused move that its issue carries as `limit`. */
const REFUSAL_LIMIT: Readonly<Partial<Record<MoveRefusal['code'], string>>> = {
  wrongStage: 'stage',
  notYourMove: 'allowed',
  needsReason: 'allowed',
  unknownReason: 'allowed',
  needsFirmHold: 'held',
  alreadyDone: 'since',
  tooManyPushes: 'atMost',
  belowMinInvestment: 'minInvestWan',
  firstCountyHasIt: 'dueAt',
};

/** The refusal of a move, or of a hold because of the lead's stage, that an issue stands for; null if it is another issue. */
function refusalOf({ field, code, value, limit, mend }: FieldIssue): Pick<MoveRefusal, 'code' | 'params'> | null {
  if (!isRefusalCode(code) || (field !== 'move' && Object.hasOwn(SENTENCES, code))) return null;
  if (field !== 'move' && code === 'wrongStage' && typeof value === 'string') {
    return { code, params: { stage: value, allowed: (mend ?? []).join(',') } };
  }
  const name = REFUSAL_LIMIT[code];
  const params = name === undefined || limit === undefined ? {} : { [name]: limit };
  return { code, params: value === 'reportProgress' && limit === undefined ? { clock: 'progress' } : params };
}

/** What the sentence begins with: the step, where a step was refused, else the field. */
function subject({ field, value }: FieldIssue): string {
  const step = field === 'move' && typeof value === 'string' ? wordOr(MOVE_WORDS, value) : '';
  return step === '' || step === value ? fieldLabel(field) : step;
}

/** One issue as a Chinese sentence: the field, the value unless it is secret, the limit and the likely mend. */
export function issueSentence(issue: FieldIssue): string {
  const refusal = refusalOf(issue);
  if (refusal !== null) return `${subject(issue)}：${refusalSentence(refusal)}`;
  const mend = (issue.mend ?? []).join('、');
  const sentence = SENTENCES[issue.code]?.({ value: valueWord(issue), limit: limitWord(issue.limit), mend });
  return `${fieldLabel(issue.field)}：${sentence ?? '填写有误'}${mend === '' ? '' : `。是否为 ${mend}？`}`;
}

/** Every issue code that has its own sentence. */
export const ISSUE_CODES: readonly string[] = [...new Set([...Object.keys(SENTENCES), ...REFUSAL_CODES])];
