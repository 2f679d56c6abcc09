import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureMongoServer, ensureTools, root, startServices } from '../../scripts/lib/index.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** MongoDB of this test run; a test uses a database of its own (`dbName`). */
    mongoUri: string;
    /** Redis of this test run; a test uses a queue prefix of its own. */
    redisUrl: string;
  }
}

/** One Redis and one MongoDB server for the whole run, on free ports, with data that go when the run ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = join(root, '.data', `test-${process.pid}`);
  const env = {};
  await ensureTools({ env });
  await ensureMongoServer();
  const services = await startServices({ dataDir, env, purpose: 'tests' });
  project.provide('mongoUri', services.mongoUri);
  project.provide('redisUrl', services.redisUrl);
  return async () => {
    await services.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
