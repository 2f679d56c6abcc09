import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './errors.mjs';
import { tryLock } from './lock.mjs';
import { endLeftovers, remembered, startMongo, startRedis } from './servers.mjs';

function lockDataFolder(dataDir, purpose) {
  try {
    mkdirSync(dataDir, { recursive: true });
    return tryLock(join(dataDir, 'lock.json'), { purpose });
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`数据目录不可写 (the data folder cannot be written): ${dataDir} (${error.code})`, {
      code: 'permission',
    });
  }
}

/**
 * Starts the servers that the environment does not name and locks the data folder they use.
 * @returns the addresses to use, which servers are embedded, and `stop()`
 * @throws SetupError with code `locked` (and the holder's note) when another copy uses the folder, or what kept a server
 * from starting
 */
export async function startServices({
  dataDir,
  logDir,
  onLine,
  supervise = false,
  purpose = 'run',
  env = process.env,
}) {
  if (env.MONGODB_URI && env.REDIS_URL) {
    return {
      mongoUri: env.MONGODB_URI,
      redisUrl: env.REDIS_URL,
      embedded: { mongo: false, redis: false },
      servers: {},
      pids: [],
      stop: async () => {},
    };
  }
  const { lock, holder, left } = lockDataFolder(dataDir, purpose);
  if (lock === undefined) {
    throw new SetupError(
      `数据目录 ${dataDir} 正被另一个进程使用 (pid ${holder.pid}, ${holder.purpose ?? '?'}). ` +
        'This data folder is in use by another copy: stop it, or set another DATA_DIR.',
      { code: 'locked', holder },
    );
  }
  const servers = {};
  const noteChildren = () => lock.note({ children: Object.values(servers).map(({ pid }) => remembered(pid)) });
  const options = { supervise, onLine, onRestart: noteChildren };
  const stop = async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    lock.release();
  };
  try {
    await endLeftovers(left?.children);
    const logs = logDir ?? join(dataDir, 'logs');
    const started = await Promise.allSettled([
      env.REDIS_URL
        ? undefined
        : startRedis({ dir: join(dataDir, 'redis'), logFile: join(logs, 'redis.log'), ...options }).then((server) => {
            servers.redis = server;
          }),
      env.MONGODB_URI
        ? undefined
        : startMongo({ dir: join(dataDir, 'mongo'), logFile: join(logs, 'mongo.log'), ...options }).then((server) => {
            servers.mongo = server;
          }),
    ]);
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  const mongoUri = env.MONGODB_URI || servers.mongo.url;
  const redisUrl = env.REDIS_URL || servers.redis.url;
  lock.note({ mongoUri, redisUrl });
  noteChildren();
  return {
    mongoUri,
    redisUrl,
    embedded: { mongo: servers.mongo !== undefined, redis: servers.redis !== undefined },
    servers,
    get pids() {
      return Object.values(servers).map(({ pid }) => pid);
    },
    stop,
  };
}
