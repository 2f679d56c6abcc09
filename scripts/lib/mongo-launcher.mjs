import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runToEnd } from './child.mjs';
import { SetupError } from './errors.mjs';
import { findJava } from './java.mjs';
import { withLock } from './lock.mjs';
import { cacheDir, findExecutable, root } from './paths.mjs';

const sourceDir = join(root, 'scripts', 'mongo-server');

/** Where the launcher of exactly these sources is kept: another source, another folder. */
function launcherDir() {
  const hash = createHash('sha256').update(readFileSync(join(sourceDir, 'pom.xml')));
  const folder = join(sourceDir, 'src', 'main', 'java', 'shanhai');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return join(cacheDir, `mongo-server-${hash.digest('hex').slice(0, 12)}`);
}

const jarIn = (folder) => join(folder, 'mongo-server.jar');

/** Whether the embedded MongoDB-protocol server is built. */
export function isLauncherBuilt() {
  return existsSync(jarIn(launcherDir()));
}

async function build(target, note) {
  const java = await findJava({ compiler: true });
  const mvn = findExecutable('mvn');
  if (java === undefined || mvn === undefined) {
    throw new SetupError('缺少 Java 17+ (JDK) 或 Maven (Java 17+ or Maven is missing)');
  }
  note?.('mvn package');
  mkdirSync(cacheDir, { recursive: true });
  const draft = mkdtempSync(join(cacheDir, 'mongo-server-draft-'));
  try {
    const { code, text } = await runToEnd(mvn, ['-q', '-B', 'package', `-Dbuild.folder=${draft}`], {
      cwd: sourceDir,
      env: { ...process.env, JAVA_HOME: dirname(dirname(java)) },
    });
    if (code !== 0) {
      const lines = text.trimEnd().split('\n').slice(-12).join('\n  ');
      throw new SetupError(
        `MongoDB 协议服务器编译失败 (mvn package failed). 常见原因 likely cause: 无法连接 Maven 仓库 (no way to Maven Central)\n  ${lines}`,
      );
    }
    try {
      renameSync(draft, target);
    } catch (error) {
      if (!existsSync(jarIn(target))) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Makes a MongoDB server available: `mongod` on PATH if there is one, else the embedded server, built once by Maven.
 * The value is how to start it.
 */
export async function ensureMongoServer({ note } = {}) {
  const mongod = findExecutable('mongod');
  if (mongod !== undefined) return { value: { kind: 'mongod', program: mongod } };
  const target = launcherDir();
  let words;
  if (!existsSync(jarIn(target))) {
    await withLock(
      join(cacheDir, 'mongo-server.lock'),
      async () => {
        if (existsSync(jarIn(target))) return;
        await build(target, note);
        words = '已编译 (built with Maven)';
      },
      { onWait: note },
    );
  }
  const java = await findJava();
  if (java === undefined) throw new SetupError('没有找到 Java 17+ (no Java 17 or newer was found)');
  const value = { kind: 'embedded', program: java, jar: jarIn(target) };
  return words === undefined ? { value } : { value, words };
}
