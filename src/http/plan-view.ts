import { z } from 'zod';
import { LEAD_MOVES } from '../domain/lead.js';
import { BASES } from '../domain/provenance.js';
import type { PlanView } from '../usecases/lead-use-cases.js';
import { MOVE_WORDS, PARTY_WORDS } from '../words/lead.js';
import { SHARE_WORDS } from '../words/scheme.js';
import { dueText } from '../words/times.js';
import { amountWord, fixSentence, GATE_WORDS, numberWord, OUTCOME_WORDS } from '../words/zh.js';
import { holdJson, holdSchema, waitJson, waitSchema } from './hold-view.js';
import { leadViewJson, leadViewSchema, partySchema } from './lead-view.js';
import { gateReport, rankedPark } from './match-view.js';

const words = z.string().meta({ description: '中文' });
const share = z.strictObject({ total: z.number(), source: z.number(), host: z.number() }).nullable();

/** The body of `/leads/{id}/plan`. */
export const planSchema = z
  .strictObject({
    view: leadViewSchema,
    scheme: z.strictObject({ id: z.string(), version: z.int().min(1), title: z.string() }),
    match: rankedPark
      .pick({ rank: true, score: true, status: true, contributions: true, chainFit: true })
      .nullable()
      .meta({ description: '这个园区在需求的匹配结果中的位置和理由；没有结果或不在其中为 null' }),
    openGates: z
      .array(gateReport.extend({ text: words }).meta({ id: 'OpenGate' }))
      .meta({ description: '没有通过或待确认的门槛及办法' }),
    policies: z
      .array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          instrument: z.string(),
          amountText: z.string().nullable(),
          amountShownText: words,
          maxWanPerYear: z.number().nullable().meta({ description: '一家企业一年最多，万元' }),
          conditions: z.string().nullable(),
          source: z.string(),
          basis: z.enum(BASES),
        }),
      )
      .meta({ description: '可申报的政策；是否符合条件以审核为准' }),
    hold: holdSchema.nullable(),
    waiting: waitSchema.nullable(),
    people: z.array(z.strictObject({ party: partySchema, partyText: words, displayNames: z.array(z.string()) })),
    share: z
      .strictObject({
        outputWan: share,
        taxWan: share,
        landIndicatorMu: share,
        basis: z.array(
          z.strictObject({
            what: z.enum(['output', 'tax', 'landIndicator']),
            whatText: words,
            source: z.string(),
          }),
        ),
      })
      .meta({ description: '分成测算：产值和税收(万元/年)、用地指标(亩)；需求没有写的为 null' }),
    nextStep: z
      .strictObject({
        party: partySchema,
        partyText: words,
        adcode: z.string().nullable(),
        moves: z.array(z.enum(LEAD_MOVES)),
        dueAt: z.string().nullable(),
        text: words,
      })
      .nullable(),
  })
  .meta({ id: 'Plan', description: '一项目一方案' });

type Gate = PlanView['openGates'][number];

/** What is asked, what is there, and the ways out, as one sentence. */
function gateText(gate: Gate): string {
  const asked = gate.required === null ? '' : `，要 ${amountWord(gate.required, gate.unit)}`;
  const there = gate.required === null ? '' : `，现有 ${amountWord(gate.available, gate.unit)}`;
  const ways = gate.fixes.map(fixSentence);
  const mend = ways.length === 0 ? '' : `；办法：${ways.join('，或')}`;
  return `${GATE_WORDS[gate.gate]}${OUTCOME_WORDS[gate.outcome]}${asked}${there}${mend}`;
}

function amountShown({ amountText, maxWanPerYear }: PlanView['policies'][number]): string {
  const most = maxWanPerYear === null ? [] : [`每年不超过 ${numberWord(maxWanPerYear)} 万元`];
  return amountText === null && most.length === 0
    ? '以当地文件为准'
    : [...(amountText === null ? [] : [amountText]), ...most].join('；');
}

function nextStepText({ party, moves, dueAt }: NonNullable<PlanView['nextStep']>): string {
  const steps = moves.map((move) => MOVE_WORDS[move]).join('或');
  const until = dueAt === null ? '' : `，期限 ${dueText(dueAt)}`;
  return `${PARTY_WORDS[party]}${steps === '' ? '办理' : steps}${until}`;
}

/** The plan as answers show it. */
export function planJson(plan: PlanView) {
  const { nextStep } = plan;
  return {
    view: leadViewJson(plan.view),
    scheme: plan.scheme,
    match: plan.match,
    openGates: plan.openGates.map((gate) => ({ ...gate, text: gateText(gate) })),
    policies: plan.policies.map((policy) => ({ ...policy, amountShownText: amountShown(policy) })),
    hold: plan.hold === null ? null : holdJson(plan.hold),
    waiting: plan.waiting === null ? null : waitJson(plan.waiting),
    people: plan.people.map(({ party, displayNames }) => ({ party, partyText: PARTY_WORDS[party], displayNames })),
    share: {
      ...plan.share,
      basis: plan.share.basis.map(({ what, source }) => ({ what, whatText: SHARE_WORDS[what], source })),
    },
    nextStep:
      nextStep === null ? null : { ...nextStep, partyText: PARTY_WORDS[nextStep.party], text: nextStepText(nextStep) },
  };
}
