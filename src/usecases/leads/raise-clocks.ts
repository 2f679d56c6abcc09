import { SYSTEM_CALLER } from '../../domain/access.js';
import { raiseClocks } from '../../leads/clocks.js';
import { leadChange } from './lead-changes.js';
import type { LeadWritingDeps } from './lead-writing-deps.js';

/**
 * Raises the clock events whose time has come, each once, as changes `lead.clock_due` and `lead.overdue` of the lead.
 * Several processes may do it at once: a lead that somebody else changed meanwhile is left to the next sweep.
 * @returns how many leads were changed; `limit` of them means there may be more
 * @throws AppError `storeUnavailable`.
 */
export async function raiseDueClocks(
  deps: Pick<LeadWritingDeps, 'leadStore' | 'clock' | 'changes'>,
  limit: number,
): Promise<number> {
  const now = deps.clock.now();
  let changed = 0;
  for (const id of await deps.leadStore.clocksDue(now, limit)) {
    const lead = await deps.leadStore.get(id);
    const told = lead === null ? null : raiseClocks(lead, now);
    if (lead === null || told === null) continue;
    const changes = told.raised.map(({ clock, event }, index) =>
      leadChange(
        SYSTEM_CALLER,
        told.lead,
        {
          type: event === 'due' ? 'lead.clock_due' : 'lead.overdue',
          before: null,
          after: {
            stage: lead.stage,
            clock,
            dueAt: lead.clocks.find(({ kind }) => kind === clock)?.dueAt ?? null,
            hostAdcode: lead.hostAdcode,
          },
        },
        { part: told.raised.length > 1 ? index + 1 : null },
      ),
    );
    if (!(await deps.leadStore.replace(told.lead, lead.version, changes))) continue;
    deps.changes.changed('lead', id);
    changed += 1;
  }
  return changed;
}
