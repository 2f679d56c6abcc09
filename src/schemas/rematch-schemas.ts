import { z } from 'zod';
import { line } from './fields.js';

/** The new schedule of a county. Whether it is one is checked where it is read as such. */
export const scheduleBodySchema = z
  .strictObject({
    cron: line(120, '时间表：5 段 cron(分 时 日 月 周)，UTC，两次至少相隔一小时').meta({ examples: ['0 18 * * *'] }),
  })
  .meta({ id: 'RematchScheduleBody' });
