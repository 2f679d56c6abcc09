import { outcomeOfText } from '../../domain/outcome-text.js';
import type { Announced, MatchOutcome, ResultName, ResultOutline } from '../../domain/rematch.js';
import { type Announcement, announcementOf } from './announcement.js';
import { outcomeDifference } from './outcome.js';

/** Parks that subscribers are told of, best first. */
const PARKS_TOLD = 3;

/** What is told of a result: to subscribers and by the need's history. */
export interface ResultNews extends Pick<MatchOutcome, 'label' | 'rankedTotal'> {
  readonly announcement: Announcement;
  /** The first parks. */
  readonly shown: readonly {
    readonly parkId: string;
    readonly rank: number;
    readonly status: 'eligible' | 'conditional';
    /** Points. */
    readonly score: number;
  }[];
  /** `OutcomeDifference` to the result before, as JSON; null where that is not known, or the outcome is the same. */
  readonly difference: string | null;
}

/** A result as far as storing its outline and telling of it takes: texts, so that they can come from a thread. */
export interface MadeResult {
  readonly name: ResultName;
  /** `outcomeText`. */
  readonly outcome: string;
  /** Of the outcome's ranked parks, in its order, points. */
  readonly scores: readonly number[];
  readonly news: ResultNews;
}

/** What came before a result: what its news are measured by. */
export interface Before {
  /** `outcomeText` of the result before; null where there is none, or it is not known. */
  readonly previous: string | null;
  /** What subscribers were told last. */
  readonly announced: Announced | null;
  /** See `marginPointsOf`. */
  readonly marginPoints: number;
}

function newsOf(outline: ResultOutline, { previous, announced, marginPoints }: Before): ResultNews {
  const { outcome, scores } = outline;
  const difference = previous === null ? null : outcomeDifference(outcomeOfText(previous), outcome);
  return {
    announcement: announcementOf(announced, outline, marginPoints),
    shown: outcome.ranked.slice(0, PARKS_TOLD).map(({ parkId, rank, status }, place) => {
      return { parkId, rank, status, score: scores[place] ?? 0 };
    }),
    rankedTotal: outcome.rankedTotal,
    label: outcome.label,
    difference: difference === null ? null : JSON.stringify(difference),
  };
}

/** The outline of a made result. */
export function outlineOfMade({ name, outcome, scores }: Omit<MadeResult, 'news'>): ResultOutline {
  return { ...name, outcome: outcomeOfText(outcome), scores };
}

/** A result with its news. */
export function madeResult(result: Omit<MadeResult, 'news'>, before: Before): MadeResult {
  return { ...result, news: newsOf(outlineOfMade(result), before) };
}

/** Name, outcome and scores of an outline. @param outcome `outcomeText` of its outcome. */
export function madeOfOutline(outline: ResultOutline, outcome: string, before: Before): MadeResult {
  const { needId, version, profile, snapshot, generatedAt, scores } = outline;
  const name = { needId, version, profile, snapshot, generatedAt };
  return { name, outcome, scores, news: newsOf(outline, before) };
}
