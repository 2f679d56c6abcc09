// npm start: the API and a worker, with servers of their own unless MONGODB_URI and REDIS_URL name them.
import { join } from 'node:path';
import { accounts, checkPort, dataDirOf, portOf, runScript, seed, startApp, startServices } from './lib/index.mjs';
import { prepare } from './lib/prepare.mjs';
import { createProgress } from './lib/progress.mjs';

const write = (line) => process.stdout.write(`${line}\n`);

await runScript(
  async (life) => {
    const dataDir = dataDirOf();
    const logDir = join(dataDir, 'logs');
    const port = portOf(process.env, 3000);
    const progress = createProgress(write);
    await checkPort(port);
    await prepare(progress);

    const services = await progress.step('服务器 MongoDB, Redis', async () => {
      const started = await startServices({ dataDir, logDir, onLine: write, supervise: true, purpose: 'npm start' });
      life.add(started.stop);
      return { value: started, words: `${started.mongoUri.replace(/\/\/[^@/]*@/, '//')}` };
    });
    const env = { ...process.env, MONGODB_URI: services.mongoUri, REDIS_URL: services.redisUrl };
    if (services.embedded.mongo) await progress.step('参考数据 reference data', () => seed(env));
    const made = await accounts('first', env);
    if (made !== '') write(made);
    const app = await progress.step('接口与匹配进程 API, worker', async () => {
      const value = await startApp({ env, dataDir, logDir, port, restart: true, onLine: write, life });
      return { value, words: `日志 logs: ${logDir}` };
    });
    write(`ready ${app.url}`);
    life.upAndRunning = true;
    await life.asked;
    return 0;
  },
  { write },
);
