import type { Caller } from '../../domain/access.js';
import type { User } from '../../domain/account.js';
import type { Adcode } from '../../domain/county.js';
import { AppError } from '../../domain/errors.js';
import type { Lead, LeadParty } from '../../domain/lead.js';
import type { GateReport, MatchResult } from '../../domain/match.js';
import type { Need, StoredNeed } from '../../domain/need.js';
import type { Park } from '../../domain/park.js';
import type { ReferenceData } from '../../domain/reference.js';
import type { Scheme } from '../../domain/scheme.js';
import { movesFor } from '../../leads/machine.js';
import { simulateShare } from '../../leads/share.js';
import type { AccountStore } from '../../ports/account-store.js';
import type { Clock } from '../../ports/clock.js';
import type { LeadStore } from '../../ports/lead-store.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { ParkStore } from '../../ports/park-store.js';
import type { ResultStore } from '../../ports/result-store.js';
import type { SchemeStore } from '../../ports/scheme-store.js';
import type { PlanView } from '../lead-use-cases.js';
import type { ReferenceCache } from '../reference-cache.js';
import { claimablePolicies } from './claimable-policies.js';
import { leadOfCaller } from './lead-parties.js';
import type { LeadViews } from './lead-views.js';

/** Users asked for at a time, and pages looked through at most, when the people of a lead are named. */
const USERS_PAGE = 200;
const USERS_PAGES_MAX = 25;

export interface PlanDeps {
  readonly leadStore: Pick<LeadStore, 'get'>;
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly resultStore: Pick<ResultStore, 'get'>;
  readonly parkStore: Pick<ParkStore, 'get'>;
  readonly schemeStore: Pick<SchemeStore, 'get'>;
  readonly accountStore: Pick<AccountStore, 'listUsers'>;
  readonly references: ReferenceCache;
  readonly clock: Pick<Clock, 'now' | 'today'>;
  /** How the caller sees leads. */
  readonly views: Pick<LeadViews, 'viewOf' | 'moveFactsOf'>;
}

function there<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new AppError('internal', { params: { what } });
  return value;
}

/** The result of the version that was pushed; null once the need has been revised, for a result is found by the need alone. */
async function pushedResult(deps: PlanDeps, { matching }: StoredNeed, lead: Lead): Promise<MatchResult | null> {
  const result = matching.resultId === null ? null : await deps.resultStore.get(matching.resultId);
  return result?.version === lead.needVersion ? result : null;
}

/** What the result says of the lead's own park, and of no other. Which counties a firm excludes is its secret. */
function matchOf(result: MatchResult | null, parkId: string, blind: boolean): Pick<PlanView, 'match' | 'openGates'> {
  const open = (gates: readonly GateReport[]) =>
    gates.filter(({ gate, outcome }) => outcome !== 'pass' && !(blind && gate === 'excludedCounty'));
  const ranked = result?.ranked.find(({ park }) => park.id === parkId);
  if (ranked !== undefined) {
    const { rank, score, status, contributions, chainFit, gates } = ranked;
    return { match: { rank, score, status, contributions, chainFit }, openGates: open(gates) };
  }
  const excluded = result?.excluded.find(({ park }) => park.id === parkId);
  return { match: null, openGates: open(excluded?.gates ?? []) };
}

/** The chain the lead is counted under, and those of the links the need states. */
function chainsOf({ chains }: ReferenceData, lead: Lead, need: Need): readonly string[] {
  const stated = new Set(need.chain?.links ?? []);
  const byLinks = chains.filter(({ links }) => links.some(({ id }) => stated.has(id))).map(({ id }) => id);
  return lead.chainId === null ? byLinks : [lead.chainId, ...byLinks];
}

/** What the park's document holds for the lead; a hold whose time has run out is as if it were not there. */
function setAside(park: Park | null, lead: Lead, now: string): Pick<PlanView, 'hold' | 'waiting'> {
  const hold = park?.capacity.holds.find(({ leadId, until }) => leadId === lead.id && until > now);
  const waiting = park?.capacity.waitlist.find(({ leadId }) => leadId === lead.id);
  return { hold: hold ?? null, waiting: waiting ?? null };
}

function isOf(user: User, party: LeadParty, { sourceAdcode, hostAdcode }: Lead): boolean {
  if (party === 'coordinator') return user.role === 'coordinator';
  const [role, adcode]: [User['role'], Adcode] =
    party === 'source' ? ['sourceStaff', sourceAdcode] : ['hostStaff', hostAdcode];
  return user.role === role && user.countyAdcode === adcode;
}

/** Display names of those who work on the lead's side of each county, and of the coordinators; never login names. */
async function peopleOf({ accountStore }: PlanDeps, lead: Lead): Promise<PlanView['people']> {
  const enabled: User[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < USERS_PAGES_MAX; pages += 1) {
    const page = await accountStore.listUsers(null, cursor, USERS_PAGE);
    enabled.push(...page.items.filter(({ disabled }) => !disabled));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return (['source', 'host', 'coordinator'] as const).map((party) => ({
    party,
    displayNames: enabled.filter((user) => isOf(user, party, lead)).map(({ displayName }) => displayName),
  }));
}

async function nextStepOf(deps: PlanDeps, lead: Lead, scheme: Scheme, now: string): Promise<PlanView['nextStep']> {
  if (lead.waitsFor === null) return null;
  const { party, adcode, dueAt } = lead.waitsFor;
  const facts = await deps.views.moveFactsOf(lead);
  const moves = movesFor({ lead, party, facts, scheme, now }).filter(({ refusals }) => refusals.length === 0);
  return { party, adcode, moves: moves.map(({ move }) => move), dueAt };
}

/**
 * See `LeadUseCases.readPlan`. The match is that of the version that was pushed, and of the lead's own park only. A
 * blind plan carries nothing of the firm: all of it is made of the blind view, the park and what the need asks for.
 * @throws AppError `notFound` (lead), `storeUnavailable`.
 */
export async function readPlan(deps: PlanDeps, caller: Caller, id: string): Promise<PlanView> {
  const lead = await leadOfCaller(deps.leadStore, caller, id);
  const now = deps.clock.now();
  const [stored, foundScheme, park, edition, view, people] = await Promise.all([
    deps.needStore.get(lead.needId),
    deps.schemeStore.get(lead.scheme),
    deps.parkStore.get(lead.parkId),
    deps.references.current(),
    deps.views.viewOf(lead),
    peopleOf(deps, lead),
  ]);
  const need = there(stored, 'need');
  const scheme = there(foundScheme, 'scheme');
  const pushed = there(need.history.find(({ version }) => version === lead.needVersion)?.need, 'need');
  const result = await pushedResult(deps, need, lead);
  return {
    view,
    scheme: { id: scheme.id, version: scheme.version, title: scheme.title },
    ...matchOf(result, lead.parkId, view.blind),
    policies: claimablePolicies(edition.data, {
      sourceAdcode: lead.sourceAdcode,
      hostAdcode: lead.hostAdcode,
      chainIds: chainsOf(edition.data, lead, pushed),
      day: deps.clock.today(),
    }),
    ...setAside(park, lead, now),
    people,
    share: simulateShare(pushed, scheme),
    nextStep: await nextStepOf(deps, lead, scheme, now),
  };
}
