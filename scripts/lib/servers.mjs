import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endChild, spawnLogged } from './child.mjs';
import { likelyCause, SetupError, tailOf } from './errors.mjs';
import { isAlive, startTicks } from './lock.mjs';
import { ensureMongoServer } from './mongo-launcher.mjs';
import { findExecutable } from './paths.mjs';
import { freePort, isPortFree } from './ports.mjs';
import { pingMongo, pingRedis } from './wire.mjs';

const startLimitMs = 40_000;
const portAttempts = 5;
const backOffMs = [200, 500, 1_000, 2_000, 5_000];
const steadyMs = 30_000;

/** @typedef {{ name: string, dir: string, logFile: string, command: string, args: (port: number) => string[],
 *   url: (port: number) => string, ping: (port: number) => Promise<boolean> }} ServerKind */

function cannotStart(kind, port, reason) {
  const lines = tailOf(kind.logFile);
  const cause = likelyCause(lines);
  const message = [
    `${kind.name} 无法启动 (${kind.name} cannot start on port ${port}: ${reason})`,
    `可能的原因 likely cause: ${cause.words}`,
    `日志 log: ${kind.logFile}`,
    ...lines.map((line) => `  | ${line}`),
  ].join('\n');
  return new SetupError(message, { code: cause.code });
}

/** One attempt on one port: resolves with the running process once it answers, throws a SetupError if it does not. */
async function launch(kind, port) {
  const running = spawnLogged({ command: kind.command, args: kind.args(port), logFile: kind.logFile, cwd: kind.dir });
  let ended;
  running.exited.then((how) => {
    ended = how;
  });
  const until = performance.now() + startLimitMs;
  while (performance.now() < until) {
    if (ended !== undefined) {
      const how = ended.error?.message ?? (ended.signal === null ? `exit code ${ended.code}` : ended.signal);
      throw cannotStart(kind, port, how);
    }
    if (await kind.ping(port)) return running;
    await sleep(25);
  }
  await endChild(running, 1_000);
  throw cannotStart(kind, port, `no answer within ${startLimitMs / 1000} s`);
}

async function launchOnFreePort(kind) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, running: await launch(kind, port) };
    } catch (error) {
      if (error.code !== 'port' || attempt === portAttempts) throw error;
    }
  }
}

async function launchOn(kind, port) {
  if (!(await isPortFree(port))) {
    throw new SetupError(`${kind.name}: 端口 ${port} 被占用 (port ${port} is taken by another program)`, {
      code: 'port',
    });
  }
  return { port, running: await launch(kind, port) };
}

/** Starts a server and wraps it so that it can be killed, stopped and, when supervised, started again. */
async function start(kind, { port, supervise = false, onLine, onRestart }) {
  const first = port === undefined ? await launchOnFreePort(kind) : await launchOn(kind, port);
  let running = first.running;
  let stopped = false;

  const watch = async (failures) => {
    const from = performance.now();
    const { code, signal } = await running.exited;
    if (stopped) return;
    onLine?.(
      `! ${kind.name} 意外退出 (${kind.name} ended: ${signal ?? `exit code ${code}`}); 重新启动 (starting it again)`,
    );
    let count = performance.now() - from > steadyMs ? 0 : failures;
    while (!stopped) {
      await sleep(backOffMs[Math.min(count, backOffMs.length - 1)], undefined, { ref: false });
      if (stopped) return;
      count++;
      try {
        running = await launch(kind, first.port);
      } catch (error) {
        onLine?.(`! ${error.message}`);
        continue;
      }
      if (stopped) return void endChild(running);
      onRestart?.();
      return void watch(count);
    }
  };
  if (supervise) void watch(0);

  return {
    url: kind.url(first.port),
    port: first.port,
    logFile: kind.logFile,
    get pid() {
      return running.child.pid;
    },
    /** Sends a signal, by default SIGKILL, and waits until the process is gone. */
    async kill(signal = 'SIGKILL') {
      const { child, exited } = running;
      child.kill(signal);
      await exited;
    },
    async stop() {
      stopped = true;
      await endChild(running);
    },
  };
}

/** Starts redis-server on 127.0.0.1 with its append-only file in `dir`; on a free port unless `port` is given. */
export async function startRedis({ dir, port, logFile = join(dir, '..', 'redis.log'), fsync = 'everysec', ...rest }) {
  const command = findExecutable('redis-server');
  if (command === undefined)
    throw new SetupError('没有找到 redis-server (redis-server was not found)', { code: 'missing' });
  const folder = prepare(dir, 'Redis');
  const kind = {
    name: 'Redis',
    dir: folder,
    logFile: resolve(logFile),
    command,
    args: (on) => [
      ...['--bind', '127.0.0.1', '--port', String(on), '--dir', folder, '--daemonize', 'no', '--logfile', ''],
      ...['--appendonly', 'yes', '--appendfsync', fsync, '--save', '', '--maxmemory-policy', 'noeviction'],
    ],
    url: (on) => `redis://127.0.0.1:${on}`,
    ping: pingRedis,
  };
  return start(kind, { port, ...rest });
}

/** Starts a MongoDB server on 127.0.0.1 with its data in `dir`: `mongod` if it is installed, else the embedded one. */
export async function startMongo({ dir, port, logFile = join(dir, '..', 'mongo.log'), ...rest }) {
  const { value: server } = await ensureMongoServer();
  const folder = prepare(dir, 'MongoDB');
  const embedded = [
    // Only the quick compiler: the second one costs more than it saves in the first minutes of a small server.
    ...[
      '-Xmx1g',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-XX:-UsePerfData',
      '-XX:+ExitOnOutOfMemoryError',
      '-Dfile.encoding=UTF-8',
    ],
    ...['-jar', server.jar],
  ];
  const kind = {
    name: 'MongoDB',
    dir: folder,
    logFile: resolve(logFile),
    command: server.program,
    args: (on) =>
      server.kind === 'mongod'
        ? ['--bind_ip', '127.0.0.1', '--port', String(on), '--dbpath', folder, '--quiet', '--nounixsocket']
        : [...embedded, String(on), join(folder, 'store.h2'), String(process.pid)],
    // A real mongod answers before its journal is written unless it is asked to wait; the embedded server always waits.
    url: (on) => `mongodb://127.0.0.1:${on}/shanhai${server.kind === 'mongod' ? '?journal=true' : ''}`,
    ping: pingMongo,
  };
  return start(kind, { port, ...rest });
}

function prepare(dir, name) {
  const folder = resolve(dir);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `${name} 无法启动 (${name} cannot start): 数据目录不可写 (the data folder cannot be written): ${folder} (${error.code})`,
      { code: 'permission' },
    );
  }
  return folder;
}

/** Ends servers that a killed copy left behind, by the pids in its lock; a pid used again by another program is spared. */
export async function endLeftovers(children = []) {
  for (const child of children) {
    if (child.ticks === undefined || !isAlive(child)) continue;
    process.kill(child.pid, 'SIGTERM');
    const until = performance.now() + 5_000;
    while (isAlive(child) && performance.now() < until) await sleep(50);
    if (isAlive(child)) process.kill(child.pid, 'SIGKILL');
  }
}

/** A process as a lock remembers it. */
export const remembered = (pid) => ({ pid, ticks: startTicks(pid) });
