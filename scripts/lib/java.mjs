import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runToEnd } from './child.mjs';
import { cacheDir, findExecutable } from './paths.mjs';

export const oldestJava = 17;

const path = () => (process.env.PATH ?? '').split(delimiter);

/** Folders that may hold `java`: JAVA_HOME, PATH, and where Linux distributions and macOS put them. */
function javaFolders() {
  const folders = [];
  if (process.env.JAVA_HOME) folders.push(join(process.env.JAVA_HOME, 'bin'));
  folders.push(...path());
  for (const [base, inner] of [
    ['/usr/lib/jvm', 'bin'],
    ['/Library/Java/JavaVirtualMachines', 'Contents/Home/bin'],
    ['/opt/homebrew/opt', 'bin'],
  ]) {
    if (!existsSync(base)) continue;
    const names = readdirSync(base).filter((name) => /jdk|java|jre/.test(name));
    folders.push(...names.sort().map((name) => join(base, name, inner)));
  }
  return folders;
}

/** The major version a `java` reports; remembered by the file's identity, for asking starts a virtual machine. */
async function javaVersion(file) {
  const known = join(cacheDir, 'java-versions.json');
  const { mtimeMs, size } = statSync(file);
  const key = `${realpathSync(file)} ${mtimeMs} ${size}`;
  let versions = {};
  try {
    versions = JSON.parse(readFileSync(known, 'utf8'));
  } catch {
    // First time, or a note of another version: ask again.
  }
  if (typeof versions[key] === 'number') return versions[key];
  const { text } = await runToEnd(file, ['-version']);
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  const major = first === '1' ? Number(second) : Number(first);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(known, JSON.stringify({ ...versions, [key]: major }));
  return major;
}

/** The first Java that is new enough; with `compiler`, one that has `javac` beside it. */
export async function findJava({ compiler = false } = {}) {
  const seen = new Set();
  for (const folder of javaFolders()) {
    const java = findExecutable('java', [folder]);
    if (java === undefined) continue;
    const real = realpathSync(java);
    if (seen.has(real)) continue;
    seen.add(real);
    if (compiler && findExecutable('javac', [dirname(real)]) === undefined) continue;
    if ((await javaVersion(java)) >= oldestJava) return real;
  }
  return undefined;
}
