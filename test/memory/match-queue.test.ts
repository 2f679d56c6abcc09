import { describe, expect, it } from 'vitest';
import { MemoryHealthProbe } from '../../src/memory/health-probe.js';
import { MemoryMatchQueue } from '../../src/memory/match-queue.js';

const job = { needId: 'need_a', version: 1 };
const failedJob = {
  queue: 'match',
  jobId: 'j',
  name: 'match',
  attempts: 1,
  failedAt: '2025-01-01',
  reason: 'internal',
};

describe('MemoryMatchQueue', () => {
  it('takes no jobs and lists none while it is away', async () => {
    const queue = new MemoryMatchQueue();
    queue.fail(failedJob);
    queue.setAway(true);
    expect(await queue.enqueue(job)).toBe(false);
    await expect(queue.failed(0, 10)).rejects.toMatchObject({ code: 'queueUnavailable' });
    queue.setAway(false);
    expect(queue.take()).toBeNull();
    expect(await queue.enqueue(job)).toBe(true);
    expect(queue.take()).toEqual(job);
  });

  it('lists failed jobs newest first, page by page', async () => {
    const queue = new MemoryMatchQueue();
    for (const jobId of ['1', '2', '3']) queue.fail({ ...failedJob, jobId });
    expect(await queue.failed(1, 1)).toEqual({ total: 3, items: [{ ...failedJob, jobId: '2' }] });
  });
});

describe('MemoryHealthProbe', () => {
  it('answers what it was told', async () => {
    const probe = new MemoryHealthProbe('mongo');
    expect(await probe.check(10)).toBe(true);
    probe.healthy = false;
    expect(await probe.check(10)).toBe(false);
  });
});
