import type { LeadStage } from '../domain/lead.js';
import type { LeadUseCases, LeadView } from '../usecases/lead-use-cases.js';
import { PARTY_WORDS, STAGE_WORDS } from '../words/lead.js';
import { dueText, timeText } from '../words/times.js';
import { type CsvCell, csvFile, csvHeaders } from './csv.js';
import type { Answer } from './endpoint.js';

/** Leads read at a time, and the most that one file lists. */
const PAGE = 100;
const ROWS_MAX = 2_000;

const COLUMNS: readonly (readonly [string, (view: LeadView) => CsvCell])[] = [
  ['线索编号', ({ lead }) => lead.id],
  ['阶段', ({ lead }) => STAGE_WORDS[lead.stage]],
  ['企业所在县', ({ lead }) => lead.sourceAdcode],
  ['承接县', ({ lead }) => lead.hostAdcode],
  ['园区', ({ lead }) => lead.parkId],
  ['行业代码', ({ lead }) => lead.gbt],
  ['产业链', ({ lead }) => lead.chainId],
  ['总投资(万元)', ({ lead }) => lead.investWan],
  ['用地(亩)', ({ profile }) => profile.land.minMu],
  ['企业', ({ blind, firm }) => (blind ? '未披露' : (firm?.name ?? null))],
  ['项目', ({ blind, title }) => (blind ? null : title)],
  ['轮到谁', ({ lead }) => (lead.waitsFor === null ? null : PARTY_WORDS[lead.waitsFor.party])],
  ['办理期限', ({ lead }) => (lead.waitsFor?.dueAt == null ? null : dueText(lead.waitsFor.dueAt))],
  ['超期', ({ overdue }) => (overdue ? '是' : '否')],
  ['规则', ({ lead }) => lead.scheme],
  ['需求编号', ({ lead }) => lead.needId],
  ['登记时间', ({ lead }) => timeText(lead.createdAt)],
  ['更新时间', ({ lead }) => timeText(lead.updatedAt)],
];

export const LEDGER_HEADER: readonly string[] = COLUMNS.map(([name]) => name);

/** Leads as rows of the ledger (台账). What is blind in the view is blind here. */
export function ledgerRows(views: readonly LeadView[]): readonly (readonly CsvCell[])[] {
  return views.map((view) => COLUMNS.map(([, cell]) => cell(view)));
}

/**
 * The ledger as a CSV file: every lead the filter finds from the cursor on, up to 2,000. Where there are more, the file's
 * name says so and `Next-Cursor` is where the next file begins.
 */
export async function ledgerAnswer(
  useCases: Pick<LeadUseCases, 'listLeads'>,
  filter: Parameters<LeadUseCases['listLeads']>[0] & { readonly stage?: LeadStage },
  from: string | null,
  today: string,
  signal: AbortSignal,
): Promise<Answer> {
  const views: LeadView[] = [];
  let cursor = from;
  do {
    const page = await useCases.listLeads(filter, cursor, PAGE);
    views.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && views.length < ROWS_MAX && !signal.aborted);
  const name = `leads-${today}${cursor === null ? '' : '-part'}`;
  return {
    status: 200,
    type: 'csv',
    body: csvFile(LEDGER_HEADER, ledgerRows(views)),
    headers: { ...csvHeaders(name), ...(cursor === null ? {} : { 'Next-Cursor': cursor }) },
  };
}
