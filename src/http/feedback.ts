import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { GATES } from '../domain/match.js';
import type { FeedbackView } from '../usecases/feedback.js';
import { API_BASE, type Call, type Endpoint, endpoint } from './endpoint.js';
import { scanOf, scanQuery } from './queries.js';
import { scanShape } from './scan-view.js';

const count = z.int().min(0);

const feedbackSchema: z.ZodType<FeedbackView> = z
  .strictObject({
    county: z.strictObject({ adcode: z.string(), name: z.string() }),
    totals: z.strictObject({
      needs: count.meta({ description: '有结果的需求' }),
      ranked: count.meta({ description: '县里有园区能接收或待确认' }),
      rankedFirst: count.meta({ description: '县里的园区排第一' }),
      excludedEverywhere: count.meta({ description: '县里的园区都不能接收' }),
      unclear: count.meta({ description: '结果只列出部分园区，看不出县里的园区是否在内' }),
    }),
    factors: z.array(
      z.strictObject({
        gate: z.enum(GATES),
        needs: count.meta({ description: '只因这一项，至少一个园区不能接收的需求数' }),
        keptCountyOut: count.meta({ description: '其中县里没有别的园区能接收的' }),
        wouldRank1: count.meta({ description: '其中补上这一项，县里的园区就会排第一的' }),
        medianShortfall: z.number().nullable().meta({ description: '缺口的中位数' }),
        unit: z.string().nullable(),
        parks: z.array(z.strictObject({ parkId: z.string(), needs: count })),
      }),
    ),
    ...scanShape,
  })
  .meta({ id: 'CountyFeedback', description: '哪一项要素让县里失去最多的需求' });

const EXAMPLE: FeedbackView = {
  county: { adcode: '331121', name: '青田县' },
  totals: { needs: 11, ranked: 7, rankedFirst: 1, excludedEverywhere: 4, unclear: 0 },
  factors: [
    {
      gate: 'energyTce',
      needs: 4,
      keptCountyOut: 3,
      wouldRank1: 2,
      medianShortfall: 1_500,
      unit: 'tce/a',
      parks: [{ parkId: '331121-01', needs: 4 }],
    },
  ],
  scanned: 12,
  unsettled: 1,
  truncated: false,
  nextCursor: null,
};

/** @throws AppError `notFound` for what can't be an adcode. */
function adcodeOf(call: Pick<Call, 'params'>): string {
  const adcode = call.params['adcode'] ?? '';
  if (!/^\d{6}$/.test(adcode)) throw new AppError('notFound');
  return adcode;
}

/** What eliminated counties never hear today. */
export const feedbackEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/counties/{adcode}/feedback`,
    access: { action: 'need.read', ownership: 'county' },
    tag: '匹配',
    summary: '县里输在哪一项',
    description:
      '按各需求的当前结果，数出只差一项就能接收的园区：补上哪一项，县里能多得多少需求。先按能排第一的需求数、再按需求数排列。从最新的需求看起，scanned 和 truncated 说明看了多少。',
    query: scanQuery,
    answers: { 200: { description: '各项要素的得失', schema: feedbackSchema, example: EXAMPLE } },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = scanOf(call.query);
      return { status: 200, body: await call.useCases.readFeedback(adcodeOf(call), cursor, limit) };
    },
  }),
];
