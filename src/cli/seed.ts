import { loadSeedData } from '../../seeds/load.js';
import { publishSchemes, publishSeeds } from '../../seeds/publish.js';
import { loadSchemes } from '../../seeds/schemes.js';
import { readConfig } from '../config.js';
import { createLog } from '../log.js';
import { wireSeeding } from '../wiring/index.js';

/** Puts the seed edition into the stores. Doing it again changes nothing. */
async function run(): Promise<void> {
  const config = readConfig();
  const stores = await wireSeeding(config, createLog({ level: 'error', process: 'seed' }));
  try {
    const outcome = await publishSeeds(stores, loadSeedData());
    const schemes = await publishSchemes(stores, loadSchemes());
    const { added, updated, kept } = outcome.parks;
    process.stdout.write(
      `种子数据 ${outcome.edition}: ${outcome.referenceChanged ? '已发布' : '未变'}; ` +
        `县 ${outcome.counties}, 环节 ${outcome.links}, 链条布局 ${outcome.presences}, 政策 ${outcome.policies}; ` +
        `园区 新增 ${added}, 更新 ${updated}, 保留 ${kept}; 新制度版本 ${schemes}\n`,
    );
  } finally {
    await stores.close();
  }
}

try {
  await run();
} catch (error) {
  process.stderr.write(`种子数据没有载入: ${error instanceof Error ? error.message : '原因不明'}\n`);
  process.exitCode = 1;
}
