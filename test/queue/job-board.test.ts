import { describe, expect, it } from 'vitest';
import { BullJobBoard, reasonCode } from '../../src/queue/job-board.js';
import { realClock } from '../support/real-clock.js';
import { makeBench, redisProxy } from './redis.js';

describe('reasonCode', () => {
  it.each([
    ['storeUnavailable', 'storeUnavailable'],
    ['job stalled more than allowable limit', 'stalled'],
    ['duplicate key {"name":"某公司"}', 'internal'],
    ['', 'internal'],
    [undefined, 'internal'],
  ])('shows %j as %s', (reason, code) => {
    expect(reasonCode(reason)).toBe(code);
  });
});

describe('BullJobBoard', () => {
  it('lists nothing where nothing failed', async () => {
    const { bull, producer } = await makeBench();
    expect(await new BullJobBoard([bull], producer, realClock).failed(0, 10)).toEqual({ total: 0, items: [] });
  });

  it('raises queueUnavailable while Redis is away', async () => {
    const proxy = await redisProxy();
    await proxy.cut();
    const { bull, producer } = await makeBench(proxy);
    await expect(new BullJobBoard([bull], producer, realClock).failed(0, 10)).rejects.toMatchObject({
      code: 'queueUnavailable',
    });
  });
});
