import { type Caller, may, seesCounty } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { HoldKind } from '../../domain/hold.js';
import type { Lead, LeadStage } from '../../domain/lead.js';
import { leadVisibleTo } from '../../ports/lead-store.js';

const noSuch = (what: 'lead' | 'hold'): AppError => new AppError('notFound', { params: { what } });

/** True if the caller may know of the lead. */
export function seesLead({ actor }: Caller, lead: Lead): boolean {
  return actor.countyAdcode === null || leadVisibleTo(lead, actor.countyAdcode);
}

/**
 * The lead, if the caller may set capacity aside for it: the host county's staff and tokens, and the province.
 * @throws AppError `notFound` for a lead that is not the caller's to see, `forbidden` for one it may only see.
 */
export function mayHoldFor(caller: Caller, lead: Lead | null, what: 'lead' | 'hold'): Lead {
  if (lead === null || !seesLead(caller, lead)) throw noSuch(what);
  const own = seesCounty(caller.actor, lead.hostAdcode);
  if (!own || !may(caller.actor, 'hold.write')) throw new AppError('forbidden', { params: { action: 'hold.write' } });
  return lead;
}

/** Stages in which each kind may be placed: 受理 to 首谈 soft, 首谈 and 签约 firm. */
const PLACED_IN: Readonly<Record<Exclude<HoldKind, 'used'>, readonly LeadStage[]>> = {
  soft: ['accepted', 'assessed', 'firstTalk'],
  firm: ['firstTalk', 'signed'],
};

/** Stages of a lead whose hold, or place on the waitlist, is kept alive. */
export function isLive(lead: Lead): boolean {
  return PLACED_IN.soft.includes(lead.stage) || PLACED_IN.firm.includes(lead.stage);
}

/** @throws AppError `holdRefused` (`lead`: `wrongStage`). */
export function checkStage(lead: Lead, kind: Exclude<HoldKind, 'used'>): void {
  if (PLACED_IN[kind].includes(lead.stage)) return;
  const issue = { field: 'lead', code: 'wrongStage', value: lead.stage, mend: [...PLACED_IN[kind]] };
  throw new AppError('holdRefused', { issues: [issue] });
}

/** @throws AppError `holdRefused` with one issue. */
export function refuse(field: string, code: string, limit?: number | string): never {
  throw new AppError('holdRefused', { issues: [{ field, code, ...(limit === undefined ? {} : { limit }) }] });
}
