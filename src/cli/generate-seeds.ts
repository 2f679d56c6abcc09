import { writeGeneratedSeedFiles } from '../../seeds/generate/write.js';

/** Makes the generated seed files anew from the hand-kept ones, in `seeds/data` of this package. */
try {
  for (const { file, bytes } of writeGeneratedSeedFiles()) {
    process.stdout.write(`已生成 seeds/data/${file} (${Math.ceil(bytes / 1024)} KB)\n`);
  }
} catch (error) {
  process.stderr.write(`种子数据没有生成: ${error instanceof Error ? error.message : '原因不明'}\n`);
  process.exitCode = 1;
}
