// npm run bench [-- name…]: every dist/bench/*.bench.js, or the named ones, one after the other, with fresh servers.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirOf, root, runHere, runScript, SetupError, startServices } from './lib/index.mjs';
import { prepare } from './lib/prepare.mjs';
import { createProgress } from './lib/progress.mjs';

const write = (line) => process.stdout.write(`${line}\n`);
const folder = join(root, 'dist', 'bench');
const ending = '.bench.js';

await runScript(
  async (life) => {
    const progress = createProgress(write);
    await prepare(progress);
    const all = existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(ending))
          .sort()
      : [];
    const wanted = process.argv.slice(2).map((name) => `${name}${ending}`);
    const missing = wanted.find((file) => !all.includes(file));
    if (missing !== undefined || all.length === 0) {
      const names = all.map((file) => file.slice(0, -ending.length)).join(', ') || '-';
      throw new SetupError(`没有这个测量 no such bench: ${missing ?? folder}\n  有 there are: ${names}`);
    }
    const dataDir = join(dataDirOf(), `bench-${process.pid}`);
    life.add(async () => rmSync(dataDir, { recursive: true, force: true }));
    const services = await progress.step('服务器 MongoDB, Redis', async () => {
      const value = await startServices({ dataDir, onLine: write, purpose: 'npm run bench' });
      life.add(value.stop);
      return { value };
    });
    const serverPids = Object.fromEntries(Object.entries(services.servers).map(([name, { pid }]) => [name, pid]));
    const env = {
      ...process.env,
      MONGODB_URI: services.mongoUri,
      REDIS_URL: services.redisUrl,
      SERVER_PIDS: JSON.stringify(serverPids),
      DATA_DIR: dataDir,
    };
    let worst = 0;
    for (const file of wanted.length > 0 ? wanted : all) {
      write(`\n== ${file.slice(0, -ending.length)}`);
      worst = Math.max(worst, await runHere(process.execPath, ['--expose-gc', join(folder, file)], { cwd: root, env }));
    }
    return worst;
  },
  { write },
);
