import type { Announced, ResultOutline } from '../../domain/rematch.js';

/** What subscribers are to be told of a result, and what they have been told once they are. */
export interface Announcement {
  readonly event: 'match.created' | 'match.changed' | 'match.lost' | null;
  readonly announced: Announced;
}

function firstOf({ outcome, scores }: ResultOutline): Announced {
  const [first] = outcome.ranked;
  if (first === undefined) return { parkId: null, score: null };
  return { parkId: first.parkId, score: scores[0] ?? 0, status: first.status };
}

/**
 * Whether a park is still ranked: told by the lists shown where they can tell. A park neither list shows counts as
 * ranked unless all ranked parks are shown: the weaker thing to say.
 */
function isRanked({ outcome }: ResultOutline, parkId: string): boolean {
  if (outcome.ranked.some((park) => park.parkId === parkId)) return true;
  if (outcome.excluded.some((park) => park.parkId === parkId)) return false;
  return outcome.ranked.length < outcome.rankedTotal;
}

/** Whether the announced park, still ranked, has given way to another or changed in a way worth telling. */
function hasChanged(previous: Announced, { outcome, scores }: ResultOutline, marginPoints: number): boolean {
  const place = outcome.ranked.findIndex(({ parkId }) => parkId === previous.parkId);
  const [first, own] = [outcome.ranked[0], outcome.ranked[place]];
  // Fallen out of the ranks shown: no margin is that wide.
  if (own === undefined) return true;
  if (previous.status !== undefined && own.status !== previous.status) return true;
  if (first === undefined || first === own) return false;
  // An eligible park stands before a conditional one whatever they score.
  return first.status !== own.status || (scores[0] ?? 0) - (scores[place] ?? 0) >= marginPoints;
}

/**
 * What to announce of a result, measured against what was announced last, so that small steps add up:
 * - `match.created`: the first result of a need;
 * - `match.lost`: the announced park is no longer ranked; another park may be first, then it is the one announced;
 * - `match.changed`: another park is first and leads the announced one by at least the margin, in its present score; or
 *   the announced park turned from eligible to conditional or back; or some park is ranked where none was.
 * Anything else, a label included, is told by the history only. The rule does not look at versions: a need's new
 * version is measured against what was announced of the old one. Where nothing is announced, `announced` is `previous`.
 * @param previous null before the first result.
 * @param marginPoints see `marginPointsOf`.
 */
export function announcementOf(previous: Announced | null, outline: ResultOutline, marginPoints: number): Announcement {
  const first = firstOf(outline);
  if (previous === null) return { event: 'match.created', announced: first };
  if (previous.parkId === null) {
    return first.parkId === null ? { event: null, announced: previous } : { event: 'match.changed', announced: first };
  }
  if (!isRanked(outline, previous.parkId)) return { event: 'match.lost', announced: first };
  if (hasChanged(previous, outline, marginPoints)) return { event: 'match.changed', announced: first };
  return { event: null, announced: previous };
}
