import { z } from 'zod';
import { adcode, halfWidth, line, whole } from '../schemas/fields.js';
import { SCAN_DEFAULT, SCAN_MAX } from '../usecases/scan-results.js';

/** The longest page any list gives. */
const PAGE_MAX = 100;
/** The longest a reader may wait for a result, seconds. */
const WAIT_MAX_S = 30;

const limit = whole({ min: 1, max: PAGE_MAX, what: '每页条数，默认 20' }).optional();
const cursor = line(300, '上一页给出的 nextCursor').optional();

export const noQuery = z.strictObject({});
export const pageQuery = z.strictObject({ cursor, limit });
export const parksQuery = z.strictObject({ county: adcode('只看这个县(市、区)的园区').optional(), cursor, limit });
export const countiesQuery = z.strictObject({
  kind: z
    .enum(['mountain', 'industrial', 'sourceOther'])
    .optional()
    .meta({ description: '县的类别：mountain 山区县，industrial 工业大县，sourceOther 其他结对来源县' }),
  cursor,
  limit,
});
export const industriesQuery = z.strictObject({
  q: z
    .preprocess((raw) => (typeof raw === 'string' ? halfWidth(raw) : raw), line(50, '代码(或其开头)，或中文名称'))
    .meta({ description: '行业代码或其开头，或中文名称、产品', examples: ['3985'] }),
  limit: whole({ min: 1, max: 50, what: '最多几条，默认 10' }).optional(),
});
export const failedJobsQuery = z.strictObject({
  offset: whole({ max: 10_000, what: '从第几条起，默认 0' }).optional(),
  limit,
});
export const matchesQuery = z.strictObject({
  wait: whole({ max: WAIT_MAX_S, what: '结果未出时最多等几秒，默认 0' }).optional(),
});

const scan = whole({ min: 1, max: SCAN_MAX, what: `最多查看几条需求(从最新的起)，默认 ${SCAN_DEFAULT}` }).optional();
export const scanQuery = z.strictObject({ cursor, scan });
export const coverageQuery = z.strictObject({ county: adcode('哪个县(市、区)'), cursor, scan });

/** Where a look at open needs begins and how many it takes in. */
export function scanOf(query: { readonly cursor?: string; readonly scan?: number }): {
  readonly cursor: string | null;
  readonly limit: number;
} {
  return { cursor: query.cursor ?? null, limit: query.scan ?? SCAN_DEFAULT };
}

/** Cursor and length of a page, with the default length where none was asked for. */
export function pageOf(query: { readonly cursor?: string; readonly limit?: number }): {
  readonly cursor: string | null;
  readonly limit: number;
} {
  return { cursor: query.cursor ?? null, limit: query.limit ?? 20 };
}
