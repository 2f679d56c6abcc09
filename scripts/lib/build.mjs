import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runToEnd } from './child.mjs';
import { SetupError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cacheDir, packageScript, root } from './paths.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, '.sources.json');

/** Every file the compiler may read, with its time and size. */
function sources() {
  const files = ['tsconfig.json', 'package-lock.json'].map((name) => join(root, name));
  for (const name of ['src', 'workers', 'seeds', 'bench']) {
    const folder = join(root, name);
    if (!existsSync(folder)) continue;
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile() && /\.(ts|json)$/.test(entry.name)) files.push(join(entry.parentPath, entry.name));
    }
  }
  files.sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${mtimeMs} ${size}\n`);
  }
  return { hash: hash.digest('hex'), files: files.map((file) => relative(root, file)) };
}

function stamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Compiles TypeScript to `dist/` if a source is not the one that was compiled last. Two copies take turns. */
export async function ensureBuild({ note } = {}) {
  if (stamp()?.hash === sources().hash) return {};
  return withLock(
    join(cacheDir, 'build.lock'),
    async () => {
      const now = sources();
      const last = stamp();
      if (last?.hash === now.hash) return {};
      const kept = new Set(now.files);
      // A source that is gone must not live on as JavaScript.
      if (last === undefined || last.files.some((file) => !kept.has(file)))
        rmSync(dist, { recursive: true, force: true });
      const tsc = packageScript('typescript/bin/tsc');
      if (tsc === undefined) throw new SetupError('没有找到 TypeScript (TypeScript is not installed): npm ci');
      note?.('tsc');
      const { code, text } = await runToEnd(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root });
      if (code !== 0) {
        const lines = text.trimEnd().split('\n').slice(0, 20).join('\n  ');
        throw new SetupError(`TypeScript 编译失败 (tsc failed)\n  ${lines}`);
      }
      mkdirSync(dist, { recursive: true });
      writeFileSync(stampFile, JSON.stringify(now));
      return { words: '已编译 (compiled)' };
    },
    { onWait: note },
  );
}
