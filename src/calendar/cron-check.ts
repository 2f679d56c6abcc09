import { CronExpressionParser } from 'cron-parser';
import type { CronCheck } from '../domain/cron.js';

/** Digits and the signs of lists, ranges and steps: names, `@daily` and the parser's own additions are left out. */
const FORM = /^[0-9*,/-]{1,100}( [0-9*,/-]{1,100}){4}$/;

/** Reads schedules with the parser the queue's schedulers use, so that both understand the same. */
export function createCronCheck(): CronCheck {
  return {
    refusalOf(cron) {
      if (!FORM.test(cron)) return 'badCron';
      try {
        const expression = CronExpressionParser.parse(cron, { tz: 'UTC' });
        // A day that no calendar has is found out by looking for it.
        expression.next();
        // Two minutes of one hour are less than an hour apart; one minute of each hour is not.
        return expression.fields.minute.values.length > 1 ? 'tooOften' : null;
      } catch {
        return 'badCron';
      }
    },
  };
}
