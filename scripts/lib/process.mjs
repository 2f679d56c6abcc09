import { setTimeout as sleep } from 'node:timers/promises';
import { endChild, spawnLogged } from './child.mjs';
import { root } from './paths.mjs';

const firstWaitMs = 250;
const longestWaitMs = 30_000;
const steadyMs = 60_000;

/**
 * Runs a Node script as a child whose output goes to `logFile`. With `restart`, a child that ends by itself is started
 * again, waiting twice as long after each quick end, up to 30 s.
 */
export function runProcess({ name, script, args = [], env = process.env, logFile, restart = false, onLine }) {
  const spawnOne = () =>
    spawnLogged({
      command: process.execPath,
      args: ['--enable-source-maps', script, ...args],
      logFile,
      env,
      cwd: root,
    });
  let running = spawnOne();
  let stopped = false;
  const pause = new AbortController();

  const watch = async () => {
    let waitMs = firstWaitMs;
    for (;;) {
      const from = performance.now();
      const how = await running.exited;
      if (stopped || !restart) return how;
      if (performance.now() - from > steadyMs) waitMs = firstWaitMs;
      onLine?.(
        `! ${name} 意外退出 (ended: ${how.signal ?? `exit code ${how.code}`}); ${waitMs / 1000} s 后重启 (starting it again)`,
      );
      await sleep(waitMs, undefined, { signal: pause.signal }).catch(() => {});
      if (stopped) return how;
      waitMs = Math.min(waitMs * 2, longestWaitMs);
      running = spawnOne();
    }
  };
  const ended = watch();

  return {
    name,
    logFile,
    get pid() {
      return running.child.pid;
    },
    /** How the first child ended; tells a start that failed from one that takes its time. */
    firstExit: running.exited,
    /** Resolves when the child has ended for good. */
    ended,
    kill(signal = 'SIGKILL') {
      running.child.kill(signal);
    },
    /** SIGTERM, then SIGKILL after `graceMs`. */
    async stop(graceMs = 15_000) {
      stopped = true;
      pause.abort();
      await endChild(running, graceMs);
      await ended;
    },
  };
}
