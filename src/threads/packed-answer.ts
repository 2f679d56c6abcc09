import type { BatchAnswer } from '../matching/match-batch.js';
import type { PackedResult } from '../ports/result-store.js';
import { packResult } from './pack-result.js';

/** What a thread hands back of one need: the whole result as it is stored, which is a seventh of it. */
export interface PackedAnswer extends Omit<BatchAnswer, 'result'> {
  readonly packed: PackedResult | null;
}

/** An answer with its result packed. */
export function packAnswer({ result, ...answer }: BatchAnswer): PackedAnswer {
  return { ...answer, packed: result === null ? null : packResult(result) };
}
