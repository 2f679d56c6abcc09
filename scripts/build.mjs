// npm run build: packages if they are missing, then TypeScript to dist/.
import { runScript } from './lib/index.mjs';
import { prepare } from './lib/prepare.mjs';
import { createProgress } from './lib/progress.mjs';

const write = (line) => process.stdout.write(`${line}\n`);

await runScript(
  async () => {
    await prepare(createProgress(write), { servers: false });
    return 0;
  },
  { write },
);
