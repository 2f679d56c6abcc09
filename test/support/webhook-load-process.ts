import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildProcess, root, runProcess } from '../../scripts/lib/index.mjs';
import type { Part, Stack } from './stack.js';

/** The process that delivers, beside those a stack has already. */
export interface DeliveringPart extends Part {
  log(): string;
  stop(): Promise<void>;
}

/** Makes the part; it starts with the stack's servers and `env`. */
export function deliveringPart(stack: Stack, env: Readonly<Record<string, string>>): DeliveringPart {
  const folder = mkdtempSync(join(tmpdir(), 'shanhai-delivering-'));
  const logFile = join(folder, 'delivering.log');
  let running: ChildProcess | undefined;
  return {
    async start() {
      running = runProcess({
        name: 'delivering',
        script: join(root, 'dist', 'workers', 'delivering.js'),
        env: {
          PATH: process.env['PATH'] ?? '',
          MONGODB_URI: stack.mongoUri,
          REDIS_URL: stack.redisUrl,
          ...env,
        },
        logFile,
      });
    },
    async end(signal = 'SIGKILL') {
      if (running === undefined) throw new Error('not started');
      running.kill(signal);
      return running.ended;
    },
    log: () => readFileSync(logFile, 'utf8'),
    async stop() {
      await running?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
