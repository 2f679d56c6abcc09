import { z } from 'zod';
import type { ReportView } from '../usecases/lead-use-cases.js';
import { DECISION_WORDS, duplicateSentence, STANDING_WORDS } from '../words/lead.js';
import { dueText, timeText } from '../words/times.js';
import { API_BASE } from './endpoint.js';

const isoTime = z.string().meta({ format: 'date-time' });
const words = z.string().meta({ description: '中文' });

/** A first report as its county and the coordinator see it. */
export const reportSchema = z
  .strictObject({
    id: z.string(),
    needId: z.string(),
    sourceAdcode: z.string(),
    standing: z
      .enum(['first', 'candidate', 'displaced'])
      .meta({ description: 'first 首报有效，candidate 疑似重复、待裁定，displaced 已让位' }),
    standingText: words,
    reportedAt: isoTime,
    reportedText: words,
    protectedUntil: isoTime,
    protectedUntilText: words,
    candidates: z
      .array(
        z.strictObject({
          reportId: z.string(),
          sourceAdcode: z.string(),
          reportedAt: isoTime,
          sameTime: z.boolean().meta({ description: '视为同时报送' }),
          reasons: z.array(
            z.strictObject({
              kind: z.enum(['creditCode', 'firmName', 'project']),
              likeness: z.number().min(0).max(1),
              text: words,
            }),
          ),
        }),
      )
      .meta({ description: '可能重复的在先报送及理由' }),
    decision: z
      .strictObject({
        at: isoTime,
        outcome: z.enum(['stands', 'duplicate']),
        outcomeText: words,
        reason: z.string(),
      })
      .nullable(),
    version: z.int().min(1),
    links: z.strictObject({ self: z.string() }),
  })
  .meta({ id: 'FirstReport', description: '首报' });

/** A first report as answers show it. */
export function reportJson(report: ReportView) {
  const { decision } = report;
  return {
    id: report.id,
    needId: report.needId,
    sourceAdcode: report.sourceAdcode,
    standing: report.standing,
    standingText: STANDING_WORDS[report.standing],
    reportedAt: report.reportedAt,
    reportedText: timeText(report.reportedAt),
    protectedUntil: report.protectedUntil,
    protectedUntilText: dueText(report.protectedUntil),
    candidates: report.candidates.map((candidate) => ({
      reportId: candidate.reportId,
      sourceAdcode: candidate.sourceAdcode,
      reportedAt: candidate.reportedAt,
      sameTime: candidate.sameTime,
      reasons: candidate.reasons.map((reason) => ({
        kind: reason.kind,
        likeness: reason.likeness,
        text: duplicateSentence(reason),
      })),
    })),
    decision:
      decision === null
        ? null
        : {
            at: decision.at,
            outcome: decision.outcome,
            outcomeText: DECISION_WORDS[decision.outcome],
            reason: decision.reason,
          },
    version: report.version,
    links: { self: `${API_BASE}/first-reports/${report.id}` },
  };
}
