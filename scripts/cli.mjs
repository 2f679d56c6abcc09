// node scripts/cli.mjs NAME [arguments]: runs dist/src/cli/NAME.js. Nothing but the command's own words goes to stdout.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirOf, isAlive, readLock, root, runHere, runScript, SetupError, startServices } from './lib/index.mjs';
import { prepare } from './lib/prepare.mjs';
import { createProgress } from './lib/progress.mjs';

const needServers = new Set(['seed', 'audit-verify']);
const write = (line) => process.stderr.write(`${line}\n`);

/** The servers of this data folder: those of a running `npm start`, else its own for as long as the command runs. */
async function serversFor(progress, life) {
  const dataDir = dataDirOf();
  const running = readLock(join(dataDir, 'lock.json'));
  if (running?.mongoUri && running.redisUrl && isAlive(running)) return running;
  return progress.step('服务器 MongoDB, Redis', async () => {
    const value = await startServices({ dataDir, onLine: write, purpose: 'cli' });
    life.add(value.stop);
    return { value };
  });
}

await runScript(
  async (life) => {
    const [name = '', ...args] = process.argv.slice(2);
    if (!/^[a-z][a-z-]*$/.test(name)) throw new SetupError('用法 usage: node scripts/cli.mjs NAME [arguments]');
    const progress = createProgress(write, { quiet: true });
    const withServers = needServers.has(name) && !(process.env.MONGODB_URI && process.env.REDIS_URL);
    await prepare(progress, { servers: withServers });
    const script = join(root, 'dist', 'src', 'cli', `${name}.js`);
    if (!existsSync(script)) throw new SetupError(`没有这个命令 no such command: ${name}`);
    const env = { ...process.env };
    if (withServers) {
      const { mongoUri, redisUrl } = await serversFor(progress, life);
      Object.assign(env, { MONGODB_URI: mongoUri, REDIS_URL: redisUrl });
    }
    return runHere(process.execPath, ['--enable-source-maps', script, ...args], { env });
  },
  { write },
);
