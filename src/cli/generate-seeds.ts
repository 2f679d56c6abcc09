import { writeGeneratedSeedFiles } from '../../seeds/generate/write.js';

/** `generate-seeds`: makes the generated seed files anew from the hand-kept ones and gives the lines to print. */
export function generateSeeds(): readonly string[] {
  return writeGeneratedSeedFiles().map(({ file, bytes }) => `已生成 seeds/data/${file}(${Math.ceil(bytes / 1024)} KB)`);
}
