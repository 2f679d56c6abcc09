import { z } from 'zod';

/** Everything the product must know about one kind of job. */
export interface JobKind<P> {
  readonly name: string;
  readonly queue: string;
  /** What the payload must be: ids only. Checked when the job is left and again when it is taken. */
  readonly schema: z.ZodType<P>;
  /** Tries in all. */
  readonly attempts: number;
  /** Pause before the second try; doubled for each further one. */
  readonly backoffMs: number;
  /** After this long a try is aborted and counts as failed. */
  readonly timeoutMs: number;
  /** Finished jobs are removed at once: the result in the store says it all, and their ids are free again. */
  readonly removeOnComplete: true;
  /** Failed jobs are kept for operators to look at. */
  readonly removeOnFail: { readonly age: number; readonly count: number };
}

/** Match one version of one need. */
export interface MatchPayload {
  readonly needId: string;
  readonly version: number;
}

/** Look after the hold of a park whose time is over. */
export interface ExpireHoldPayload {
  readonly parkId: string;
  readonly holdId: string;
}

/** Look at what has changed. The facts stand in the stores. */
export type RematchFactsPayload = Readonly<Record<string, never>>;

/** A run of rematching waits. */
export interface RematchRunPayload {
  readonly runId: string;
}

/** The time of a schedule has come: a county's own, or the one of all others (null). */
export interface RematchNightlyPayload {
  readonly countyAdcode: string | null;
}

/** Send what is due to an endpoint. */
export interface DeliverPayload {
  readonly endpointId: string;
}

const DAY_S = 86_400;

const match: JobKind<MatchPayload> = {
  name: 'match',
  queue: 'match',
  schema: z.strictObject({
    needId: z.string().regex(/^need_[a-z0-9]{24}$/),
    version: z.number().int().min(1).max(1_000_000),
  }),
  // 0.5 + 1 + 2 + 4 s of pauses outlast the restart of a server; after that the sweep leaves a new job.
  attempts: 5,
  backoffMs: 500,
  timeoutMs: 30_000,
  removeOnComplete: true,
  removeOnFail: { age: 7 * DAY_S, count: 1_000 },
};

const expireHold: JobKind<ExpireHoldPayload> = {
  name: 'expireHold',
  queue: 'expireHold',
  schema: z.strictObject({
    parkId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
    holdId: z.string().regex(/^hold_[a-z0-9]{24}$/),
  }),
  // The sweep looks at every hold anyway: a job only makes it happen on the second.
  attempts: 5,
  backoffMs: 500,
  timeoutMs: 30_000,
  removeOnComplete: true,
  removeOnFail: { age: 7 * DAY_S, count: 1_000 },
};

const rematchFacts: JobKind<RematchFactsPayload> = {
  name: 'rematchFacts',
  queue: 'rematchFacts',
  schema: z.strictObject({}),
  // The rematching process looks every second by itself: a job only makes it look at once.
  attempts: 1,
  backoffMs: 500,
  timeoutMs: 30_000,
  removeOnComplete: true,
  removeOnFail: { age: 7 * DAY_S, count: 1_000 },
};

const rematchRun: JobKind<RematchRunPayload> = {
  name: 'rematchRun',
  queue: 'rematchRun',
  schema: z.strictObject({ runId: z.string().regex(/^run_[a-z0-9]{24}$/) }),
  // The process looks for waiting runs by itself too.
  attempts: 1,
  backoffMs: 500,
  timeoutMs: 30_000,
  removeOnComplete: true,
  removeOnFail: { age: 7 * DAY_S, count: 1_000 },
};

const rematchNightly: JobKind<RematchNightlyPayload> = {
  name: 'rematchNightly',
  queue: 'rematchNightly',
  schema: z.strictObject({
    countyAdcode: z
      .string()
      .regex(/^\d{6}$/)
      .nullable(),
  }),
  // Nothing else makes this run: 1 + 2 + 4 ... s of pauses outlast an outage of 17 minutes.
  attempts: 11,
  backoffMs: 1_000,
  timeoutMs: 30_000,
  removeOnComplete: true,
  removeOnFail: { age: 7 * DAY_S, count: 1_000 },
};

const endpointPayload = z.strictObject({ endpointId: z.string().regex(/^ep_[a-z0-9]{24}$/) });

const deliver: JobKind<DeliverPayload> = {
  name: 'deliver',
  queue: 'deliver',
  schema: endpointPayload,
  // A turn ends by itself after 10 s, an attempt after its own time limit; the sweep finds what is due anyway.
  attempts: 5,
  backoffMs: 500,
  timeoutMs: 120_000,
  removeOnComplete: true,
  removeOnFail: { age: 7 * DAY_S, count: 1_000 },
};

const deliverLater: JobKind<DeliverPayload> = {
  ...deliver,
  name: 'deliverLater',
  queue: 'deliverLater',
  timeoutMs: 30_000,
};

/** Every kind of job there is, by name. */
export const CATALOGUE = {
  match,
  expireHold,
  rematchFacts,
  rematchRun,
  rematchNightly,
  deliver,
  deliverLater,
} as const;
