import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  accounts,
  type ChildProcess,
  ensureBuild,
  freePort,
  type RunningServer,
  root,
  runProcess,
  seed,
  startMongo,
  startRedis,
} from '../../scripts/lib/index.mjs';
import { openSession } from './api-client.js';
import { until } from './real-clock.js';

export const KINDS = ['api', 'worker', 'rematching', 'delivering', 'redis', 'mongo'] as const;
/** A process of the service. */
export type Kind = (typeof KINDS)[number];

/** How a process ended. */
export type Ending = Awaited<ChildProcess['ended']>;

/** One process that can be ended and started again in the same place, with the same data and port. */
export interface Part {
  /** Resolves when a server answers, or when a process of ours is spawned. */
  start(): Promise<void>;
  /** Sends a signal, by default SIGKILL, and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ending>;
}

/** The whole service as real processes, each on its own port and data folder. */
export interface Stack {
  readonly url: string;
  readonly mongoUri: string;
  readonly redisUrl: string;
  /** Of every demo account; a new one each time. */
  readonly password: string;
  readonly parts: Readonly<Record<Kind, Part>>;
  /** What the process wrote to its log so far. */
  logOf(kind: Kind): string;
  /** Waits until `/readyz` answers 200. */
  ready(withinMs?: number): Promise<void>;
  /** Ends every process and removes the data. */
  close(): Promise<void>;
}

const READY_MS = 60_000;

function serverPart(open: () => Promise<RunningServer>): Part & { stop(): Promise<void> } {
  let running: RunningServer | undefined;
  return {
    async start() {
      running = await open();
    },
    async end(signal = 'SIGKILL') {
      await running?.kill(signal);
      return { code: null, signal };
    },
    async stop() {
      await running?.stop();
    },
  };
}

function nodePart(open: () => ChildProcess): Part & { stop(): Promise<void> } {
  let running: ChildProcess | undefined;
  return {
    async start() {
      running = open();
    },
    async end(signal = 'SIGKILL') {
      if (running === undefined) throw new Error('not started');
      running.kill(signal);
      return running.ended;
    },
    async stop() {
      await running?.stop();
    },
  };
}

/** Starts everything with seeded stores, waits until it is ready and signs in as the province's coordinator. `env` goes to the API and the worker. */
export async function startStack(env: Readonly<Record<string, string>> = {}): Promise<Stack> {
  await ensureBuild();
  const folder = mkdtempSync(join(tmpdir(), 'shanhai-stack-'));
  const ports = { api: await freePort(), redis: await freePort(), mongo: await freePort() };
  const url = `http://127.0.0.1:${ports.api}`;
  const logFile = (kind: Kind): string => join(folder, `${kind}.log`);

  const password = randomBytes(12).toString('base64url');
  const key = randomBytes(32).toString('base64');
  let mongoUri = '';
  let redisUrl = '';
  const redis = serverPart(async () => {
    const server = await startRedis({ dir: join(folder, 'redis'), port: ports.redis, logFile: logFile('redis') });
    redisUrl = server.url;
    return server;
  });
  const mongo = serverPart(async () => {
    const server = await startMongo({ dir: join(folder, 'mongo'), port: ports.mongo, logFile: logFile('mongo') });
    mongoUri = server.url;
    return server;
  });
  const processEnv = (): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    MONGODB_URI: mongoUri,
    REDIS_URL: redisUrl,
    PORT: String(ports.api),
    DEMO_MODE: 'true',
    DEMO_PASSWORD: password,
    WEBHOOK_KEY: key,
    ...env,
  });
  const node = (kind: Kind, script: string): ReturnType<typeof nodePart> =>
    nodePart(() =>
      runProcess({ name: kind, script: join(root, 'dist', script), env: processEnv(), logFile: logFile(kind) }),
    );
  const api = node('api', 'src/main.js');
  const worker = node('worker', 'workers/matching.js');
  const rematching = node('rematching', 'workers/rematching.js');
  const delivering = node('delivering', 'workers/delivering.js');
  const processes = [api, worker, rematching, delivering];

  const stack: Stack = {
    url,
    get mongoUri() {
      return mongoUri;
    },
    get redisUrl() {
      return redisUrl;
    },
    password,
    parts: { api, worker, rematching, delivering, redis, mongo },
    logOf: (kind) => readFileSync(logFile(kind), 'utf8'),
    async ready(withinMs = READY_MS) {
      await until(async () => (await statusOf(`${url}/readyz`)) === 200, withinMs);
    },
    async close() {
      await Promise.all(processes.map((one) => one.stop()));
      await Promise.all([redis.stop(), mongo.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([redis.start(), mongo.start()]);
    await seed(processEnv());
    await accounts('demo', processEnv());
    await Promise.all(processes.map((one) => one.start()));
    await stack.ready();
    await openSession(url, 'demo-province', password);
  } catch (error) {
    await stack.close();
    throw error;
  }
  return stack;
}

/** The status of a GET; 0 where nobody answers within 2 s. */
export async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
