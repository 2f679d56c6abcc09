import type { Park } from '../domain/park.js';
import { compileFrame, type Frame } from '../matching/frame.js';
import { compileSnapshot, type Snapshot } from '../matching/snapshot.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { ParkStore } from '../ports/park-store.js';
import type { Edition, ReferenceCache } from './reference-cache.js';

/** A snapshot with the edition it was compiled from. */
export interface CurrentSnapshot {
  readonly snapshot: Snapshot;
  readonly edition: Edition;
}

/** Hands out the snapshot of what the stores hold now, compiled again only when something changed. */
export interface SnapshotSource {
  /** What it gives was read from the stores after the call. @throws AppError `storeUnavailable`. */
  current(): Promise<CurrentSnapshot>;
}

/** Name of a snapshot: its day, and a digest of the edition and every park's version. */
export function snapshotId(
  ids: Pick<Ids, 'digest'>,
  today: string,
  edition: string,
  parks: readonly { readonly id: string; readonly version: number }[],
): string {
  const content = [edition, ...parks.map(({ id, version }) => `${id}@${version}`).sort()].join('\n');
  return `${today}.${ids.digest(content).slice(0, 16)}`;
}

/** The frame depends on where parks are, not on what they hold. */
function frameKey(edition: string, today: string, parks: readonly Park[]): string {
  return [edition, today, ...parks.map(({ id, countyAdcode }) => `${id}@${countyAdcode}`).sort()].join('\n');
}

export function createSnapshotSource(deps: {
  readonly parkStore: ParkStore;
  readonly references: ReferenceCache;
  readonly clock: Pick<Clock, 'today'>;
  readonly ids: Pick<Ids, 'digest'>;
}): SnapshotSource {
  const { parkStore, references, clock, ids } = deps;
  let held: CurrentSnapshot | null = null;
  let frame: { readonly key: string; readonly frame: Frame } | null = null;
  let running: Promise<CurrentSnapshot> | null = null;
  let queued: Promise<CurrentSnapshot> | null = null;

  async function look(): Promise<CurrentSnapshot> {
    const [edition, versions] = await Promise.all([references.current(), parkStore.versions()]);
    const today = clock.today();
    const wanted = snapshotId(ids, today, edition.name, versions);
    if (held !== null && held.snapshot.id === wanted) return held;
    const parks = await parkStore.all();
    const key = frameKey(edition.name, today, parks);
    if (frame === null || frame.key !== key) frame = { key, frame: compileFrame(edition.data, parks, today) };
    const id = snapshotId(ids, today, edition.name, parks);
    held = { snapshot: compileSnapshot(frame.frame, parks, id), edition };
    return held;
  }

  /** One look at a time; callers that come during one share the next, so nobody gets facts older than the call. */
  function start(): Promise<CurrentSnapshot> {
    const mine = look().finally(() => {
      if (running === mine) running = null;
    });
    running = mine;
    return mine;
  }

  return {
    current() {
      if (running === null) return start();
      queued ??= running
        .catch(() => undefined)
        .then(() => {
          queued = null;
          return start();
        });
      return queued;
    },
  };
}
