import { ensureBuild } from './build.mjs';
import { ensureMongoServer } from './mongo-launcher.mjs';
import { ensurePackages } from './packages.mjs';
import { ensureTools } from './tools.mjs';

/**
 * Everything a run needs before its first server: packages, tools, the compiled project and, unless MONGODB_URI names
 * one, a MongoDB server program.
 */
export async function prepare(progress, { servers = true, env = process.env } = {}) {
  await progress.step('依赖包 packages', (note) => ensurePackages({ note }));
  if (servers) {
    await progress.step('工具 tools', (note) => ensureTools({ note, env }));
    if (!env.MONGODB_URI) await progress.step('数据库程序 MongoDB server', (note) => ensureMongoServer({ note }));
  }
  await progress.step('编译 build', (note) => ensureBuild({ note }));
}
