import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { Lead, LeadStep, MoveFacts } from '../../domain/lead.js';
import type { Need } from '../../domain/need.js';
import type { Scheme } from '../../domain/scheme.js';
import { blindProfile } from '../../leads/blind.js';
import { isOverdue } from '../../leads/clocks.js';
import { movesFor } from '../../leads/machine.js';
import type { LeadView } from '../lead-use-cases.js';
import { knowsFirm, partyOf } from './lead-parties.js';
import type { LeadWritingDeps } from './lead-writing-deps.js';
import { ALL_NEEDS, type FactReaders, type FactSources, gatherFacts, needsAtStage } from './move-facts.js';

export type LeadViewDeps = FactSources & Pick<LeadWritingDeps, 'needStore' | 'schemeStore' | 'clock'>;

/** How one caller sees leads. */
export interface LeadViews {
  viewOf(lead: Lead): Promise<LeadView>;
  /** In the same order; what several leads share is read once. */
  viewsOf(leads: readonly Lead[]): Promise<readonly LeadView[]>;
  /** Everything moves of the lead depend on, but for the park a transfer asks for. */
  moveFactsOf(lead: Lead): Promise<MoveFacts>;
}

/** Views made side by side: each looks at several documents. */
const AT_ONCE = 10;

/** Reads each key once. */
function once<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const readings = new Map<string, Promise<T>>();
  return (key) => {
    const known = readings.get(key);
    if (known !== undefined) return known;
    const reading = read(key);
    readings.set(key, reading);
    return reading;
  };
}

/** Readers of what leads refer to, for one answer: what was read is kept, so they must not outlive it. */
export interface LeadReaders extends FactReaders {
  /** The version of the need that was pushed. */
  need(lead: Pick<Lead, 'needId' | 'needVersion'>): Promise<Need>;
  scheme(ref: string): Promise<Scheme>;
}

export function leadReaders({
  needStore,
  leadStore,
  reportStore,
  schemeStore,
}: Pick<LeadViewDeps, 'needStore' | 'leadStore' | 'reportStore' | 'schemeStore'>): LeadReaders {
  const need = once((id) => needStore.get(id));
  return {
    report: once((id) => reportStore.get(id)),
    leadsOfNeed: once((id) => leadStore.ofNeed(id)),
    async need({ needId, needVersion }) {
      const stored = await need(needId);
      const version = stored?.history.find((past) => past.version === needVersion);
      if (version === undefined) throw new AppError('internal', { params: { what: 'need', id: needId } });
      return version.need;
    },
    scheme: once(async (ref) => {
      const scheme = await schemeStore.get(ref);
      if (scheme === null) throw new AppError('internal', { params: { what: 'scheme', id: ref } });
      return scheme;
    }),
  };
}

/** While the caller is blind only the present host's own words are shown: any other note may name the firm. */
function withoutNotes(lead: Lead): Lead {
  const shown = (step: LeadStep): boolean => step.party === 'host' && step.hostAdcode === lead.hostAdcode;
  return { ...lead, history: lead.history.map((step) => (shown(step) ? step : { ...step, note: null })) };
}

export function createLeadViews(deps: LeadViewDeps, { actor }: Caller): LeadViews {
  async function view(lead: Lead, readers: LeadReaders): Promise<LeadView> {
    const party = partyOf(actor, lead);
    const [need, scheme] = await Promise.all([readers.need(lead), readers.scheme(lead.scheme)]);
    const facts = await gatherFacts(deps, readers, lead, scheme, needsAtStage(lead, party));
    const now = deps.clock.now();
    const blind = lead.disclosedAt === null && !knowsFirm(actor, lead);
    return {
      lead: blind ? withoutNotes(lead) : lead,
      blind,
      profile: blindProfile(need),
      firm: blind ? null : need.firm,
      title: blind ? null : need.title,
      description: blind ? null : need.description,
      overdue: isOverdue(lead, now),
      moves: movesFor({ lead, party, facts, scheme, now }),
    };
  }

  return {
    viewOf: (lead) => view(lead, leadReaders(deps)),
    async viewsOf(leads) {
      const readers = leadReaders(deps);
      const views: LeadView[] = [];
      for (let at = 0; at < leads.length; at += AT_ONCE) {
        views.push(...(await Promise.all(leads.slice(at, at + AT_ONCE).map((lead) => view(lead, readers)))));
      }
      return views;
    },
    async moveFactsOf(lead) {
      const readers = leadReaders(deps);
      return gatherFacts(deps, readers, lead, await readers.scheme(lead.scheme), ALL_NEEDS);
    },
  };
}
