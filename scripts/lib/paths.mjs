import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What may be thrown away and made again: the built launcher, logs of installers, locks between builds. */
export const cacheDir = join(root, '.data', 'cache');

/** The folder a run keeps its data in: DATA_DIR, or `.data` beside package.json. */
export function dataDirOf(env = process.env) {
  return env.DATA_DIR ? resolve(env.DATA_DIR) : join(root, '.data');
}

/** The first executable file called `name` in `folders`, or undefined. */
export function findExecutable(name, folders = (process.env.PATH ?? '').split(delimiter)) {
  for (const folder of folders) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return undefined;
}

/** The JavaScript file of an installed package, run with this Node. */
export function packageScript(path) {
  const file = join(root, 'node_modules', path);
  return existsSync(file) ? file : undefined;
}
