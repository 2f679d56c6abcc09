import { AppError } from '../../domain/errors.js';
import type { Lead, MoveRefusal } from '../../domain/lead.js';
import type { Report } from '../../domain/report.js';
import type { Scheme } from '../../domain/scheme.js';
import { isOpen } from '../../leads/machine.js';
import { type LeadWritingDeps, TRIES } from './lead-writing-deps.js';

type ClaimDeps = Pick<LeadWritingDeps, 'leadStore' | 'reportStore'>;

/** Leads of the report that are passed on or about to be. */
async function claimed({ leadStore }: ClaimDeps, report: Report): Promise<readonly Lead[]> {
  if (report.pushes === undefined || report.pushes.length === 0) return [];
  const leads = await leadStore.ofNeed(report.needId);
  return leads.filter(({ id, stage }) => report.pushes?.includes(id) === true && isOpen(stage));
}

/** True while a lead of the report is passed on or about to be: then the report does not give way. */
export async function hasClaimedPush(deps: ClaimDeps, report: Report): Promise<boolean> {
  return (await claimed(deps, report)).length > 0;
}

/**
 * Claims one of the scheme's open pushes for the lead, in the document all leads of a need share: without it, two
 * counties pushed to at once could pass the limit, and a report could give way while its lead is passed on. A claim
 * whose push never came (a crash in between) is its lead's until the lead is pushed or ended.
 * @returns what stands against it; empty when the claim is written
 * @throws AppError `storeUnavailable` when others keep overtaking.
 */
export async function claimPush(
  deps: ClaimDeps,
  lead: Lead,
  scheme: Pick<Scheme, 'rules'>,
): Promise<readonly MoveRefusal[]> {
  const atMost = scheme.rules.openPushesAtMost.value;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const report = await deps.reportStore.get(lead.reportId);
    if (report === null || report.standing !== 'first') return [{ code: 'reportDoesNotStand', params: {} }];
    const open = (await claimed(deps, report)).map(({ id }) => id);
    const others = open.filter((id) => id !== lead.id);
    if (others.length >= atMost) return [{ code: 'tooManyPushes', params: { open: others.length, atMost } }];
    if (open.includes(lead.id)) return [];
    // The lead's own change tells of the push; this is only where its place is kept.
    const next = { ...report, pushes: [...others, lead.id], version: report.version + 1 };
    if (await deps.reportStore.replace(next, report.version, [])) return [];
  }
  throw new AppError('storeUnavailable', { params: { what: 'report' } });
}
