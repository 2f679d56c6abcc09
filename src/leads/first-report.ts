import type { DuplicateCandidate, DuplicateReason, Report } from '../domain/report.js';
import type { Scheme } from '../domain/scheme.js';

/**
 * From this likeness (Jaro-Winkler) a name alone makes a candidate: six to eight characters with the last left out, or
 * two of eight swapped (0.967 and more). One of eight in place of another (0.95 at most) is another firm as often.
 */
export const NAME_NEAR_EQUAL = 0.96;
/**
 * From this likeness a name makes a candidate together with a project that is alike: four characters that differ by one
 * (0.833 and more). Firms that share only the first half of such a name (远大机械, 远大电器: 0.73) stay below.
 */
export const NAME_LIKELY = 0.83;
/**
 * From this likeness (cosine of damped word counts) two projects are alike. Measured: one project told twice in other
 * words 0.63 and 0.72, another project of the same trade 0.39; of the 351 pairs of documented placements one is above
 * (two battery-cell plants, 0.55), all others 0.27 or less.
 */
export const PROJECT_ALIKE = 0.5;

const LEGAL_FORMS = [
  '集团股份有限公司',
  '股份有限公司',
  '集团有限公司',
  '有限责任公司',
  '有限公司',
  '集团公司',
  '总公司',
  '分公司',
  '公司',
  '集团',
  '股份',
];
/** What is left of a name must still be one. */
const LEAST_LETTERS = 2;
const DIVISIONS = ['省', '市', '县', '区'];

/** Full-width letters and signs as plain ones, letters in lower case. Narrower than NFKC, which rewrites numerals. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\uFF01-\uFF5E]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .toLowerCase();
}

/** Region names with and without 省, 市, 县, 区, longest first. */
function regionForms(regions: readonly string[]): readonly string[] {
  const forms = new Set<string>(['中国']);
  for (const region of regions.map(plain)) {
    const bare = region.replace(/[省市县区]$/u, '');
    const stem = [...bare].length >= LEAST_LETTERS ? bare : region;
    for (const form of [region, stem, ...DIVISIONS.map((division) => `${stem}${division}`)]) forms.add(form);
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

function cutOnce(name: string, parts: readonly string[], end: 'start' | 'end'): string {
  for (const part of parts) {
    if (end === 'start' ? !name.startsWith(part) : !name.endsWith(part)) continue;
    const rest = end === 'start' ? name.slice(part.length) : name.slice(0, -part.length);
    if ([...rest].length >= LEAST_LETTERS) return rest;
  }
  return name;
}

function cutAll(name: string, parts: readonly string[], end: 'start' | 'end'): string {
  const cut = cutOnce(name, parts, end);
  return cut === name ? name : cutAll(cut, parts, end);
}

/**
 * A firm's name for comparison: full-width forms narrowed, letters lower, blanks and signs out, a region in brackets or
 * in front out (`regions`: names of province, prefectures and counties, with or without 省, 市, 县, 区), legal forms at
 * the end out. At least two characters stay. Doing it again changes nothing.
 */
export function normaliseFirmName(name: string, regions: readonly string[]): string {
  const forms = regionForms(regions);
  const known = new Set(forms);
  const opened = plain(name).replace(/[([【〔]([^)\]】〕]*)[)\]】〕]/gu, (_, inside: string) =>
    known.has(inside.trim()) ? '' : inside,
  );
  let bare = opened.replace(/[^\p{L}\p{N}]/gu, '');
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = cutAll(cutAll(bare, LEGAL_FORMS, 'end'), forms, 'start');
  }
  return bare;
}

/** Likeness to 1/100, as it is shown. */
const rounded = (likeness: number) => Math.round(likeness * 100) / 100;

/** Likeness of two normalised names and of two texts, each in [0, 1]. */
export interface Comparison {
  names(left: string, right: string): number;
  texts(left: string, right: string): number;
}

/** Why the report may repeat the earlier one; empty if it does not. Thresholds are held against unrounded likeness. */
function reasonsOf(report: Report, earlier: Report, compare: Comparison): readonly DuplicateReason[] {
  const sameCode = report.creditCode !== null && report.creditCode === earlier.creditCode;
  const named = report.firmName !== '' && earlier.firmName !== '';
  const name = named ? compare.names(report.firmName, earlier.firmName) : 0;
  if (!sameCode && name < NAME_LIKELY) return [];
  const project = compare.texts(report.project, earlier.project);
  if (!sameCode && name < NAME_NEAR_EQUAL && project < PROJECT_ALIKE) return [];
  const reasons: DuplicateReason[] = [];
  if (sameCode) reasons.push({ kind: 'creditCode', likeness: 1 });
  if (name >= NAME_LIKELY) reasons.push({ kind: 'firmName', likeness: rounded(name) });
  if (project >= PROJECT_ALIKE) reasons.push({ kind: 'project', likeness: rounded(project) });
  return reasons;
}

const HOUR_MS = 3_600_000;

/**
 * Earlier reports that this one may repeat, in their order: same credit code, near-equal firm name, or a likely name and
 * a project that is alike. Only those count that were written before it, stand or are themselves candidates, are of
 * another need, and are protected when it is made. Names must be normalised.
 */
export function duplicateCandidates(
  report: Report,
  earlier: readonly Report[],
  compare: Comparison,
  scheme: Pick<Scheme, 'rules'>,
): readonly DuplicateCandidate[] {
  const at = Date.parse(report.reportedAt);
  const found = earlier.flatMap((other): readonly { position: number; candidate: DuplicateCandidate }[] => {
    if (other.position >= report.position || other.needId === report.needId) return [];
    if (other.standing === 'displaced' || Date.parse(other.protectedUntil) <= at) return [];
    const reasons = reasonsOf(report, other, compare);
    if (reasons.length === 0) return [];
    const apartMs = Math.abs(at - Date.parse(other.reportedAt));
    const candidate: DuplicateCandidate = {
      reportId: other.id,
      sourceAdcode: other.sourceAdcode,
      reportedAt: other.reportedAt,
      sameTime: apartMs <= scheme.rules.sameTimeHours.value * HOUR_MS,
      reasons,
    };
    return [{ position: other.position, candidate }];
  });
  return found.sort((a, b) => a.position - b.position).map(({ candidate }) => candidate);
}

/**
 * How a report stands among those before it, and which of them give way to it. Without candidates it stands. Against
 * any that was not made at the same time it is a candidate. Against reports of the same time the scheme's tie rule
 * decides: `earlierRecord` lets the one written first stand; `largerInvestment` the one with the largest investment, the
 * earlier of equal ones (whether those it displaces have been pushed already is the caller's to check); `coordinator`
 * leaves it a candidate until one decides.
 */
export function standingOf(
  report: Report,
  candidates: readonly DuplicateCandidate[],
  earlier: readonly Report[],
  scheme: Pick<Scheme, 'rules'>,
): { readonly standing: 'first' | 'candidate'; readonly displaces: readonly string[] } {
  if (candidates.length === 0) return { standing: 'first', displaces: [] };
  const investWan = new Map(earlier.map((other) => [other.id, other.investWan]));
  const larger =
    scheme.rules.tieRule.value === 'largerInvestment' &&
    candidates.every(
      ({ sameTime, reportId }) => sameTime && report.investWan > (investWan.get(reportId) ?? Number.POSITIVE_INFINITY),
    );
  if (!larger) return { standing: 'candidate', displaces: [] };
  return { standing: 'first', displaces: candidates.map(({ reportId }) => reportId) };
}
