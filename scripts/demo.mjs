// npm run demo [-- --serve]: the main job on the reference data, from a fresh clone to ranked parks.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  accounts,
  checkPort,
  dataDirOf,
  portOf,
  root,
  runHere,
  runScript,
  SetupError,
  seed,
  startApp,
  startServices,
} from './lib/index.mjs';
import { prepare } from './lib/prepare.mjs';
import { createProgress } from './lib/progress.mjs';

const write = (line) => process.stdout.write(`${line}\n`);

/** The demo's own servers; a second demo at the same time works in a folder of its own, which goes when it ends (its logs stay). */
async function demoServices(folder, life) {
  const start = (dataDir, logDir) => startServices({ dataDir, logDir, onLine: write, purpose: 'npm run demo' });
  const logs = join(folder, 'logs');
  try {
    const services = await start(folder, logs);
    life.add(services.stop);
    return { dataDir: folder, logDir: logs, services };
  } catch (error) {
    if (!(error instanceof SetupError) || error.code !== 'locked') throw error;
  }
  const dataDir = join(folder, `copy-${process.pid}`);
  life.add(async () => rmSync(dataDir, { recursive: true, force: true }));
  const logDir = join(logs, `copy-${process.pid}`);
  const services = await start(dataDir, logDir);
  life.add(services.stop);
  return { dataDir, logDir, services };
}

await runScript(
  async (life) => {
    const args = process.argv.slice(2);
    const unknown = args.find((arg) => arg !== '--serve');
    if (unknown !== undefined)
      throw new SetupError(`不认识的参数 unknown argument: ${unknown}\n  npm run demo [-- --serve]`);
    const serve = args.includes('--serve');
    const port = portOf(process.env, 0);
    const progress = createProgress(write);
    await checkPort(port);
    await prepare(progress);

    const { dataDir, logDir, services } = await progress.step('服务器 MongoDB, Redis', async () => {
      const value = await demoServices(join(dataDirOf(), 'demo'), life);
      return { value, words: `数据 data: ${value.dataDir}` };
    });
    // A password of this run only, unless the caller has chosen one.
    const password = process.env.DEMO_PASSWORD ?? randomBytes(12).toString('base64url');
    const env = {
      ...process.env,
      MONGODB_URI: services.mongoUri,
      REDIS_URL: services.redisUrl,
      DEMO_MODE: 'true',
      DEMO_PASSWORD: password,
    };
    await progress.step('参考数据 reference data', () => seed(env));
    write(await accounts('demo', env));
    if (process.env.DEMO_PASSWORD === undefined) write(`  本次密码 password of this run: ${password}`);
    const app = await progress.step('接口与匹配进程 API, worker', async () => {
      const value = await startApp({ env, dataDir, logDir, port, restart: serve, onLine: write, life });
      return { value, words: `${value.url}  日志 logs: ${logDir}` };
    });

    const code = await runHere(process.execPath, [join(root, 'dist', 'src', 'cli', 'demo.js')], {
      cwd: root,
      env: { ...env, API_URL: app.url, DEMO_LOGIN: 'demo-province', LOG_DIR: logDir },
    });
    write(`用时 total ${progress.total()} s  日志 logs: ${logDir}`);
    if (code !== 0 || !serve) return code;
    write(`ready ${app.url}  (Ctrl-C 结束 to stop)`);
    life.upAndRunning = true;
    await life.asked;
    return 0;
  },
  { write },
);
