import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTIONS, ROLES } from '../../src/domain/access.js';
import { FACTORS } from '../../src/domain/factors.js';
import { NEVER, RELEASE_REASONS } from '../../src/domain/hold.js';
import { DECLINE_REASONS, END_REASONS, LEAD_CLOCKS, LEAD_MOVES, LEAD_STAGES } from '../../src/domain/lead.js';
import { FUNNEL_BY } from '../../src/domain/lead-reports.js';
import { TIE_RULES } from '../../src/domain/scheme.js';
import { MOVE_RULES } from '../../src/leads/move-rules.js';
import { ACTION_WORDS, ROLE_WORDS } from '../../src/words/access.js';
import { CHANGED_KIND_WORDS, changeWord } from '../../src/words/audit.js';
import { fieldLabel } from '../../src/words/fields.js';
import { amountsText, CLAIM_WORDS, HOLD_KIND_WORDS, RELEASE_REASON_WORDS } from '../../src/words/hold.js';
import { ISSUE_CODES, issueSentence } from '../../src/words/issues.js';
import {
  CLOCK_WORDS,
  DECISION_WORDS,
  DECLINE_REASON_WORDS,
  duplicateSentence,
  END_REASON_WORDS,
  MOVE_WORDS,
  OUTCOME_WORDS,
  PARTY_WORDS,
  REFUSAL_CODES,
  reasonWord,
  refusalSentence,
  STAGE_WORDS,
  STANDING_WORDS,
} from '../../src/words/lead.js';
import {
  FUNNEL_BY_WORDS,
  RULE_WORDS,
  rateText,
  ruleText,
  SHARE_WORDS,
  TIE_RULE_WORDS,
} from '../../src/words/scheme.js';
import { dueText, timeText } from '../../src/words/times.js';

const CHINESE = /\p{Script=Han}/u;

