import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { ParkCapacity } from '../../domain/hold.js';
import type { Park } from '../../domain/park.js';
import { type HoldDeps, untilDone } from './deps.js';
import { type CapacityEvent, capacityChanges } from './hold-changes.js';

/** What is to become of a park's capacity: another one, with what happened; or nothing, where `capacity` is null. */
export interface Decision<T> {
  readonly capacity: ParkCapacity | null;
  readonly events: readonly CapacityEvent[];
  readonly result: T;
}

/**
 * Changes a park's capacity by one conditional update. Where others were quicker the decision is made again on what they
 * left; it must not do anything but decide.
 * @throws AppError `notFound` (park), `holdRefused` (`park`: `busy`), `storeUnavailable`.
 */
export async function changePark<T>(
  deps: HoldDeps,
  parkId: string,
  key: string,
  caller: Caller,
  decide: (park: Park, now: string) => Decision<T>,
): Promise<{ readonly result: T; readonly park: Park }> {
  const done = await untilDone(deps, key, async () => {
    const park = await deps.parkStore.get(parkId);
    if (park === null) throw new AppError('notFound', { params: { what: 'park' } });
    const now = deps.clock.now();
    const { capacity, events, result } = decide(park, now);
    if (capacity === null) return { result, park };
    const expected = { version: park.version, capacityVersion: park.capacity.version };
    const changes = capacityChanges(park, capacity.version, events, caller, now);
    const written = await deps.parkStore.updateCapacity(parkId, expected, capacity, changes);
    if (written.outcome !== 'replaced') return null;
    deps.changes.changed('park', parkId);
    return { result, park: written.park };
  });
  if (done === null) throw new AppError('holdRefused', { issues: [{ field: 'park', code: 'busy' }] });
  return done;
}
