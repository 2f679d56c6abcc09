import type { Facts } from '../../matching/snapshot-shelf.js';
import type { CurrentSnapshot } from '../current-snapshot.js';

/** What a wave is matched against. */
export interface WaveFacts {
  readonly current: CurrentSnapshot;
  readonly frameKey: string;
  /** Of the index that stands at them. */
  readonly epoch: string;
}

/** All that the snapshot is compiled from. */
export function wholeFacts({ edition, snapshot }: CurrentSnapshot): Facts {
  return { reference: edition.data, today: snapshot.frame.today, parks: snapshot.parks };
}
