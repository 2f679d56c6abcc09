import { z } from 'zod';
import { type Scheme, type ShareRatio, type Sourced, TIE_RULES } from '../domain/scheme.js';
import { NEED_MAX } from './limits.js';
import { isoDateSchema, provenanceSchema } from './reference-schemas.js';

/** A scheme's version as a seed file states it: when and by whom it was published is set when it is. */
export type SeedScheme = Omit<Scheme, 'publishedAt' | 'publishedBy'>;

const sourced = <T>(value: z.ZodType<T>): z.ZodType<Sourced<T>> =>
  z.strictObject({ value, provenance: provenanceSchema });
/** At least a day, at most `most`. */
const days = (most: number) => sourced(z.int().min(1).max(most));

/** Parts that miss 1 by less than this add up to it. */
const SHARE_SLACK = 1e-9;
const shares: z.ZodType<ShareRatio> = z
  .strictObject({ source: z.number().min(0).max(1), host: z.number().min(0).max(1) })
  .refine(({ source, host }) => Math.abs(source + host - 1) < SHARE_SLACK, 'source and host do not add up to 1');

/** One record of `schemes.json`, within the limits that a published scheme must keep. */
export const seedSchemeSchema: z.ZodType<SeedScheme> = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'not an id of small letters, digits and -'),
  version: z.int().min(1).max(10_000),
  title: z.string().trim().min(1).max(100),
  from: isoDateSchema,
  rules: z.strictObject({
    responseWorkingDays: days(60),
    assessmentWorkingDays: days(120),
    feedbackDays: days(365),
    progressDays: days(365),
    protectionDays: days(1_825),
    countsExpansionsOfLanded: sourced(z.boolean()),
    minInvestWan: sourced(z.number().min(0).max(NEED_MAX.investWan)),
    openPushesAtMost: sourced(z.int().min(1).max(100)),
    sameTimeHours: sourced(z.number().min(0).max(720)),
    tieRule: sourced(z.enum(TIE_RULES)),
    softHoldDays: days(365),
    firmHoldDays: days(1_825),
    holdExtensionsAtMost: sourced(z.int().min(0).max(10)),
    outputShare: sourced(shares),
    taxShare: sourced(shares),
    landIndicatorShare: sourced(shares),
  }),
});
