import { z } from 'zod';
import { STAGES } from '../domain/chain.js';
import { POLLUTANTS } from '../domain/factors.js';
import { LEAD_CLOCKS, LEAD_MOVES, LEAD_STAGES, type Lead, type MoveRefusal } from '../domain/lead.js';
import type { BlindProfile } from '../domain/lead-reports.js';
import type { LeadView } from '../usecases/lead-use-cases.js';
import { CLAIM_WORDS } from '../words/hold.js';
import { CLOCK_WORDS, MOVE_WORDS, PARTY_WORDS, reasonWord, refusalSentence, STAGE_WORDS } from '../words/lead.js';
import { dueText, timeText } from '../words/times.js';
import { API_BASE } from './endpoint.js';

const isoTime = z.string().meta({ format: 'date-time' });
const words = z.string().meta({ description: '中文' });
const amount = z.number().min(0).optional();

export const partySchema = z
  .enum(['source', 'host', 'coordinator'])
  .meta({ description: 'source 企业所在县，host 承接县，coordinator 省级协调员' });
export const stageSchema = z.enum(LEAD_STAGES).meta({ description: '阶段' });

const refusalSchema = z.strictObject({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  text: words,
});

/** A lead as its counties see it: codes, ids and times, with Chinese words beside them. */
export const leadSchema = z
  .strictObject({
    id: z.string(),
    needId: z.string(),
    needVersion: z.int().min(1),
    sourceAdcode: z.string().meta({ description: '企业所在县' }),
    hostAdcode: z.string().meta({ description: '承接县' }),
    parkId: z.string(),
    scheme: z.string().meta({ description: '适用的规则，编号@版本' }),
    reportId: z.string().meta({ description: '首报编号' }),
    gbt: z.string(),
    chainId: z.string().nullable(),
    investWan: z.number(),
    stage: stageSchema,
    stageText: words,
    disclosedAt: isoTime.nullable().meta({ description: '披露企业的时间；未披露为 null' }),
    transferAgreedAt: isoTime.nullable(),
    claim: z
      .strictObject({
        holdId: z.string(),
        parkId: z.string(),
        state: z.enum(['placing', 'placed', 'waiting']),
        stateText: words,
        at: isoTime,
      })
      .nullable()
      .meta({ description: '这条线索的要素预留；没有为 null' }),
    history: z.array(
      z.strictObject({
        at: isoTime,
        atText: words,
        by: z.string(),
        party: z.enum(['source', 'host', 'coordinator', 'system']),
        partyText: words,
        move: z.enum(LEAD_MOVES),
        moveText: words,
        from: stageSchema,
        to: stageSchema,
        hostAdcode: z.string(),
        parkId: z.string(),
        reason: z.string().nullable(),
        reasonText: words.nullable(),
        note: z.string().nullable(),
      }),
    ),
    clocks: z
      .array(
        z.strictObject({
          kind: z.enum(LEAD_CLOCKS),
          kindText: words,
          startedAt: isoTime,
          dueAt: isoTime,
          dueText: words,
          dueToldAt: isoTime.nullable(),
          overdueToldAt: isoTime.nullable(),
        }),
      )
      .meta({ description: '正在计时的时限' }),
    waitsFor: z
      .strictObject({
        party: partySchema,
        partyText: words,
        adcode: z.string().nullable(),
        dueAt: isoTime.nullable(),
        dueText: words.nullable(),
      })
      .nullable()
      .meta({ description: '轮到谁办' }),
    nextClockAt: isoTime.nullable(),
    createdAt: isoTime,
    updatedAt: isoTime,
    version: z.int().min(1),
  })
  .meta({ id: 'Lead', description: '招商线索' });

const profileSchema = z
  .strictObject({
    gbt: z.string(),
    chain: z.strictObject({ links: z.array(z.string()), stage: z.enum(STAGES).optional() }).optional(),
    land: z.strictObject({
      minMu: z.number(),
      idealMu: amount,
      phases: z.array(z.strictObject({ mu: z.number(), by: z.string() })).optional(),
    }),
    energyTce: amount,
    powerKva: amount,
    waterM3PerDay: amount,
    emissions: z.partialRecord(z.enum(POLLUTANTS), z.number()).optional(),
    workshopM2: amount,
    floorAreaM2: amount,
    investWan: z.number(),
    fixedInvestWan: amount,
    outputWan: amount,
    valueAddedWan: amount,
    taxWan: amount,
    workers: amount,
    neededBy: z.string().optional(),
  })
  .meta({ id: 'BlindProfile', description: '匿名画像：项目的要素和经济指标，看不出是哪家企业' });

