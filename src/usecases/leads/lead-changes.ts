import type { Caller } from '../../domain/access.js';
import type { Change } from '../../domain/change.js';
import type { Adcode } from '../../domain/county.js';
import type { Lead } from '../../domain/lead.js';
import type { Report } from '../../domain/report.js';
import { wasPushed } from '../../ports/lead-store.js';

type What = Pick<Change, 'type' | 'before' | 'after'>;
type Whole = What & Pick<Change, 'at' | 'object' | 'chains' | 'scheme'>;

/** A change the caller makes. `part` numbers the changes of an update that makes several, from 1. */
export function changeBy({ actor, requestId }: Caller, what: Whole, part: number | null = null): Change {
  const { kind, id, role, countyAdcode } = actor;
  const { object } = what;
  return {
    id: `${object.id}.${object.version}${part === null ? '' : `.${part}`}`,
    actor: { kind, id, role, countyAdcode },
    requestId,
    ...what,
  };
}

/** A change that made this version of a lead: in the source county's trail and, once it was pushed, in the host's. */
export function leadChange(
  caller: Caller,
  lead: Lead,
  what: What,
  more: { readonly alsoIn?: Adcode; readonly part?: number | null } = {},
): Change {
  const chains = [lead.sourceAdcode];
  if (wasPushed(lead)) chains.push(lead.hostAdcode);
  if (more.alsoIn !== undefined) chains.push(more.alsoIn);
  return changeBy(
    caller,
    {
      ...what,
      at: lead.updatedAt,
      object: { kind: 'lead', id: lead.id, version: lead.version },
      chains: [...new Set(chains)],
      scheme: lead.scheme,
    },
    more.part,
  );
}

/** A change that made this version of a first report: in its county's trail. */
export function reportChange(caller: Caller, report: Report, at: string, what: What): Change {
  return changeBy(caller, {
    ...what,
    at,
    object: { kind: 'report', id: report.id, version: report.version },
    chains: [report.sourceAdcode],
    scheme: report.scheme,
  });
}
