import { expect, it } from 'vitest';
import { MemoryHoldExpiry } from '../../src/memory/hold-expiry.js';
import { describeHoldExpiryConformance } from '../support/conformance/hold-expiry.js';

describeHoldExpiryConformance('memory', async () => {
  const expiry = new MemoryHoldExpiry();
  return { expiry, waiting: async () => expiry.waiting().map(({ parkId, holdId }) => ({ parkId, holdId })) };
});

it('hands out what is due, once, and can be away', async () => {
  const expiry = new MemoryHoldExpiry();
  const job = { parkId: 'p', holdId: 'h', at: '2026-01-02' };
  await expiry.schedule(job, job.at);
  expect(expiry.takeDue('2026-01-01')).toEqual([]);
  expect(expiry.takeDue('2026-01-02')).toEqual([job]);
  expect(expiry.takeDue('2026-01-03')).toEqual([]);
  expiry.setAway(true);
  expect(await expiry.schedule(job, job.at)).toBe(false);
  expect(expiry.waiting()).toEqual([]);
});
