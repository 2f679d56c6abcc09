import type { HistoryEntry, RematchSchedule } from '../domain/rematch.js';
import type { RunView } from '../usecases/rematch-use-cases.js';

const NEED_ID = 'need_k3v9q2m7x1c8b5n4z6w0t2y8';
const result = (day: string): string => `${NEED_ID}:1:standard@1:${day}.3f9a0c71d2e84b56`;

/** A park has less energy left than the need asks for. */
export const EXAMPLE_HISTORY: HistoryEntry = {
  needId: NEED_ID,
  position: 2,
  at: '2026-11-23T02:15:09.120Z',
  needVersion: 1,
  changes: [{ kind: 'park', parkId: '331102-01', fact: 'energyTce', from: 5_000, to: 450 }],
  changesTotal: 1,
  fromResultId: result('2026-11-22'),
  toResultId: result('2026-11-23'),
  difference: {
    first: { from: '331102-01', to: '331127-01' },
    ranks: [
      { parkId: '331127-01', from: 2, to: 1 },
      { parkId: '331102-01', from: 1, to: null },
    ],
    gates: [{ parkId: '331102-01', gate: 'energyTce', from: 'pass', to: 'fail' }],
    statuses: [{ parkId: '331102-01', from: 'eligible', to: 'excluded' }],
    label: { from: 'firm', to: 'leaning' },
  },
  announced: 'match.lost',
};

export const EXAMPLE_RUN: RunView = {
  id: 'run_c1x8m4k7q2v9b5n3z6w0t1y8',
  reason: 'manual',
  countyAdcode: null,
  state: 'running',
  total: 10_000,
  done: 6_250,
  changed: 31,
  cursor: NEED_ID,
  startedAt: '2026-11-23T02:15:00.000Z',
  updatedAt: '2026-11-23T02:16:10.000Z',
  finishedAt: null,
  workedMs: 70_000,
  percent: 62.5,
  needsPerSecond: 89.3,
};

export const EXAMPLE_SCHEDULE: RematchSchedule = { countyAdcode: '330782', cron: '0 18 * * *', version: 1 };
