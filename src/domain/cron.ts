/** The least time between two nightly runs of a county, minutes. */
export const CRON_LEAST_MINUTES = 60;

/** Reads schedules: five fields (minute, hour, day of month, month, day of week) in UTC. */
export interface CronCheck {
  /** `badCron` for what is none or never comes; `tooOften` for times less than an hour apart; null for a good one. */
  refusalOf(cron: string): 'badCron' | 'tooOften' | null;
}
