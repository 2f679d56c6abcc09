import { type Actor, type Caller, seesCounty } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { StoredNeed } from '../../domain/need.js';
import type { Report } from '../../domain/report.js';
import type { Scheme } from '../../domain/scheme.js';
import { schemeRef } from '../../domain/scheme.js';
import { endOfCalendarDay } from '../../leads/clocks.js';
import { duplicateCandidates, NAME_NEAR_EQUAL, normaliseFirmName, standingOf } from '../../leads/first-report.js';
import type { TextCompare } from '../../ports/text-compare.js';
import type { ReportView } from '../lead-use-cases.js';
import type { Edition } from '../reference-cache.js';
import { reportChange } from './lead-changes.js';
import { type LeadWritingDeps, TRIES } from './lead-writing-deps.js';
import { hasClaimedPush } from './push-claims.js';

type ReportDeps = Pick<
  LeadWritingDeps,
  'leadStore' | 'reportStore' | 'schemeStore' | 'references' | 'makeTextCompare' | 'clock' | 'ids' | 'changes'
>;

const PROVINCE = '浙江省';

/** A report without the firm's data. */
export function reportViewOf(report: Report): ReportView {
  const { id, needId, sourceAdcode, standing, reportedAt, protectedUntil, candidates, decision, version } = report;
  return {
    id,
    needId,
    sourceAdcode,
    standing,
    reportedAt,
    protectedUntil,
    candidates,
    decision: decision === null ? null : { at: decision.at, outcome: decision.outcome, reason: decision.reason },
    version,
  };
}

/**
 * The report, if it is the caller's to see: its county's and the province's. A host county sees none.
 * @throws AppError `notFound`, the same for a report of others as for none.
 */
export async function reportOfCaller(
  { reportStore }: Pick<ReportDeps, 'reportStore'>,
  { actor }: { readonly actor: Pick<Actor, 'role' | 'countyAdcode'> },
  id: string,
): Promise<Report> {
  const report = await reportStore.get(id);
  if (report === null || !(actor.role === 'coordinator' || seesCounty(actor, report.sourceAdcode))) {
    throw new AppError('notFound', { params: { what: 'report' } });
  }
  return report;
}

/** What is compared of a need, normalised. */
function identityOf({ need }: StoredNeed, { data }: Edition): Pick<Report, 'creditCode' | 'firmName' | 'project'> {
  const regions = [PROVINCE, ...data.counties.flatMap(({ name, prefecture }) => [name, prefecture])];
  return {
    creditCode: need.firm.creditCode ?? null,
    firmName: normaliseFirmName(need.firm.name, regions),
    project: `${need.title}\n${need.description}`,
  };
}

/** A need's report stands for its firm: another firm under the same need would pass by the comparison. */
function sameFirm(
  left: Pick<Report, 'creditCode' | 'firmName'>,
  right: Pick<Report, 'creditCode' | 'firmName'>,
  compare: TextCompare,
): boolean {
  if (left.creditCode !== null && right.creditCode !== null) return left.creditCode === right.creditCode;
  return left.firmName === right.firmName || compare.names(left.firmName, right.firmName) >= NAME_NEAR_EQUAL;
}

/**
 * The need's report; made if there is none yet. Reports are one row: each is held against all before it, and is written
 * at the next position only if nobody has written there meanwhile, so that of two counties that report the same
 * project at once exactly one is first.
 * @throws AppError `invalidInput` (`needId`: `firmChanged`), `storeUnavailable` (the row is too busy, or away).
 */
export async function reportNeed(
  deps: ReportDeps,
  caller: Caller,
  stored: StoredNeed,
  scheme: Scheme,
): Promise<Report> {
  const edition = await deps.references.current();
  const compare = deps.makeTextCompare(edition.data);
  const identity = identityOf(stored, edition);
  const known =
    (await deps.reportStore.ofNeed(stored.id)) ?? (await append(deps, caller, stored, scheme, identity, compare));
  if (!sameFirm(known, identity, compare)) {
    throw new AppError('invalidInput', { issues: [{ field: 'needId', code: 'firmChanged' }] });
  }
  return settleTie(deps, caller, known);
}

async function append(
  deps: ReportDeps,
  caller: Caller,
  stored: StoredNeed,
  scheme: Scheme,
  identity: Pick<Report, 'creditCode' | 'firmName' | 'project'>,
  compare: TextCompare,
): Promise<Report> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const last = await deps.reportStore.lastPosition();
    const now = deps.clock.now();
    const alone: Report = {
      id: deps.ids.idFor('report', stored.id),
      position: last + 1,
      needId: stored.id,
      sourceAdcode: stored.need.firm.countyAdcode,
      ...identity,
      investWan: stored.need.investWan,
      reportedAt: now,
      protectedUntil: endOfCalendarDay(now, scheme.rules.protectionDays.value),
      scheme: schemeRef(scheme),
      standing: 'first',
      candidates: [],
      decision: null,
      version: 1,
    };
    const candidates = duplicateCandidates(alone, await deps.reportStore.protectedAt(now, last), compare, scheme);
    const report: Report = candidates.length === 0 ? alone : { ...alone, standing: 'candidate', candidates };
    const change = reportChange(caller, report, now, {
      type: 'report.made',
      before: null,
      after: {
        needId: report.needId,
        position: report.position,
        standing: report.standing,
        protectedUntil: report.protectedUntil,
        candidates: candidates.map(({ reportId }) => reportId),
      },
    });
    const written = await deps.reportStore.append(report, [change]);
    if (written.outcome === 'reported') return written.existing;
    if (written.outcome === 'appended') {
      deps.changes.changed('report', report.id);
      return report;
    }
  }
  throw new AppError('storeUnavailable', { params: { what: 'report' } });
}

