// npm test [-- vitest arguments]: what the tests need, then the tests. Their servers are started by test/support.
import { packageScript, root, runHere, runScript } from './lib/index.mjs';
import { prepare } from './lib/prepare.mjs';
import { createProgress } from './lib/progress.mjs';

const write = (line) => process.stdout.write(`${line}\n`);

await runScript(
  async () => {
    // The tests always use servers of their own, whatever the environment names.
    const { MONGODB_URI, REDIS_URL, ...env } = process.env;
    await prepare(createProgress(write), { env });
    return runHere(process.execPath, [packageScript('vitest/vitest.mjs'), 'run', ...process.argv.slice(2)], {
      cwd: root,
      env,
    });
  },
  { write },
);
