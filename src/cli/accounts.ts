import { loadDemoUsers } from '../../seeds/demo-users.js';
import { readConfig } from '../config.js';
import { AppError } from '../domain/errors.js';
import { createLog } from '../log.js';
import { wireAccounts } from '../wiring/index.js';
import { issueSentence } from '../words/issues.js';
import { runAccounts } from './accounts-command.js';

async function run(): Promise<void> {
  const config = readConfig();
  const parts = await wireAccounts(config, createLog({ level: 'error', process: 'accounts' }));
  try {
    const settings = { demoPassword: config.DEMO_PASSWORD, loadUsers: () => loadDemoUsers() };
    process.stdout.write(await runAccounts(process.argv.slice(2), parts, settings));
  } finally {
    await parts.close();
  }
}

function reason(error: unknown): string {
  if (error instanceof AppError && error.issues.length > 0) return error.issues.map(issueSentence).join('；');
  return error instanceof Error ? error.message : '原因不明';
}

try {
  await run();
} catch (error) {
  process.stderr.write(`账号没有建立: ${reason(error)}\n`);
  process.exitCode = 1;
}
