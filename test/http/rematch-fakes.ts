import { AppError } from '../../src/domain/errors.js';
import { EXAMPLE_RUN } from '../../src/http/rematch-examples.js';
import type { RematchUseCases } from '../../src/usecases/rematch-use-cases.js';

async function none(): Promise<never> {
  throw new AppError('notFound');
}
const emptyPage = async () => ({ items: [], nextCursor: null });

/** A province in which nothing has changed yet. */
export const noRematching: RematchUseCases = {
  readHistory: emptyPage,
  startRematch: async () => EXAMPLE_RUN,
  getRun: none,
  listRuns: emptyPage,
  listSchedules: async () => [],
  putSchedule: async (countyAdcode, expectedVersion, cron) => ({ countyAdcode, cron, version: expectedVersion + 1 }),
};
