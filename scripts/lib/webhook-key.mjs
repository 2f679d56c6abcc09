import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The key under which webhook secrets are stored: WEBHOOK_KEY, else one kept beside the embedded database, made at the
 * first start and readable by its owner only. With servers of one's own the variable must be set.
 */
export function webhookKey(env, dataDir) {
  if (env.WEBHOOK_KEY !== undefined && env.WEBHOOK_KEY !== '') return env.WEBHOOK_KEY;
  const file = join(dataDir, 'webhook.key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const key = randomBytes(32).toString('base64');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}
