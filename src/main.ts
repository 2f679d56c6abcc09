import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { type Config, ConfigError, readConfig } from './config.js';
import { createApp } from './http/app.js';
import { startServer } from './http/server.js';
import { createLog } from './log.js';
import { exitOnSignals } from './process-signals.js';
import { wireApi } from './wiring/index.js';

/** Reads the settings, or says in one screen what is wrong with them. */
function settings(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Whoever waits for the file never reads half a number. */
async function writePort(file: string, port: number): Promise<void> {
  await writeFile(`${file}.new`, `${port}\n`);
  await rename(`${file}.new`, file);
}

const config = settings();
const log = createLog({ level: config.LOG_LEVEL, process: 'api' });
const stopping = new AbortController();
const { authenticator, useCasesFor, publicUseCases, clock, close } = await wireApi(config, log);
const app = createApp({
  authenticator,
  useCasesFor,
  publicUseCases,
  secureCookies: config.COOKIE_SECURE,
  trustedProxies: config.TRUST_PROXY,
  log,
  clock,
  newRequestId: randomUUID,
  stopping: stopping.signal,
});
const server = await startServer(app, config.HOST, config.PORT).catch((error: unknown) => {
  log.error({ err: error, host: config.HOST, port: config.PORT }, 'cannot listen');
  process.exit(1);
});

exitOnSignals(async () => {
  stopping.abort();
  const finished = await server.close(config.SHUTDOWN_GRACE_MS);
  await close();
  return finished;
}, log);

if (config.PORT_FILE !== undefined) await writePort(config.PORT_FILE, server.port);
log.info({ host: config.HOST, port: server.port }, 'listening');
