import { type Caller, seesCounty } from '../../domain/access.js';
import type { Adcode } from '../../domain/county.js';
import { AppError, type FieldIssue } from '../../domain/errors.js';
import type { Lead } from '../../domain/lead.js';
import type { Need, StoredNeed } from '../../domain/need.js';
import type { Park } from '../../domain/park.js';
import type { ReferenceData } from '../../domain/reference.js';
import type { Report } from '../../domain/report.js';
import type { Scheme } from '../../domain/scheme.js';
import { isOpen, openLead } from '../../leads/machine.js';
import { reportNeed } from './first-reports.js';
import { leadChange } from './lead-changes.js';
import { partyOf } from './lead-parties.js';
import { type LeadWritingDeps, TRIES } from './lead-writing-deps.js';
import { makeMove } from './move-lead.js';
import { schemeInForce } from './schemes.js';

/**
 * See `LeadUseCases.registerLeads`; the report and a lead for each county, in the order of the parks. A lead that can't be
 * pushed stays registered, and its view tells why. `note` goes with the push: a lead that is not pushed has none.
 * Everything has an id made from what it is of, so that a request sent again, or by two at once, makes nothing twice.
 * @throws AppError `notFound`, `forbidden`, `invalidInput`, `storeUnavailable`.
 */
export async function registerLeads(
  deps: LeadWritingDeps,
  caller: Caller,
  input: { readonly needId: string; readonly parkIds: readonly string[]; readonly note: string | null },
): Promise<{ readonly report: Report; readonly leads: readonly Lead[] }> {
  const stored = await needOfCaller(deps, caller, input.needId);
  const sourceAdcode = stored.need.firm.countyAdcode;
  const party = registrar(caller, sourceAdcode);
  const parks = await targetParks(deps, input.parkIds, sourceAdcode);
  const scheme = await schemeInForce(deps);
  const report = await reportNeed(deps, caller, stored, scheme);
  const { data } = await deps.references.current();
  const opening = { stored, scheme, report, party, chainId: chainOf(stored.need, data) };
  const leads: Lead[] = [];
  for (const park of parks) {
    const lead = await leadWith(deps, caller, park, opening);
    leads.push(lead.stage === 'registered' ? await push(deps, caller, lead, input.note) : lead);
  }
  return { report: (await deps.reportStore.get(report.id)) ?? report, leads };
}

async function needOfCaller(deps: LeadWritingDeps, { actor }: Caller, needId: string): Promise<StoredNeed> {
  const stored = await deps.needStore.get(needId);
  const visible = stored !== null && (actor.role === 'coordinator' || seesCounty(actor, stored.need.firm.countyAdcode));
  if (!visible) throw new AppError('notFound', { params: { what: 'need' } });
  return stored;
}

/** A need is passed on by its own county or by the coordinator. */
function registrar({ actor }: Caller, sourceAdcode: Adcode): 'source' | 'coordinator' {
  const party = partyOf(actor, { sourceAdcode, hostAdcode: '' });
  if (party === 'source' || party === 'coordinator') return party;
  throw new AppError('forbidden', { params: { action: 'lead.write' } });
}

/** The parks asked for, each once: they must be there, in other counties than the firm's, one of a county. */
async function targetParks(
  { parkStore }: Pick<LeadWritingDeps, 'parkStore'>,
  parkIds: readonly string[],
  sourceAdcode: Adcode,
): Promise<readonly Park[]> {
  const found = await Promise.all(parkIds.map((id) => parkStore.get(id)));
  const byCounty = new Map<Adcode, Park>();
  const issues: FieldIssue[] = [];
  if (parkIds.length === 0) issues.push({ field: 'parkIds', code: 'tooFew', limit: 1 });
  for (const [index, park] of found.entries()) {
    const code = park === null ? 'unknownPark' : standsAgainst(park, sourceAdcode, byCounty.get(park.countyAdcode));
    if (code !== null) issues.push({ field: `parkIds[${index}]`, code, value: parkIds[index] ?? null });
    else if (park !== null) byCounty.set(park.countyAdcode, park);
  }
  if (issues.length > 0) throw new AppError('invalidInput', { issues });
  return [...byCounty.values()];
}

function standsAgainst(park: Park, sourceAdcode: Adcode, chosen: Park | undefined): string | null {
  if (park.countyAdcode === sourceAdcode) return 'parkInOwnCounty';
  return chosen !== undefined && chosen.id !== park.id ? 'parkOfSameCounty' : null;
}

/**
 * The chain a lead is counted under: that of the first stated link that is known, else the one with the link whose code
 * is nearest to the need's (equal, else the longest it lies under), the first by id of equally near ones; null for none.
 */
export function chainOf(need: Pick<Need, 'chain' | 'gbt'>, { chains }: Pick<ReferenceData, 'chains'>): string | null {
  for (const stated of need.chain?.links ?? []) {
    const chain = chains.find(({ links }) => links.some(({ id }) => id === stated));
    if (chain !== undefined) return chain.id;
  }
  let nearest: { readonly id: string; readonly digits: number } | null = null;
  for (const { id, links } of [...chains].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const codes = links.flatMap(({ gbt }) => gbt).filter((code) => need.gbt.startsWith(code));
    const digits = Math.max(0, ...codes.map((code) => code.length));
    if (digits > (nearest?.digits ?? 0)) nearest = { id, digits };
  }
  return nearest?.id ?? null;
}

interface Opening {
  readonly stored: StoredNeed;
  readonly scheme: Scheme;
  readonly report: Report;
  readonly party: 'source' | 'coordinator';
  readonly chainId: string | null;
}

/** The open lead of the need with the park's county; registered if there is none. */
async function leadWith(deps: LeadWritingDeps, caller: Caller, park: Park, opening: Opening): Promise<Lead> {
  const { stored, scheme, report, party, chainId } = opening;
  const { id: needId, version: needVersion, need } = stored;
  const hostAdcode = park.countyAdcode;
  const there = (await deps.leadStore.ofNeed(needId)).filter((lead) => lead.hostAdcode === hostAdcode);
  const open = there.find(({ stage }) => isOpen(stage));
  if (open !== undefined) return open;
  // A round may be taken by a lead that has gone to another county since: the next one is free then.
  for (let round = there.length; round < there.length + TRIES; round += 1) {
    const lead = openLead({
      id: deps.ids.idFor('lead', `${needId}:${hostAdcode}:${round}`),
      ...{ needId, needVersion, need, chainId, hostAdcode, scheme, party },
      sourceAdcode: need.firm.countyAdcode,
      parkId: park.id,
      reportId: report.id,
      now: deps.clock.now(),
    });
    const { stage, parkId, reportId } = lead;
    const change = leadChange(caller, lead, {
      type: 'lead.registered',
      before: null,
      after: { stage, needId, needVersion, hostAdcode, parkId, reportId },
    });
    const written = await deps.leadStore.insert(lead, [change]);
    if (written.inserted) {
      deps.changes.changed('lead', lead.id);
      return lead;
    }
    const { existing } = written;
    if (existing.hostAdcode === hostAdcode && isOpen(existing.stage)) return existing;
  }
  throw new AppError('storeUnavailable', { params: { what: 'lead' } });
}

/** The lead as it stands after an attempt to push it. */
async function push(deps: LeadWritingDeps, caller: Caller, lead: Lead, note: string | null): Promise<Lead> {
  const outcome = await makeMove(deps, caller, lead, { move: 'push', ...(note === null ? {} : { note }) });
  if (outcome.outcome === 'moved') return outcome.lead;
  return outcome.outcome === 'refused' ? lead : ((await deps.leadStore.get(lead.id)) ?? lead);
}
