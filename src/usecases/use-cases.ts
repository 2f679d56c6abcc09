import type { Chain, Industry } from '../domain/chain.js';
import type { County } from '../domain/county.js';
import type { MatchResult } from '../domain/match.js';
import type { Need, StoredNeed } from '../domain/need.js';
import type { Park, ParkInventory } from '../domain/park.js';
import type { ResultDifference, Supposition } from '../domain/what-if.js';
import type { FailedJob } from '../ports/match-queue.js';
import type { Page } from '../ports/need-store.js';
import type { AccountUseCases } from './account-use-cases.js';
import type { AuditUseCases } from './audit-use-cases.js';
import type { CoverageView } from './coverage.js';
import type { FeedbackView } from './feedback.js';
import type { LeadUseCases } from './lead-use-cases.js';
import type { RematchUseCases } from './rematch-use-cases.js';
import type { WebhookUseCases } from './webhook-use-cases.js';

/** What readers of a need's matches get: the result once it is there, else only where it stands. */
export type MatchView =
  | { readonly needId: string; readonly version: number; readonly status: 'pending' }
  | { readonly needId: string; readonly version: number; readonly status: 'failed'; readonly failure: string }
  | ({ readonly status: 'ready' } & MatchResult);

/** What a need's result would be, and how it differs from the stored one. */
export interface WhatIfView {
  /** What the difference is taken from; without a result: what matching would give now, `resultId` null. */
  readonly stored: { readonly resultId: string | null; readonly version: number; readonly snapshot: string };
  readonly result: Extract<MatchView, { status: 'ready' }>;
  readonly difference: ResultDifference;
}

/** An industry found for a search, with the likeness in [0, 1] that orders the answer. */
export interface IndustryHit {
  readonly industry: Industry;
  readonly score: number;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<'mongo' | 'redis' | 'workers', boolean>>;
}

/**
 * Everything a person or a system can ask for, as the caller it was made for may see it: what belongs to another county
 * is `notFound`, as if it did not exist. Each method raises `AppError` with a code and its issues:
 * `invalidInput` (unknown code, link or county; dates in the past; phases that don't add up), `notFound`,
 * `versionConflict` (params: currentVersion), `idempotencyConflict`, `storeUnavailable`, `queueUnavailable`; and those the
 * three parts name.
 */
export interface UseCases extends AccountUseCases, LeadUseCases, AuditUseCases, RematchUseCases, WebhookUseCases {
  /**
   * Stores version 1 and asks for its matching. With a key: the same body again gives the first answer again
   * (`replayed`), another body raises `idempotencyConflict`. The queue being away is no failure: the need is pending.
   */
  submitNeed(
    need: Need,
    idempotencyKey: string | null,
  ): Promise<{ readonly stored: StoredNeed; readonly replayed: boolean }>;
  reviseNeed(id: string, expectedVersion: number, need: Need): Promise<StoredNeed>;
  getNeed(id: string): Promise<StoredNeed>;
  listNeeds(cursor: string | null, limit: number): Promise<Page<StoredNeed>>;
  /** Waits up to `waitMs` for a pending need; gives up early when the signal aborts. */
  readMatches(id: string, waitMs: number, signal?: AbortSignal): Promise<MatchView>;
  /** The JSON text of what `readMatches` gives, in UTF-8: a stored result goes out without being read and written again. */
  readMatchesJson(id: string, waitMs: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Matches a need under a supposition, against what the parks hold now. Saves nothing. */
  whatIf(id: string, supposition: Supposition, signal?: AbortSignal): Promise<WhatIfView>;
  listParks(filter: { readonly countyAdcode?: string }, cursor: string | null, limit: number): Promise<Page<Park>>;
  getPark(id: string): Promise<Park>;
  updateInventory(id: string, expectedVersion: number, inventory: ParkInventory): Promise<Park>;
  listCounties(
    filter: { readonly kind?: 'mountain' | 'industrial' | 'sourceOther' },
    cursor: string | null,
    limit: number,
  ): Promise<Page<County>>;
  listChains(cursor: string | null, limit: number): Promise<Page<Chain>>;
  /**
   * Links of a chain that a county has, lacks and wants, with the open needs that would fill them. Looks at the newest
   * `limit` needs from `cursor` on, and says how far it came. Raises `notFound` for the chain, `invalidInput` for the county.
   */
  readCoverage(chainId: string, countyAdcode: string, cursor: string | null, limit: number): Promise<CoverageView>;
  /** Which single factor would have won a county the most open needs, looking at needs as `readCoverage` does. */
  readFeedback(countyAdcode: string, cursor: string | null, limit: number): Promise<FeedbackView>;
  /** By code prefix when `query` is digits, else by Chinese name, keyword and likeness; best first. */
  searchIndustries(query: string, limit: number): Promise<readonly IndustryHit[]>;
  listFailedJobs(
    offset: number,
    limit: number,
  ): Promise<{ readonly total: number; readonly items: readonly FailedJob[] }>;
}

/** What may be asked without being signed in. */
export interface PublicUseCases {
  readiness(): Promise<Readiness>;
}