/** Every match of a pattern's first group in the sources under some folders of `src`. */
function inSources(folders: readonly string[], pattern: RegExp): ReadonlySet<string> {
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(`../../src/${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => new URL(`../../src/${folder}/${name}`, import.meta.url)),
  );
  const matches = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(pattern)]);
  return new Set(matches.map((match) => match[1] ?? ''));
}

describe('every code of leads, holds, schemes and people has Chinese words of its own', () => {
  it.each([
    ['stages', LEAD_STAGES, STAGE_WORDS],
    ['moves', LEAD_MOVES, MOVE_WORDS],
    ['reasons to decline', DECLINE_REASONS, DECLINE_REASON_WORDS],
    ['reasons to end', END_REASONS, END_REASON_WORDS],
    ['clocks', LEAD_CLOCKS, CLOCK_WORDS],
    ['reasons of release', RELEASE_REASONS, RELEASE_REASON_WORDS],
    ['roles', ROLES, ROLE_WORDS],
    ['actions', ACTIONS, ACTION_WORDS],
    ['tie rules', TIE_RULES, TIE_RULE_WORDS],
    ['funnel groups', FUNNEL_BY, FUNNEL_BY_WORDS],
    ['parties', ['source', 'host', 'coordinator', 'system'], PARTY_WORDS],
    ['kinds of holds', ['soft', 'firm', 'used'], HOLD_KIND_WORDS],
    ['claims', ['placing', 'placed', 'waiting'], CLAIM_WORDS],
    ['standings', ['first', 'candidate', 'displaced'], STANDING_WORDS],
    ['decisions', ['stands', 'duplicate'], DECISION_WORDS],
    ['outcomes', ['proceed', 'stop'], OUTCOME_WORDS],
    ['shares', ['output', 'tax', 'landIndicator'], SHARE_WORDS],
  ] as const)('%s', (_name, codes, words: Readonly<Record<string, string>>) => {
    expect(codes.filter((code) => !CHINESE.test(words[code] ?? ''))).toEqual([]);
    expect(new Set(Object.values(words)).size).toBe(codes.length);
  });

  it('changed kinds and rules', () => {
    for (const word of [...Object.values(CHANGED_KIND_WORDS), ...Object.values(RULE_WORDS)]) {
      expect(word).toMatch(CHINESE);
    }
  });

  it('every type of change that is made', () => {
    const types = inSources(
      ['usecases', 'leads', 'capacity'],
      /'((?:lead|hold|need|park|report|user|session|token|scheme)\.[a-z_]+)'/g,
    );
    // What subscribers are told of a lead's stage is no change of its own.
    const others: readonly string[] = [...ACTIONS, 'lead.stage_changed'];
    const made = [...types].filter((type) => !others.includes(type));
    expect(made.length).toBeGreaterThan(30);
    expect(made.filter((type) => !CHINESE.test(changeWord(type)))).toEqual([]);
    expect(MOVE_RULES.filter(({ event }) => !CHINESE.test(changeWord(event)))).toEqual([]);
    expect(changeWord('constructor')).toBe('constructor');
  });

  it('every issue that is raised has a sentence of its own', () => {
    const raised = new Set([
      ...inSources(['usecases', 'capacity', 'schemas'], /\bcode: '([a-z]\w+)'/g),
      ...inSources(['usecases'], /\b(?:refused?|issue)\((?:'\w+', )?'([a-z]\w+)'/g),
    ]);
    expect(raised.size).toBeGreaterThan(40);
    // `custom` is zod's own; `url` is a field whose codes the sender gives.
    const others = ['custom', 'url'];
    expect([...raised].filter((code) => !others.includes(code) && !ISSUE_CODES.includes(code))).toEqual([]);
  });
});

describe('refusalSentence', () => {
  it('says something in Chinese for every code, with and without its parameters', () => {
    for (const code of REFUSAL_CODES) {
      expect(refusalSentence({ code, params: {} })).toMatch(CHINESE);
      expect(refusalSentence({ code, params: {} })).not.toMatch(/undefined|“”|\(\)|[A-Za-z]{3}/);
    }
  });

  it.each([
    [
      'wrongStage',
      { stage: 'signed', allowed: 'pushed,accepted' },
      '现在是“签约”阶段，不能办这一步，须在以下阶段：推送、受理',
    ],
    ['wrongStage', { clock: 'progress' }, '反馈之后才报进展'],
    ['notYourMove', { party: 'none', allowed: 'source,coordinator' }, '这一步由企业所在县、省级协调员办理'],
    ['needsReason', { allowed: 'landShort,other' }, '须写明理由(用地不足、其他)'],
    ['unknownReason', { allowed: 'other' }, '理由不在规定的范围之内，可选：其他'],
    ['needsFirmHold', { held: 'soft' }, '签约、供地前须有有效的硬预留(现在只有软预留)'],
    ['needsFirmHold', { held: 'none' }, '签约、供地前须有有效的硬预留(现在没有预留)'],
    ['alreadyDone', { since: '2026-11-20T01:30:00.000Z' }, '已于 2026-11-20 09:30 办过'],
    ['alreadyDone', { hostAdcode: '331102' }, '那个县已有这条需求的线索'],
    ['tooManyPushes', { open: 3, atMost: 3 }, '同时推送的县已到规则的上限(3 个)'],
    ['belowMinInvestment', { investWan: 4_000, minInvestWan: 5_000 }, '总投资 4,000 万元低于规则的下限 5,000 万元'],
    [
      'firstCountyHasIt',
      { hostAdcode: '331102', dueAt: '2026-11-24T16:00:00.000Z' },
      '首家县的时限到 2026-11-24 24:00 为止，此前须其退回或同意才能流转',
    ],
    ['firstCountyHasIt', { hostAdcode: '331102' }, '首家县正在办理，须其退回或同意才能流转'],
  ] as const)('%s %j', (code, params, sentence) => expect(refusalSentence({ code, params })).toBe(sentence));
});

describe('issues of moves and holds', () => {
  it.each([
    [{ field: 'move', code: 'needsHold', value: 'beginTalk' }, '首谈：首谈前须有有效的要素预留'],
    [{ field: 'move', code: 'wrongStage', value: 'reportProgress' }, '报进展：反馈之后才报进展'],
    [{ field: 'move', code: 'alreadyDone', value: 'transfer', limit: '331102' }, '流转：那个县已有这条需求的线索'],
    [
      { field: 'move', code: 'belowMinInvestment', value: 'push', limit: 5_000 },
      '推送：总投资低于规则的下限 5,000 万元',
    ],
    [{ field: 'outcome', code: 'alreadyDone' }, '结论：已经办过'],
    [{ field: 'parkIds[1]', code: 'unknownPark', value: 'x' }, '园区编号第2项：“x”不是已收录的园区编号'],
    [
      { field: 'parcels[0].areaMu', code: 'belowHeld', value: 40, limit: 50 },
      '地块面积(亩)第1项：40低于已预留的 50；请先释放预留',
    ],
    [{ field: 'firm.countyAdcode', code: 'notYourCounty' }, '企业所在县(区划代码)：须是你所在的县(市、区)'],
  ])('%j', (issue, sentence) => expect(issueSentence(issue)).toBe(sentence));

  it('fields of holds and rules have names', () => {
    expect(fieldLabel('amounts.parcel:甲-01')).toBe('地块 甲-01(亩)');
    for (const factor of FACTORS) {
      expect(fieldLabel(`amounts.${factor}`)).toBe(fieldLabel(`factors.${factor}`));
      expect(fieldLabel(`amounts.factors.${factor}`)).toMatch(CHINESE);
    }
    expect(fieldLabel('rules.taxShare.provenance.asOf')).toBe('税收分成的出处的数据日期');
    expect(fieldLabel('amounts.nothing')).toBe('amounts.nothing');
  });
});

describe('holds', () => {
  it('amounts in one line, nothing of what is nothing', () => {
    expect(amountsText({ parcels: [{ parcelId: 'A', mu: 2.5 }], factors: { codT: 0, vocT: 1 } })).toBe(
      '地块 A 2.5 亩、挥发性有机物(VOCs) 1 吨/年',
    );
    expect(amountsText({ parcels: [], factors: {} })).toBe('');
  });
});

describe('reports, rules and times', () => {
  it('likeness in per cent', () => {
    expect(duplicateSentence({ kind: 'creditCode', likeness: 1 })).toBe('统一社会信用代码相同');
    expect(duplicateSentence({ kind: 'firmName', likeness: 0.934 })).toBe('企业名称相近(93%)');
    expect(reasonWord('fundingLost')).toBe('资金不到位');
    expect(reasonWord('stop')).toBe('不再推进');
    expect(reasonWord('older')).toBe('older');
  });

  it('values of rules', () => {
    expect([5_000, true, false, 'coordinator' as const].map(ruleText)).toEqual([
      '5,000',
      '计',
      '不计',
      '由省级协调员裁定',
    ]);
    expect(ruleText({ source: 0.4, host: 0.6 })).toBe('企业所在县 40%，承接县 60%');
    expect([rateText(null), rateText(0.08), rateText(1 / 3)]).toEqual(['无', '8%', '33.3%']);
  });

  it.each([
    ['2026-11-24T16:00:00.000Z', '2026-11-24 24:00'],
    ['2026-11-24T15:59:59.999Z', '2026-11-24 24:00'],
    ['2026-12-31T16:00:00.000Z', '2026-12-31 24:00'],
    ['2026-11-24T01:30:59.000Z', '2026-11-24 09:30'],
    ['2026-11-24T16:00:01.000Z', '2026-11-25 00:00'],
    [NEVER, '长期'],
  ])('the limit %s is %s', (time, text) => expect(dueText(time)).toBe(text));

  it('a moment is told in China', () => {
    expect(timeText('2026-11-24T16:00:00.000Z')).toBe('2026-11-25 00:00');
  });
});
