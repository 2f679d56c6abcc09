import { z } from 'zod';

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

const port = z.coerce.number().int().min(0).max(65_535);

/** Address ranges with commas between them, e.g. `10.20.0.0/16,fd12::/32`. */
const ranges = z
  .string()
  .transform((text) => text.split(',').flatMap((range) => (range.trim() === '' ? [] : [range.trim()])))
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'not an address range')));

const settings = z.object({
  MONGODB_URI: z.string().startsWith('mongodb'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//),
  HOST: z.string().default('127.0.0.1'),
  /** Cookies over https only; unless told, wherever the API is reached from other machines. */
  COOKIE_SECURE: flag.optional(),
  /** Proxies in front of the API that add to X-Forwarded-For. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  PORT: port.default(3000),
  /** Where the API writes the port it listens on, for whoever started it with PORT=0. */
  PORT_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Needs matched side by side in one worker process. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  /** How long a worker may go on with the job in hand after SIGTERM. */
  SHUTDOWN_GRACE_MS: z.coerce.number().int().min(100).max(120_000).default(10_000),
  /** How often pending needs without a job are looked for, and how old they must be. */
  SWEEP_EVERY_MS: z.coerce.number().int().min(100).max(600_000).default(5_000),
  SWEEP_AGE_MS: z.coerce.number().int().min(0).max(600_000).default(5_000),
  /** Facts of a park older than this many days count as doubtful. */
  STALE_AFTER_DAYS: z.coerce.number().int().min(1).max(3_650).default(365),
  /** When all open needs are matched anew: cron in UTC, for counties without a schedule of their own. */
  REMATCH_CRON: z.string().default('0 18 * * *'),
  /** Threads that match needs anew, in the rematching process. */
  REMATCH_THREADS: z.coerce.number().int().min(1).max(64).default(2),
  /** Threads that count the weightings of large matches, in each process. */
  ROBUSTNESS_THREADS: z.coerce.number().int().min(1).max(64).default(1),
  /** Demo users may sign in; never set where there is real data. */
  DEMO_MODE: flag.default(false),
  /** What demo users are given as their password by `accounts demo`. */
  DEMO_PASSWORD: z.string().min(12).max(128).optional(),
  /** Seals endpoints' secrets: base64 of 32 random bytes. Without it no endpoint can be made. */
  WEBHOOK_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'not base64 of 32 bytes')
    .optional(),
  /** Webhooks may go over plain http. */
  WEBHOOK_ALLOW_HTTP: flag.default(false),
  /** Ranges webhooks may go to although they are not public: a government intranet's. */
  WEBHOOK_ALLOW_CIDRS: ranges.default([]),
  /** For one attempt to deliver: resolving, connecting, the whole answer. */
  WEBHOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(15_000),
  /** Where people reach the API; links in messages begin with it. Unset: they are paths. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Pauses before the second, third … attempt, s, separated by commas; unset: 5 s to 24 h, nine of them. */
  WEBHOOK_RETRY_S: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?){0,19}$/)
    .transform((text) => text.split(',').map(Number))
    .optional(),
  /** Messages on their way to one endpoint at a time, and a second, at most. */
  WEBHOOK_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(16),
  WEBHOOK_PER_SECOND: z.coerce.number().int().min(1).max(100_000).default(200),
  /** Tells apart several deployments on one Redis. */
  QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .default('shanhai'),
});

const environment = settings.transform((read) => ({
  ...read,
  COOKIE_SECURE: read.COOKIE_SECURE ?? !loopback.test(read.HOST),
}));

/** The settings of a process, read once from its environment. */
export type Config = z.infer<typeof environment>;

/** A setting that can't be used. The message names the variable and the reason, never a secret's value. */
export class ConfigError extends Error {}

/**
 * Reads and checks the environment.
 * @throws ConfigError naming every variable that is missing or out of its limits.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`bad configuration\n  ${lines.join('\n  ')}`);
  }
  return parsed.data;
}

/**
 * What the demo asks with: a running API and one of the demo's accounts.
 * @throws ConfigError if a part is missing.
 */
export function readDemo(env: NodeJS.ProcessEnv = process.env): {
  readonly api: string;
  readonly loginName: string;
  readonly password: string;
} {
  const parsed = z
    .object({ API_URL: z.url(), DEMO_LOGIN: z.string().min(1), DEMO_PASSWORD: z.string().min(1) })
    .safeParse(env);
  if (!parsed.success)
    throw new ConfigError('API_URL, DEMO_LOGIN, DEMO_PASSWORD: a running API and one of its demo accounts');
  return { api: parsed.data.API_URL, loginName: parsed.data.DEMO_LOGIN, password: parsed.data.DEMO_PASSWORD };
}

/** What the local receiver of webhooks checks signatures with, where its arguments don't say; undefined if not set. */
export function readListener(env: NodeJS.ProcessEnv = process.env): { readonly secret: string | undefined } {
  return { secret: env['WEBHOOK_SECRET'] };
}
