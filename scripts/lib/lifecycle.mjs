import { SetupError } from './errors.mjs';

/** How often a script that npm started looks whether npm is still there. */
const ORPHAN_CHECK_MS = 500;

/**
 * Runs a script's main part and, whatever happens (end, fault, Ctrl-C, SIGTERM), stops what it started, last first.
 * `main(life)` answers with the exit code; `life.add(stop)` registers what has to be stopped; `life.asked` resolves with the
 * signal when someone asks for the end.
 */
export async function runScript(main, { write = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const stops = [];
  let stopping;
  const stopAll = () => {
    stopping ??= (async () => {
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
        try {
          await stop();
        } catch (error) {
          write(`! ${error.message}`);
        }
      }
    })();
    return stopping;
  };

  let tell;
  const asked = new Promise((resolve) => {
    tell = resolve;
  });
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      signals++;
      if (signals > 2) process.exit(signal === 'SIGINT' ? 130 : 143);
      tell(signal);
    });
  }

  // npm ends on a signal without handing it on. The script then has another parent, and nobody who would end it.
  if (process.env.npm_lifecycle_event !== undefined) {
    const npm = process.ppid;
    setInterval(() => {
      if (process.ppid !== npm) tell('SIGTERM');
    }, ORPHAN_CHECK_MS).unref();
  }

  const life = {
    asked,
    add(stop) {
      stops.push(stop);
      if (stopping !== undefined) void stop();
    },
  };
  const interrupted = asked.then((signal) => ({ signal }));
  let code;
  try {
    const work = main(life).then((result) => ({ code: result }));
    const first = await Promise.race([work, interrupted]);
    code = first.code ?? (first.signal === 'SIGINT' ? 130 : 143);
    if (first.signal !== undefined) {
      write(`  停止中 stopping (${first.signal})`);
      // What main was doing when the signal came fails as its servers stop; that is no news.
      work.catch(() => {});
      if (life.upAndRunning) code = 0;
    }
  } catch (error) {
    write(error instanceof SetupError ? `✗ ${error.message}` : `✗ ${error.stack ?? error}`);
    code = 1;
  }
  await stopAll();
  process.exit(code);
}
