import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runToEnd } from './child.mjs';
import { SetupError, tailOf } from './errors.mjs';
import { root } from './paths.mjs';
import { isPortFree } from './ports.mjs';
import { runProcess } from './process.mjs';
import { webhookKey } from './webhook-key.mjs';

const readyLimitMs = 60_000;

const dist = (...names) => join(root, 'dist', ...names);

/** Says at once, before any server starts, that the port is taken. */
export async function checkPort(port) {
  if (port === 0 || (await isPortFree(port))) return;
  throw new SetupError(
    `端口 ${port} 被另一个程序占用 (port ${port} is taken by another program).\n` +
      `  换一个端口 use another one: PORT=3100 npm start   或由系统选择 or let the system choose: PORT=0 npm start`,
    { code: 'port' },
  );
}

/** PORT of the environment, or `fallback`. */
export function portOf(env, fallback) {
  if (env.PORT === undefined || env.PORT === '') return fallback;
  const port = Number(env.PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SetupError(`PORT=${env.PORT} 不是端口号 (is not a port number: 0 to 65535)`);
  }
  return port;
}

/** Loads the reference data; doing it twice changes nothing. */
export async function seed(env) {
  const { code, text } = await runToEnd(process.execPath, [dist('src', 'cli', 'seed.js')], { cwd: root, env });
  if (code !== 0) {
    const lines = text.trimEnd().split('\n').slice(-12).join('\n  ');
    throw new SetupError(`参考数据装载失败 (loading the reference data failed, exit code ${code})\n  ${lines}`);
  }
  return {};
}

/**
 * Makes accounts: `first` the one coordinator of a new installation, `demo` the demo's (DEMO_MODE and DEMO_PASSWORD in
 * `env`). What it prints holds one-time passwords: it is handed to the terminal and to no log.
 * @returns what is to be shown; empty where there is nothing new
 */
export async function accounts(which, env) {
  const script = dist('src', 'cli', 'accounts.js');
  const { code, text } = await runToEnd(process.execPath, [script, which], { cwd: root, env });
  if (code !== 0) throw new SetupError(`账号没有建好 (accounts not made, exit code ${code})\n  ${text.trimEnd()}`);
  return text.trimEnd();
}

function portIn(file) {
  try {
    const port = Number(readFileSync(file, 'utf8').trim());
    return Number.isInteger(port) && port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}

async function answer(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return { status: response.status, body: (await response.text()).slice(0, 400) };
  } catch (error) {
    return { status: 0, body: error.cause?.code ?? error.message };
  }
}

function cannotStart(process, reason) {
  return new SetupError(
    [
      `${process.name} 无法启动 (cannot start: ${reason})`,
      `日志 log: ${process.logFile}`,
      ...tailOf(process.logFile).map((line) => `  | ${line}`),
    ].join('\n'),
  );
}

/** The processes beside the API: key, name, script and log. */
const workers = [
  ['worker', '匹配进程 worker', 'matching.js', 'worker.log'],
  ['rematching', '重匹配进程 rematching', 'rematching.js', 'rematching.log'],
  ['delivering', '推送进程 delivering', 'delivering.js', 'delivering.log'],
];

/**
 * Starts the API and the worker processes and waits until `/readyz` answers 200.
 * @returns the API's address, the processes and `stop()` (all end with SIGTERM, the jobs in hand are finished)
 */
export async function startApp({ env, dataDir, logDir = join(dataDir, 'logs'), port, restart = false, onLine, life }) {
  const scratch = mkdtempSync(join(tmpdir(), 'shanhai-run-'));
  const portFile = join(scratch, 'port');
  const key = webhookKey(env, dataDir);
  const shared = { ...env, WEBHOOK_KEY: key, PORT: String(port), PORT_FILE: portFile, DATA_DIR: dataDir };
  const run = (name, script, log) =>
    runProcess({ name, script, env: shared, logFile: join(logDir, log), restart, onLine });
  const started = Object.fromEntries(
    workers.map(([id, name, script, log]) => [id, run(name, dist('workers', script), log)]),
  );
  const api = run('接口 API', dist('src', 'main.js'), 'api.log');
  const children = [api, ...Object.values(started)];
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(scratch, { recursive: true, force: true });
  };
  life?.add(stop);

  let failed;
  for (const child of children) {
    child.firstExit.then((how) => {
      failed ??= cannotStart(child, how.error?.message ?? how.signal ?? `exit code ${how.code}`);
    });
  }
  const until = performance.now() + readyLimitMs;
  let last = { status: 0, body: '' };
  while (performance.now() < until) {
    if (failed !== undefined) {
      await stop();
      throw failed;
    }
    const actual = portIn(portFile) ?? (port > 0 ? port : undefined);
    if (actual !== undefined) {
      const url = `http://127.0.0.1:${actual}`;
      last = await answer(`${url}/readyz`);
      if (last.status === 200) return { url, port: actual, api, ...started, stop };
    }
    await sleep(100);
  }
  await stop();
  throw cannotStart(api, `/readyz: ${last.status} ${last.body}`);
}