/**
 * Lets a candidate stand where the scheme's tie rule says so at once (`largerInvestment`) and every earlier report can
 * still give way: none is passed on, and no coordinator has decided for it. Otherwise it waits for the coordinator.
 */
async function settleTie(deps: ReportDeps, caller: Caller, report: Report): Promise<Report> {
  if (report.standing !== 'candidate' || report.decision !== null) return report;
  const scheme = await deps.schemeStore.get(report.scheme);
  if (scheme === null) throw new AppError('internal', { params: { what: 'scheme', id: report.scheme } });
  const found = await Promise.all(report.candidates.map(({ reportId }) => deps.reportStore.get(reportId)));
  const earlier = found.filter((other) => other !== null);
  if (standingOf(report, report.candidates, earlier, scheme).standing !== 'first') return report;
  for (const other of earlier) {
    if (other.standing !== 'displaced' && (other.decision !== null || (await hasClaimedPush(deps, other))))
      return report;
  }
  for (const other of earlier) if (!(await giveWay(deps, caller, other.id, report.id))) return report;
  const at = deps.clock.now();
  const next: Report = { ...report, standing: 'first', version: report.version + 1 };
  const change = reportChange(caller, next, at, {
    type: 'report.stands',
    before: { standing: report.standing },
    after: { standing: next.standing, tieRule: scheme.rules.tieRule.value },
  });
  // Somebody who overtook this has settled or decided it.
  if (!(await deps.reportStore.replace(next, report.version, [change]))) {
    return (await deps.reportStore.get(report.id)) ?? report;
  }
  deps.changes.changed('report', report.id);
  return next;
}

/** Displaces a report unless one of its leads is passed on, or about to be. True if it is displaced. */
async function giveWay(deps: ReportDeps, caller: Caller, id: string, to: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const report = await deps.reportStore.get(id);
    if (report === null || report.standing === 'displaced') return true;
    if (await hasClaimedPush(deps, report)) return false;
    const next: Report = { ...report, standing: 'displaced', version: report.version + 1 };
    const change = reportChange(caller, next, deps.clock.now(), {
      type: 'report.displaced',
      before: { standing: report.standing },
      after: { standing: next.standing, to },
    });
    if (await deps.reportStore.replace(next, report.version, [change])) {
      deps.changes.changed('report', id);
      return true;
    }
  }
  throw new AppError('storeUnavailable', { params: { what: 'report' } });
}

/**
 * See `LeadUseCases.decideReport`. `duplicate` displaces the candidate. `stands` makes it first, and displaces the earlier
 * reports that stand; but one with a lead that is passed on already keeps standing beside it: a county at work on a lead
 * is not stopped from behind, and whoever it should be stopped for ends the lead by a move. The decision is written
 * first, so that a crash leaves both standing and never none.
 * The reason stays in the report; the trail tells that there is one.
 * @throws AppError `forbidden`, `notFound`, `versionConflict`, `moveRefused` (not an undecided candidate).
 */
export async function decideReport(
  deps: ReportDeps,
  caller: Caller,
  id: string,
  expectedVersion: number,
  decision: { readonly outcome: 'stands' | 'duplicate'; readonly reason: string },
): Promise<Report> {
  const report = await reportOfCaller(deps, caller, id);
  const { role, id: by } = caller.actor;
  if (role !== 'coordinator') throw new AppError('forbidden', { params: { action: 'report.decide' } });
  if (report.version !== expectedVersion) throw conflict(report);
  if (report.standing !== 'candidate' || report.decision !== null) {
    throw new AppError('moveRefused', { issues: [{ field: 'outcome', code: 'alreadyDone' }] });
  }
  const at = deps.clock.now();
  const { outcome, reason } = decision;
  const next: Report = {
    ...report,
    standing: outcome === 'stands' ? 'first' : 'displaced',
    decision: { at, by, outcome, reason },
    version: report.version + 1,
  };
  const change = reportChange(caller, next, at, {
    type: 'report.decided',
    before: { standing: report.standing },
    after: { standing: next.standing, outcome, reasonLength: reason.length },
  });
  if (!(await deps.reportStore.replace(next, report.version, [change]))) {
    throw conflict(await reportOfCaller(deps, caller, id));
  }
  deps.changes.changed('report', id);
  if (outcome === 'stands') {
    for (const { reportId } of report.candidates) {
      const earlier = await deps.reportStore.get(reportId);
      if (earlier?.standing === 'first') await giveWay(deps, caller, reportId, id);
    }
  }
  return next;
}

function conflict(current: Report): AppError {
  return new AppError('versionConflict', { params: { currentVersion: current.version } });
}
