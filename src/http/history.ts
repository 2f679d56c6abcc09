import { z } from 'zod';
import { GATES } from '../domain/gate.js';
import type { HistoryEntry, OutcomeDifference } from '../domain/rematch.js';
import { ROBUSTNESS_LABELS } from '../domain/robustness.js';
import {
  announcedText,
  factChangeText,
  firstText,
  gateText,
  labelText,
  rankText,
  standingText,
} from '../words/rematch.js';
import { timeText } from '../words/times.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { pageOf, pageQuery } from './queries.js';
import { EXAMPLE_HISTORY } from './rematch-examples.js';
import { pageSchema } from './views.js';

const words = z.string().meta({ description: '中文' });
const parkId = z.string();
const value = z.union([z.number(), z.string(), z.null()]);
const rank = z.int().min(1).nullable();
const gateState = z.enum(['pass', 'fail', 'unknown']);
const standing = z.enum(['eligible', 'conditional', 'excluded', 'notShown']);
const label = z.enum(ROBUSTNESS_LABELS).nullable();

const differenceSchema = z
  .strictObject({
    first: z.strictObject({ from: parkId.nullable(), to: parkId.nullable(), text: words }),
    ranks: z.array(z.strictObject({ parkId, from: rank, to: rank, text: words })),
    gates: z.array(z.strictObject({ parkId, gate: z.enum(GATES), from: gateState, to: gateState, text: words })),
    statuses: z.array(z.strictObject({ parkId, from: standing, to: standing, text: words })),
    label: z.strictObject({ from: label, to: label, text: words }).nullable(),
  })
  .meta({ id: 'OutcomeDifference', description: '两次结果之间变动的首选、名次、门槛、状态和把握' });

const entrySchema = z
  .strictObject({
    position: z.int().min(1),
    at: z.string().meta({ format: 'date-time' }),
    atText: words,
    needVersion: z.int().min(1),
    changes: z
      .array(
        z.strictObject({
          kind: z.enum(['park', 'edition', 'day', 'need']),
          parkId: parkId.nullable(),
          fact: z.string().nullable(),
          from: value,
          to: value,
          text: words,
        }),
      )
      .meta({ description: '为何重匹配：变了的事实，最多列 20 项' }),
    changesTotal: z.int().min(0).meta({ description: '变了的事实共几项' }),
    fromResultId: z.string().nullable().meta({ description: '前一次的结果；首次匹配为 null' }),
    toResultId: z.string(),
    difference: differenceSchema
      .nullable()
      .meta({ description: '首次匹配，或新一版需求的结果与前一版说的一样时为 null' }),
    announced: z.enum(['match.created', 'match.changed', 'match.lost']).nullable(),
    announcedText: words,
  })
  .meta({ id: 'HistoryEntry', description: '一条需求的结果变动一次' });

function differenceJson({ first, ranks, gates, statuses, label: moved }: OutcomeDifference) {
  return {
    first: { ...first, text: firstText(first) },
    ranks: ranks.map((move) => ({ ...move, text: rankText(move) })),
    gates: gates.map((move) => ({ ...move, text: gateText(move) })),
    statuses: statuses.map((move) => ({ ...move, text: standingText(move) })),
    label: moved === null ? null : { ...moved, text: labelText(moved) },
  };
}

function entryJson({ needId: _needId, difference, changes, ...rest }: HistoryEntry) {
  return {
    ...rest,
    atText: timeText(rest.at),
    changes: changes.map((change) => ({ ...change, text: factChangeText(change) })),
    difference: difference === null ? null : differenceJson(difference),
    announcedText: announcedText(rest),
  };
}

/** Why a need's answers changed. */
export const historyEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/needs/{id}/history`,
    access: { action: 'need.read', ownership: 'need' },
    tag: '需求',
    summary: '匹配结果的变动',
    description:
      '每次变动一条，新的在前：哪些事实从什么变成什么，哪些园区的名次、门槛、状态和把握因此变了，是否通知了订阅方。' +
      '重匹配后说的还是一样时不留记录。',
    query: pageQuery,
    answers: {
      200: {
        description: '一页变动',
        schema: pageSchema(entrySchema),
        example: { items: [entryJson(EXAMPLE_HISTORY)], nextCursor: null },
      },
    },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.readHistory(idOf(call), cursor, limit);
      return { status: 200, body: { items: page.items.map(entryJson), nextCursor: page.nextCursor } };
    },
  }),
];
