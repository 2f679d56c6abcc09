import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { SetupError } from './errors.mjs';
import { findJava, oldestJava } from './java.mjs';
import { withLock } from './lock.mjs';
import { isLauncherBuilt } from './mongo-launcher.mjs';
import { cacheDir, findExecutable } from './paths.mjs';

/** What this run needs and does not find, by Debian package. */
async function missingTools(env) {
  const missing = [];
  if (!env.REDIS_URL && findExecutable('redis-server') === undefined) missing.push('redis-server');
  if (!env.MONGODB_URI && findExecutable('mongod') === undefined) {
    if (isLauncherBuilt()) {
      if ((await findJava()) === undefined) missing.push('java');
    } else {
      if ((await findJava({ compiler: true })) === undefined) missing.push('java');
      if (findExecutable('mvn') === undefined) missing.push('maven');
    }
  }
  return missing;
}

function waysToGetThem(missing) {
  return [
    `缺少程序 missing: ${missing.map((name) => (name === 'java' ? `Java ${oldestJava}+ (JDK)` : name)).join(', ')}`,
    '',
    '任选一种办法 any one of these will do:',
    '  Debian / Ubuntu   sudo apt-get install --no-install-recommends redis-server openjdk-17-jdk-headless maven',
    '  Fedora            sudo dnf install redis java-17-openjdk-devel maven',
    '  macOS             brew install redis openjdk@17 maven',
    '  以 root 身份在 Debian 上运行时会自动安装 (as root on Debian this script installs them by itself)',
    '  已有服务器 servers of your own:',
    '    MONGODB_URI=mongodb://… REDIS_URL=redis://… npm start',
    '  已装 mongod 时不需要 Java 和 Maven (with mongod on PATH, Java and Maven are not needed)',
  ].join('\n');
}

async function aptInstall(missing, note) {
  const log = join(cacheDir, 'apt.log');
  mkdirSync(cacheDir, { recursive: true });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  let written = '';
  const apt = async (args) => {
    const result = await runToEnd('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=180', ...args], { env });
    written += result.text;
    writeFileSync(log, written);
    return result;
  };
  note?.('apt-get update');
  await apt(['update']);
  const names = [];
  for (const name of missing) {
    if (name !== 'java') {
      names.push(name);
      continue;
    }
    const { text } = await runToEnd('apt-cache', ['policy', 'openjdk-17-jdk-headless'], { env });
    names.push(/Candidate: \d/.test(text) ? 'openjdk-17-jdk-headless' : 'default-jdk-headless');
  }
  note?.(`apt-get install ${names.join(' ')}`);
  const { code, text } = await apt(['install', '-y', '--no-install-recommends', ...names]);
  if (code !== 0) {
    const lines = text.trimEnd().split('\n').slice(-10).join('\n  ');
    throw new SetupError(`apt-get install 失败 failed (日志 log: ${log})\n  ${lines}\n\n${waysToGetThem(missing)}`);
  }
  return names;
}

const isDebianRoot = () => process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** Finds redis-server, and Java and Maven where no mongod is there; on Debian as root, installs what is missing. */
export async function ensureTools({ note, env = process.env, mayInstall = isDebianRoot() } = {}) {
  const missing = await missingTools(env);
  if (missing.length === 0) return {};
  if (!mayInstall || findExecutable('apt-get') === undefined) throw new SetupError(waysToGetThem(missing));
  return withLock(
    join(cacheDir, 'tools.lock'),
    async () => {
      const still = await missingTools(env);
      if (still.length === 0) return {};
      const names = await aptInstall(still, note);
      const left = await missingTools(env);
      if (left.length > 0) throw new SetupError(waysToGetThem(left));
      return { words: `已安装 (installed) ${names.join(', ')}` };
    },
    { onWait: note },
  );
}
