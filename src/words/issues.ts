import type { FieldIssue } from '../domain/errors.js';
import { isSecretField } from '../domain/secret-fields.js';
import { fieldLabel } from './fields.js';
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
  empty: () => '不能为空',
  tooMany: ({ limit }) => `最多 ${limit} 项`,
  tooFew: ({ limit }) => `至少 ${limit} 项`,
  controlCharacter: () => '含有控制字符或不可见字符；请删去后重新粘贴',
  badFormat: ({ value, limit }) => `${value}格式不对，应为${limit}`,
  badCreditCode: () => '不是有效的统一社会信用代码(18位，末位为校验码)；请对照营业执照',
  notADate: ({ value }) => `${value}不是有效日期，应为 YYYY-MM-DD`,
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
  notYourCounty: ({ value }) => `${value}不是你所在县的`,
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

/** One issue as a Chinese sentence: the field, the value unless it is secret, the limit and the likely mend. */
export function issueSentence(issue: FieldIssue): string {
  const mend = (issue.mend ?? []).join('、');
  const sentence = SENTENCES[issue.code]?.({ value: valueWord(issue), limit: limitWord(issue.limit), mend });
  return `${fieldLabel(issue.field)}：${sentence ?? '填写有误'}${mend === '' ? '' : `。是否为 ${mend}？`}`;
}

/** Every issue code that has its own sentence. */
export const ISSUE_CODES: readonly string[] = Object.keys(SENTENCES);
