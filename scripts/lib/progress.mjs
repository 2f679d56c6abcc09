const seconds = (from) => ((performance.now() - from) / 1000).toFixed(1);

/**
 * One line for each finished step, with its time, and one for a long one when it begins.
 * @param {(line: string) => void} write
 * @param {{ quiet?: boolean }} [options] `quiet`: only what really had to be done is told
 */
export function createProgress(write, { quiet = false } = {}) {
  const began = performance.now();
  return {
    /** Runs `work(note)`; it answers with a few words on what it did, or undefined when there was nothing to do. */
    async step(name, work) {
      const from = performance.now();
      const result = await work((words) => write(`  … ${name}: ${words}`));
      const done = result?.words;
      if (done !== undefined || !quiet) write(`✓ ${name}: ${done ?? '已就绪 (ready)'}  ${seconds(from)} s`);
      return result?.value;
    },
    line: write,
    /** Seconds since the progress began, as text. */
    total: () => seconds(began),
  };
}
