import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild, root } from '../../scripts/lib/index.mjs';
import { runSmaa } from '../../src/matching/robustness/smaa.js';
import { RobustnessPool } from '../../src/threads/robustness-pool.js';
import { coarseProblem } from '../matching/robustness/problems.js';
import { recordingLog } from '../support/recording-log.js';

describe('RobustnessPool', () => {
  let pool: RobustnessPool;
  beforeAll(async () => {
    await ensureBuild();
    pool = new RobustnessPool(
      2,
      recordingLog().log,
      pathToFileURL(join(root, 'dist', 'src', 'threads', 'robustness-thread.js')),
    );
  });
  afterAll(() => pool.close());

  it('counts what counting in place counts, many problems at a time', async () => {
    const problems = Array.from({ length: 6 }, (_, seed) => coarseProblem(seed, 40, 8, 30));
    const outcomes = await Promise.all(problems.map((problem) => pool.run(problem)));
    outcomes.forEach((outcome, index) => {
      const problem = problems[index];
      expect(problem === undefined ? null : outcome).toEqual(problem === undefined ? undefined : runSmaa(problem));
    });
  });

  it('keeps the event loop free while it counts', async () => {
    let turns = 0;
    const turn = setInterval(() => {
      turns += 1;
    }, 1);
    await pool.run({ ...coarseProblem(9, 400, 10, 400), samples: 20_000 });
    clearInterval(turn);
    expect(turns).toBeGreaterThan(5);
  });

  it('rejects when the caller has gone, and goes on', async () => {
    const problem = coarseProblem(1, 20, 4, 20);
    await expect(pool.run(problem, AbortSignal.abort())).rejects.toThrow(/abort/i);
    const gone = new AbortController();
    const running = pool.run({ ...coarseProblem(2, 400, 10, 400), samples: 200_000 }, gone.signal);
    setTimeout(() => gone.abort(), 20);
    await expect(running).rejects.toThrow(/abort/i);
    expect(await pool.run(problem)).toEqual(runSmaa(problem));
  });

  it('logs a thread that can’t start, refuses its task and lives on', async () => {
    const { log, lines } = recordingLog();
    const broken = new RobustnessPool(1, log, new URL('file:///nowhere/thread.js'));
    await expect(broken.run(coarseProblem(1, 4, 2, 4))).rejects.toThrow(/abort/i);
    expect(lines.map(({ message }) => message)).toContain('robustness thread failed');
    await broken.close();
  });

  it('rejects what it is asked after it was closed', async () => {
    const other = new RobustnessPool(1, recordingLog().log);
    await other.close();
    await expect(other.run(coarseProblem(1, 4, 2, 4))).rejects.toMatchObject({ code: 'internal' });
  });
});
