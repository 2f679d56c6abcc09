import { z } from 'zod';

/** How far a look at open needs came. */
export const scanShape = {
  scanned: z.int().min(0).meta({ description: '查看了几条需求，从最新的起' }),
  unsettled: z.int().min(0).meta({ description: '其中还没有匹配结果的' }),
  truncated: z.boolean().meta({ description: '还有更早的需求没有查看' }),
  nextCursor: z
    .string()
    .nullable()
    .meta({ description: '接着查看更早的需求；看完时为 null。各页的数字各算各的，可相加' }),
};
