import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Report } from '../domain/report.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { ReportStore } from '../ports/report-store.js';
import { MemoryOutbox } from './outbox.js';

/** Keeps first reports in this process. Hands out copies, so that nobody can change what is kept. */
export class MemoryReportStore implements ReportStore {
  readonly outbox = new MemoryOutbox();
  /** In the order of positions, which have no gaps. */
  readonly #row: Report[] = [];

  async lastPosition(): Promise<number> {
    return this.#row.length;
  }

  async append(report: Report, changes: readonly Change[]): ReturnType<ReportStore['append']> {
    const existing = this.#row.find(({ needId }) => needId === report.needId);
    if (existing !== undefined) return { outcome: 'reported', existing: structuredClone(existing) };
    if (report.position !== this.#row.length + 1) return { outcome: 'positionTaken' };
    this.#row.push(structuredClone(report));
    this.outbox.push(report.id, changes);
    return { outcome: 'appended' };
  }

  async get(id: string): Promise<Report | null> {
    return structuredClone(this.#row.find((report) => report.id === id) ?? null);
  }

  async ofNeed(needId: string): Promise<Report | null> {
    return structuredClone(this.#row.find((report) => report.needId === needId) ?? null);
  }

  async protectedAt(now: string, upToPosition: number): Promise<readonly Report[]> {
    return structuredClone(
      this.#row.filter(
        ({ position, protectedUntil, standing }) =>
          position <= upToPosition && protectedUntil >= now && standing !== 'displaced',
      ),
    );
  }

  async replace(report: Report, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    const index = this.#row.findIndex(({ id }) => id === report.id);
    if (this.#row[index]?.version !== expectedVersion) return false;
    this.#row[index] = structuredClone(report);
    this.outbox.push(report.id, changes);
    return true;
  }

  async undecided(sourceAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<Report>> {
    const after = cursor === null ? 0 : Number(decodeCursor(cursor).id);
    const rest = this.#row.filter(
      (report) =>
        report.standing === 'candidate' &&
        report.decision === null &&
        (sourceAdcode === null || report.sourceAdcode === sourceAdcode) &&
        report.position > after,
    );
    const items = structuredClone(rest.slice(0, limit));
    const last = items.at(-1);
    const more = rest.length > limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor({ createdAt: last.reportedAt, id: String(last.position) }) : null };
  }
}
