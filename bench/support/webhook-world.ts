import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Scripts from '../../scripts/lib/index.mjs';
import { packageRoot } from '../../seeds/files.js';
import { type Config, readConfig } from '../../src/config.js';
import type { WebhookEndpoint } from '../../src/domain/webhook.js';
import { createLog } from '../../src/log.js';
import { AesSecretBox } from '../../src/webhooks/aes-secret-box.js';
import { StandardSigner } from '../../src/webhooks/standard-signer.js';
import { openShared, type Shared } from '../../src/wiring/shared.js';
import { openReceiverProcess, type ReceiverProcess } from './webhook-receiver-process.js';

const root = packageRoot();
// The scripts are plain Node and not compiled: found from the package's folder, wherever this file was compiled to.
const { runProcess }: typeof Scripts = await import(pathToFileURL(path.join(root, 'scripts/lib/index.mjs')).href);

/** Ports of the receiver; endpoints take them in turn. */
export const RECEIVERS = 8;

/** An endpoint as it is stored, and the secret its receiver would know. */
export interface BenchEndpoint {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Stores and relay in this process as the API has them, a delivering process and a receiver process beside it. */
export interface WebhookWorld {
  readonly shared: Shared;
  readonly config: Config;
  readonly receiver: ReceiverProcess;
  readonly pids: Readonly<Record<string, number>>;
  /** Makes an endpoint of a county (null: the province) whose messages go to a path of their own at the receiver. */
  addEndpoint(number: number, countyAdcode: string | null): Promise<BenchEndpoint>;
  close(): Promise<void>;
}

/** Starts it all. `env` names the servers and the folder for logs. */
export async function openWebhookWorld(env: NodeJS.ProcessEnv, dataDir: string): Promise<WebhookWorld> {
  const settings = {
    ...env,
    QUEUE_PREFIX: `bench-${process.pid}`,
    WEBHOOK_KEY: randomBytes(32).toString('base64'),
    WEBHOOK_ALLOW_HTTP: 'true',
    WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
    // What the service can do is measured, not what it allows itself.
    WEBHOOK_PER_SECOND: '100000',
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'info',
  };
  const config = readConfig(settings);
  const receiver = await openReceiverProcess(RECEIVERS);
  const shared = await openShared(config, createLog({ level: 'silent', process: 'bench' }));
  const delivering = runProcess({
    name: 'delivering',
    script: path.join(root, 'dist', 'workers', 'delivering.js'),
    env: settings,
    logFile: path.join(dataDir, 'logs', 'delivering.log'),
  });
  const signer = new StandardSigner();
  const box = new AesSecretBox(settings.WEBHOOK_KEY);
  const servers: Readonly<Record<string, number>> = JSON.parse(env['SERVER_PIDS'] ?? '{}');
  return {
    shared,
    config,
    receiver,
    pids: { delivering: delivering.pid, receiver: receiver.pid, ...servers, bench: process.pid },
    async addEndpoint(number, countyAdcode) {
      const now = new Date().toISOString();
      const secret = signer.newSecret();
      const endpoint: WebhookEndpoint = {
        id: `ep_${String(number).padStart(24, '0')}`,
        countyAdcode,
        url: `${receiver.urls[number % RECEIVERS]}/${number}`,
        types: [],
        description: '',
        signature: 'v1',
        keys: [{ sealed: box.seal(secret), publicKey: null, createdAt: now, validUntil: null }],
        state: 'active',
        disabledReason: null,
        failingSince: null,
        createdBy: 'user_bench',
        createdAt: now,
        version: 1,
      };
      await shared.endpointStore.insert(endpoint, []);
      return { endpoint, secret };
    },
    async close() {
      await delivering.stop();
      await shared.close();
      await receiver.close();
    },
  };
}
