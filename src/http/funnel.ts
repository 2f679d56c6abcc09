import { z } from 'zod';
import { FUNNEL_BY, type FunnelRow } from '../domain/lead-reports.js';
import type { FunnelView } from '../usecases/lead-use-cases.js';
import { FUNNEL_BY_WORDS, rateText } from '../words/scheme.js';
import { type CsvCell, csvFile, csvHeaders, csvText } from './csv.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { EXAMPLE_FUNNEL } from './lead-examples.js';
import { funnelDays, funnelQuery } from './lead-queries.js';

const count = z.int().min(0);
const rate = z.number().min(0).max(1).nullable();
const days = z.number().min(0).nullable();

const rowSchema = z
  .strictObject({
    key: z.string(),
    label: z.string(),
    pushed: count.meta({ description: '推送' }),
    accepted: count.meta({ description: '受理' }),
    signed: count.meta({ description: '签约' }),
    landed: count.meta({ description: '落地(供地及以后)' }),
    ended: count.meta({ description: '终止' }),
    acceptedRate: rate.meta({ description: '占推送的比例；没有推送为 null' }),
    signedRate: rate,
    landedRate: rate,
    landedRateText: z.string(),
    medianDaysToAccept: days.meta({ description: '推送到受理的日历天数中位数' }),
    medianDaysToSign: days,
    medianDaysToLand: days,
  })
  .meta({ id: 'FunnelRow' });

const funnelSchema = z
  .strictObject({
    by: z.enum(FUNNEL_BY),
    byText: z.string(),
    from: z.string(),
    to: z.string(),
    rows: z.array(rowSchema),
    total: rowSchema,
    baseline: z
      .strictObject({ pushed: count, landed: count, landedRate: z.number(), source: z.string() })
      .meta({ description: '对照：已公布的推送和落地数' }),
    counted: count.meta({ description: '统计了多少条线索' }),
    truncated: z.boolean().meta({ description: 'true：线索太多，没有全部统计' }),
  })
  .meta({ id: 'Funnel', description: '从推送到落地' });

const rowJson = (row: FunnelRow) => ({ ...row, landedRateText: rateText(row.landedRate) });

function funnelJson(view: FunnelView) {
  return {
    ...view,
    byText: FUNNEL_BY_WORDS[view.by],
    rows: view.rows.map(rowJson),
    total: rowJson(view.total),
  };
}

const COLUMNS: readonly (readonly [string, (row: FunnelRow) => CsvCell])[] = [
  ['代码', ({ key }) => key],
  ['名称', ({ label }) => label],
  ['推送', ({ pushed }) => pushed],
  ['受理', ({ accepted }) => accepted],
  ['签约', ({ signed }) => signed],
  ['落地', ({ landed }) => landed],
  ['终止', ({ ended }) => ended],
  ['受理率', ({ acceptedRate }) => acceptedRate],
  ['签约率', ({ signedRate }) => signedRate],
  ['落地率', ({ landedRate }) => landedRate],
  ['受理天数中位数', ({ medianDaysToAccept }) => medianDaysToAccept],
  ['签约天数中位数', ({ medianDaysToSign }) => medianDaysToSign],
  ['落地天数中位数', ({ medianDaysToLand }) => medianDaysToLand],
];
const HEADER = COLUMNS.map(([name]) => name);
const cells = ({ rows, total }: FunnelView) => [...rows, total].map((row) => COLUMNS.map(([, cell]) => cell(row)));

/** The funnel of leads. */
export const funnelEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/reports/funnel`,
    access: { action: 'funnel.read', ownership: 'none' },
    tag: '线索',
    summary: '从推送到落地的漏斗统计',
    description:
      '按首次推送的日期统计你能看到的线索：推送、受理、签约、落地的数目和比例，各步天数的中位数，并与已公布的基线对照。' +
      '默认最近 365 天(北京时间)。format=csv 下载表格，最后一行为合计。',
    query: funnelQuery,
    answers: {
      200: {
        description: '漏斗统计',
        schema: funnelSchema,
        example: funnelJson(EXAMPLE_FUNNEL),
        csv: csvText(HEADER, cells(EXAMPLE_FUNNEL)),
      },
    },
    problems: ['invalidInput'],
    handle: async (call) => {
      const { by, format } = call.query;
      const span = funnelDays(call.query, call.today);
      const view = await call.useCases.readFunnel({ by, ...span });
      if (format !== 'csv') return { status: 200, body: funnelJson(view) };
      const name = `funnel-${by}-${span.from}-${span.to}`;
      return { status: 200, type: 'csv', body: csvFile(HEADER, cells(view)), headers: csvHeaders(name) };
    },
  }),
];
