import type { Lead, LeadMove, LeadParty, MoveFacts } from '../../domain/lead.js';
import type { Report } from '../../domain/report.js';
import type { Scheme } from '../../domain/scheme.js';
import { isOpenPush, MOVE_RULES } from '../../leads/machine.js';
import { LANDED_STAGES, type Requirement } from '../../leads/move-rules.js';
import type { LeadWritingDeps } from './lead-writing-deps.js';

export type FactSources = Pick<LeadWritingDeps, 'leadStore' | 'reportStore' | 'parkStore' | 'holds'>;

/** What the facts of a lead are read from; a page of leads reads each document once. */
export interface FactReaders {
  report(id: string): Promise<Report | null>;
  leadsOfNeed(needId: string): Promise<readonly Lead[]>;
}

/** Leads looked at in one go where those of a county are gone through. */
const LANDED_PAGE = 200;

/** What moves need that the party may make at the lead's stage. */
export function needsAtStage(lead: Pick<Lead, 'stage'>, party: LeadParty | null): ReadonlySet<Requirement> {
  return needsOf(({ from, parties }) => party !== null && from.includes(lead.stage) && parties.includes(party));
}

/** What one move needs. */
export function needsOfMove(wanted: LeadMove): ReadonlySet<Requirement> {
  return needsOf(({ move }) => move === wanted);
}

/** What any move needs. */
export const ALL_NEEDS: ReadonlySet<Requirement> = needsOf(() => true);

function needsOf(wanted: (rule: (typeof MOVE_RULES)[number]) => boolean): ReadonlySet<Requirement> {
  return new Set(MOVE_RULES.filter(wanted).flatMap(({ needs }) => needs));
}

/**
 * The facts that `needs` are judged by; the others are left at what refuses least or most, and must not be asked.
 * @param parkId for `targetPark`: the park asked for
 */
export async function gatherFacts(
  sources: FactSources,
  readers: FactReaders,
  lead: Lead,
  scheme: Pick<Scheme, 'rules'>,
  needs: ReadonlySet<Requirement>,
  parkId?: string,
): Promise<MoveFacts> {
  const asksHold = lead.claim !== null && (needs.has('hold') || needs.has('firmHold'));
  const asksLanded = needs.has('countedExpansion') && !scheme.rules.countsExpansionsOfLanded.value;
  const asksPark = needs.has('targetPark') && parkId !== undefined;
  const [hold, report, ofNeed, park, firmLandedInHost] = await Promise.all([
    asksHold ? sources.holds.holdOf(lead) : null,
    needs.has('reportStands') ? readers.report(lead.reportId) : null,
    needs.has('pushesLeft') ? readers.leadsOfNeed(lead.needId) : [],
    asksPark ? sources.parkStore.get(parkId) : null,
    asksLanded ? hasLanded(sources, readers, lead) : false,
  ]);
  return {
    hold,
    reportStands: report?.standing === 'first',
    openElsewhere: ofNeed.filter(({ id, stage }) => id !== lead.id && isOpenPush(stage)).length,
    targetAdcode: park?.countyAdcode ?? null,
    firmLandedInHost,
  };
}

/** True if another lead of the firm (its need's, or one reported under its credit code) has landed in the host county. */
async function hasLanded({ leadStore }: FactSources, readers: FactReaders, lead: Lead): Promise<boolean> {
  const creditCode = (await readers.report(lead.reportId))?.creditCode ?? null;
  for (const stage of LANDED_STAGES) {
    let cursor: string | null = null;
    do {
      const filter = { visibleTo: null, hostAdcode: lead.hostAdcode, stage };
      const page: Awaited<ReturnType<typeof leadStore.list>> = await leadStore.list(filter, cursor, LANDED_PAGE);
      for (const other of page.items) {
        if (other.id === lead.id) continue;
        if (other.needId === lead.needId) return true;
        if (creditCode !== null && (await readers.report(other.reportId))?.creditCode === creditCode) return true;
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  return false;
}
