import { canonicalJson } from '../domain/canonical-json.js';
import type { Need } from '../domain/need.js';
import { RANKED_SHOWN, matchNeed as runEngine } from '../matching/match.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { SnapshotSource } from './current-snapshot.js';
import { textNumbers } from './match-need.js';
import { checkAgainstReference } from './need-checks.js';
import { readyView } from './read-matches.js';
import type { ReferenceCache } from './reference-cache.js';
import type { MatchView } from './use-cases.js';

/** Matches a need without storing anything. */
export interface Preview {
  /**
   * The body `GET /needs/:id/matches` would give; the id is made from the need's own content.
   * @throws AppError `invalidInput` as `submitNeed` does.
   */
  match(need: Need, shown?: number): Promise<MatchView>;
}

export function createPreview(deps: {
  readonly references: ReferenceCache;
  readonly snapshots: SnapshotSource;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'needIdFor'>;
}): Preview {
  return {
    async match(need, shown = RANKED_SHOWN) {
      checkAgainstReference(need, await deps.references.current());
      const { snapshot, edition } = await deps.snapshots.current();
      const stamp = {
        needId: deps.ids.needIdFor(canonicalJson(need)),
        version: 1,
        generatedAt: deps.clock.now(),
      };
      return readyView(
        runEngine(snapshot, need, textNumbers(snapshot.frame, edition.text(), need), stamp, undefined, shown),
      );
    },
  };
}
