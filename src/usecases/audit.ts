import { type Caller, seesCounty } from '../domain/access.js';
import { PROVINCE_CHAIN } from '../domain/change.js';
import { AppError } from '../domain/errors.js';
import type { AuditStore } from '../ports/audit-store.js';
import type { AuditUseCases } from './audit-use-cases.js';

/** Binds reading the audit trail to a caller. */
export function createAuditUseCases(
  deps: { readonly auditStore: Pick<AuditStore, 'list'> },
  { actor }: Caller,
): AuditUseCases {
  return {
    async listAudit({ chain, ...rest }, cursor, limit) {
      const asked = chain ?? actor.countyAdcode ?? PROVINCE_CHAIN;
      if (!seesCounty(actor, asked)) throw new AppError('notFound', { params: { what: 'chain' } });
      return deps.auditStore.list({ chain: asked, ...rest }, cursor, limit);
    },
  };
}
