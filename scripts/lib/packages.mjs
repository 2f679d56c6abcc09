import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { SetupError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cacheDir, root } from './paths.mjs';

const stampFile = join(root, 'node_modules', '.shanhai-packages');

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json names. The stamp answers at once; without it (packages installed by
 * hand) npm's own record in node_modules is compared, so that a folder that is right is never installed again.
 */
function isCurrent(lockText, stamp) {
  if (textOf(stampFile) === stamp) return true;
  const record = textOf(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(JSON.parse(lockText).packages).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || installed[path]?.version === entry.version,
  );
}

/** Installs the packages of package-lock.json with `npm ci` if they are missing or others. */
export async function ensurePackages({ note } = {}) {
  const check = () => {
    const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
    const stamp = createHash('sha256').update(lockText).digest('hex');
    return { stamp, current: isCurrent(lockText, stamp) };
  };
  if (check().current) return {};
  return withLock(
    join(cacheDir, 'packages.lock'),
    async () => {
      const { stamp, current } = check();
      if (current) return {};
      note?.('npm ci');
      const npm = process.env.npm_execpath;
      const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
      const { code, text } = await runToEnd(command, [...args, 'ci', '--no-audit', '--no-fund'], {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'development', SCARF_ANALYTICS: 'false' },
      });
      if (code !== 0) {
        const lines = text.trimEnd().split('\n').slice(-12).join('\n  ');
        throw new SetupError(
          `依赖包安装失败 (npm ci failed). 常见原因 likely cause: 无法连接软件包仓库 (no way to the package registry)\n  ${lines}`,
        );
      }
      writeFileSync(stampFile, stamp);
      return { words: '已安装 (installed with npm ci)' };
    },
    { onWait: note },
  );
}
