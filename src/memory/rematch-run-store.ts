import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { RematchRun, RematchSchedule } from '../domain/rematch.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import { HISTORY_PAGE_MAX, type RematchRunStore } from '../ports/history-store.js';
import type { Page } from '../ports/need-store.js';
import { MemoryOutbox } from './outbox.js';

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
const hasEnded = ({ state }: RematchRun): boolean => state === 'done' || state === 'failed';

/** Keeps runs and schedules in this process. Hands out copies. */
export class MemoryRematchRunStore implements RematchRunStore {
  /** Of runs and schedules; a schedule goes by its county. */
  readonly outbox = new MemoryOutbox();
  readonly #runs = new Map<string, RematchRun>();
  readonly #schedules = new Map<Adcode, RematchSchedule>();

  async insert(run: RematchRun, changes: readonly Change[]): Promise<boolean> {
    if (this.#runs.has(run.id)) return false;
    this.#runs.set(run.id, { ...run });
    this.outbox.push(run.id, changes);
    return true;
  }

  async get(id: string): Promise<RematchRun | null> {
    const run = this.#runs.get(id);
    return run === undefined ? null : { ...run };
  }

  async progress(run: RematchRun): Promise<void> {
    const there = this.#runs.get(run.id);
    if (there === undefined || hasEnded(there) || run.done < there.done) return;
    this.#runs.set(run.id, { ...run });
  }

  async unfinished(): Promise<readonly RematchRun[]> {
    return this.#newestFirst()
      .filter((run) => !hasEnded(run))
      .reverse();
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<RematchRun>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const rest = this.#newestFirst().filter(
      (run) =>
        (countyAdcode === null || run.countyAdcode === null || run.countyAdcode === countyAdcode) &&
        (after === null || run.startedAt < after.createdAt || (run.startedAt === after.createdAt && run.id < after.id)),
    );
    const items = rest.slice(0, Math.min(limit, HISTORY_PAGE_MAX));
    const last = items.at(-1);
    const more = rest.length > items.length && last !== undefined;
    return { items, nextCursor: more ? encodeCursor({ createdAt: last.startedAt, id: last.id }) : null };
  }

  async schedules(): Promise<readonly RematchSchedule[]> {
    return [...this.#schedules.values()]
      .sort((left, right) => byText(left.countyAdcode, right.countyAdcode))
      .map((schedule) => ({ ...schedule }));
  }

  async putSchedule(schedule: RematchSchedule, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    if ((this.#schedules.get(schedule.countyAdcode)?.version ?? 0) !== expectedVersion) return false;
    this.#schedules.set(schedule.countyAdcode, { ...schedule });
    this.outbox.push(schedule.countyAdcode, changes);
    return true;
  }

  #newestFirst(): RematchRun[] {
    return [...this.#runs.values()]
      .sort((left, right) => byText(right.startedAt, left.startedAt) || byText(right.id, left.id))
      .map((run) => ({ ...run }));
  }
}
