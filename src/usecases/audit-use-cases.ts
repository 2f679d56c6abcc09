import type { AuditEntry } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Page } from '../ports/need-store.js';

/** The audit trail as the caller may see it: the own county's chain, or any from the province. */
export interface AuditUseCases {
  /** @throws `notFound` for a chain that is not the caller's. */
  listAudit(
    filter: {
      readonly chain: Adcode | null;
      readonly objectId?: string;
      readonly type?: string;
      readonly from?: string;
      readonly to?: string;
    },
    cursor: string | null,
    limit: number,
  ): Promise<Page<AuditEntry>>;
}
