import type { Caller } from '../../domain/access.js';
import type { HistoryEntry } from '../../domain/rematch.js';
import type { HistoryStore } from '../../ports/history-store.js';
import type { NeedStore, Page } from '../../ports/need-store.js';
import { visibleNeed } from '../visible-need.js';

/** See `RematchUseCases.readHistory`. */
export async function readHistory(
  deps: { readonly needStore: Pick<NeedStore, 'get'>; readonly historyStore: Pick<HistoryStore, 'list'> },
  caller: Caller,
  needId: string,
  cursor: string | null,
  limit: number,
): Promise<Page<HistoryEntry>> {
  await visibleNeed(deps.needStore, caller, needId);
  return deps.historyStore.list(needId, cursor, limit);
}