/** The body of every answer that shows one lead. */
export const leadViewSchema = z
  .strictObject({
    lead: leadSchema,
    blind: z.boolean().meta({ description: 'true：企业尚未披露，firm、title、description 为 null' }),
    profile: profileSchema,
    firm: z
      .strictObject({ name: z.string(), creditCode: z.string().optional(), countyAdcode: z.string() })
      .nullable()
      .meta({ description: '企业，披露之后才看得到' }),
    title: z.string().nullable(),
    description: z.string().nullable(),
    overdue: z.boolean(),
    moves: z
      .array(z.strictObject({ move: z.enum(LEAD_MOVES), moveText: words, refusals: z.array(refusalSchema) }))
      .meta({ description: '现阶段你方可办的步骤；refusals 为空的马上可办，否则说明还差什么' }),
    links: z.strictObject({ self: z.string(), plan: z.string() }),
  })
  .meta({ id: 'LeadView', description: '招商线索及其匿名画像或企业' });

/** Where a lead is read. */
export function leadPath(id: string): string {
  return `${API_BASE}/leads/${id}`;
}

/** A lead as answers show it. Each field is named: what the domain adds is not shown by accident. */
export function leadJson(lead: Lead) {
  const { claim, waitsFor } = lead;
  return {
    id: lead.id,
    needId: lead.needId,
    needVersion: lead.needVersion,
    sourceAdcode: lead.sourceAdcode,
    hostAdcode: lead.hostAdcode,
    parkId: lead.parkId,
    scheme: lead.scheme,
    reportId: lead.reportId,
    gbt: lead.gbt,
    chainId: lead.chainId,
    investWan: lead.investWan,
    stage: lead.stage,
    stageText: STAGE_WORDS[lead.stage],
    disclosedAt: lead.disclosedAt,
    transferAgreedAt: lead.transferAgreedAt,
    claim:
      claim === null
        ? null
        : {
            holdId: claim.holdId,
            parkId: claim.parkId,
            state: claim.state,
            stateText: CLAIM_WORDS[claim.state],
            at: claim.at,
          },
    history: lead.history.map((step) => ({
      at: step.at,
      atText: timeText(step.at),
      by: step.by,
      party: step.party,
      partyText: PARTY_WORDS[step.party],
      move: step.move,
      moveText: MOVE_WORDS[step.move],
      from: step.from,
      to: step.to,
      hostAdcode: step.hostAdcode,
      parkId: step.parkId,
      reason: step.reason,
      reasonText: step.reason === null ? null : reasonWord(step.reason),
      note: step.note,
    })),
    clocks: lead.clocks.map((clock) => ({
      kind: clock.kind,
      kindText: CLOCK_WORDS[clock.kind],
      startedAt: clock.startedAt,
      dueAt: clock.dueAt,
      dueText: dueText(clock.dueAt),
      dueToldAt: clock.dueToldAt,
      overdueToldAt: clock.overdueToldAt,
    })),
    waitsFor:
      waitsFor === null
        ? null
        : {
            party: waitsFor.party,
            partyText: PARTY_WORDS[waitsFor.party],
            adcode: waitsFor.adcode,
            dueAt: waitsFor.dueAt,
            dueText: waitsFor.dueAt === null ? null : dueText(waitsFor.dueAt),
          },
    nextClockAt: lead.nextClockAt,
    createdAt: lead.createdAt,
    updatedAt: lead.updatedAt,
    version: lead.version,
  };
}

const PROFILE_FIELDS = [
  'gbt',
  'chain',
  'land',
  'energyTce',
  'powerKva',
  'waterM3PerDay',
  'emissions',
  'workshopM2',
  'floorAreaM2',
  'investWan',
  'fixedInvestWan',
  'outputWan',
  'valueAddedWan',
  'taxWan',
  'workers',
  'neededBy',
] as const satisfies readonly (keyof BlindProfile)[];

/** The profile's own fields and no others, whatever object it is read from. */
function profileJson(profile: BlindProfile) {
  return Object.fromEntries(PROFILE_FIELDS.map((field) => [field, profile[field]]));
}

function refusalJson(refusal: MoveRefusal) {
  return { code: refusal.code, params: refusal.params, text: refusalSentence(refusal) };
}

/** A lead as the caller may see it. While it is blind the firm's fields are null, whatever the view holds. */
export function leadViewJson(view: LeadView) {
  const { lead, blind } = view;
  const self = leadPath(lead.id);
  return {
    lead: leadJson(lead),
    blind,
    profile: profileJson(view.profile),
    firm: blind ? null : view.firm,
    title: blind ? null : view.title,
    description: blind ? null : view.description,
    overdue: view.overdue,
    moves: view.moves.map(({ move, refusals }) => ({
      move,
      moveText: MOVE_WORDS[move],
      refusals: refusals.map(refusalJson),
    })),
    links: { self, plan: `${self}/plan` },
  };
}
