import { MemoryParkStore } from '../memory/park-store.js';
import { MemoryReferenceStore } from '../memory/reference-store.js';
import type { Clock } from '../ports/clock.js';
import type { ParkStore } from '../ports/park-store.js';
import type { ReferenceStore } from '../ports/reference-store.js';
import { systemClock, systemIds } from '../system.js';
import { createSnapshotSource } from '../usecases/current-snapshot.js';
import { createPlacementEvaluation, type PlacementEvaluation } from '../usecases/evaluate-placements.js';
import { createPreview, type Preview } from '../usecases/preview-need.js';
import { referenceCache } from './reference.js';

/** Builds matching in this process alone, over stores in memory that the caller fills: no server is asked. */
export function wireLocal(): {
  readonly referenceStore: ReferenceStore;
  readonly parkStore: ParkStore;
  readonly preview: Preview;
  readonly evaluation: PlacementEvaluation;
  readonly clock: Clock;
} {
  const referenceStore = new MemoryReferenceStore();
  const parkStore = new MemoryParkStore();
  const references = referenceCache(referenceStore, systemClock, 0);
  const snapshots = createSnapshotSource({ parkStore, references, clock: systemClock, ids: systemIds });
  return {
    referenceStore,
    parkStore,
    preview: createPreview({ references, snapshots, clock: systemClock, ids: systemIds }),
    evaluation: createPlacementEvaluation({ snapshots }),
    clock: systemClock,
  };
}
