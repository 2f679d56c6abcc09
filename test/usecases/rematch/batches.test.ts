import { describe, expect, it } from 'vitest';
import { createTasks } from '../../../src/usecases/rematch/batches.js';

/** Work that ends when told. */
function held() {
  let [finish, fail] = [(): void => undefined, (_error: Error): void => undefined];
  const work = new Promise<void>((resolve, reject) => {
    [finish, fail] = [resolve, reject];
  });
  return { work, finish, fail };
}

describe('tasks side by side', () => {
  it('end when the last has ended, those begun meanwhile too', async () => {
    const tasks = createTasks();
    const [one, two] = [held(), held()];
    const seen: string[] = [];
    void tasks.begin(one.work).then(() => tasks.begin(two.work));
    const ended = tasks.end().then(() => seen.push('end'));
    one.finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([]);
    two.finish();
    await ended;
    expect(tasks.failed).toBe(false);
  });

  it('raise the first failure, once all have ended', async () => {
    const tasks = createTasks();
    const [one, two, three] = [held(), held(), held()];
    const begun = [one, two, three].map(({ work }) => tasks.begin(work));
    const seen: string[] = [];
    const ended = tasks.end().catch((error: unknown) => seen.push(String(error)));
    two.fail(new Error('second'));
    await begun[1];
    expect(tasks.failed).toBe(true);
    one.fail(new Error('first'));
    await begun[0];
    expect(seen).toEqual([]);
    three.finish();
    await ended;
    expect(seen).toEqual(['Error: second']);
  });

  it('end at once where nothing was begun', async () => {
    await expect(createTasks().end()).resolves.toBeUndefined();
  });
});
