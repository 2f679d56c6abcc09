import { z } from 'zod';
import { DECLINE_REASONS, END_REASONS, LEAD_MOVES } from '../domain/lead.js';
import { code, line, prose, reportDuplicates } from './fields.js';
import { TEXT_MAX } from './limits.js';

/** UTF-16 units of what staff write about a lead. */
const NOTE_MAX = 500;
const REASON_MAX = 200;
/** Parks one need is passed to by one request. */
const PARKS_MAX = 5;

/** An id of a record: letters, digits, `-` and `_`. */
export function recordId(what: string) {
  return code({ pattern: /^[A-Za-z0-9_-]{1,64}$/, form: `1–${TEXT_MAX.id} 位字母、数字和横线`, what });
}

/** Why somebody did something, in one line. */
export function reasonText(what: string) {
  return line(REASON_MAX, what);
}

const note = prose(NOTE_MAX, '备注，看得到这条线索的人都能看到；披露前不要写企业名称').optional();

/** The body of `POST /leads`: which need goes to which parks. */
export const registerLeadsSchema = z
  .strictObject({
    needId: recordId('需求编号'),
    parkIds: z
      .array(recordId('园区编号'))
      .min(1)
      .max(PARKS_MAX)
      .superRefine((ids, ctx) => reportDuplicates(ctx, ids))
      .meta({ description: `推送给哪些园区所在的县，1–${PARKS_MAX} 个园区` }),
    note,
  })
  .meta({ id: 'RegisterLeads' });

const reasons = [...new Set([...DECLINE_REASONS, ...END_REASONS])] as const;

/** The body of `POST /leads/{id}/moves`. What a move needs beside its name is told by the state machine. */
export const moveSchema = z
  .strictObject({
    move: z.enum(LEAD_MOVES).meta({ description: '办哪一步' }),
    reason: z.enum(reasons).optional().meta({ description: 'decline 和 end 的理由' }),
    note,
    parkId: recordId('transfer：流转到哪个园区').optional(),
    outcome: z.enum(['proceed', 'stop']).optional().meta({ description: 'giveFeedback：继续洽谈，或不再推进' }),
  })
  .meta({ id: 'LeadMove' });

/** The body of `POST /first-reports/{id}/decision`. */
export const decisionSchema = z
  .strictObject({
    outcome: z.enum(['stands', 'duplicate']).meta({ description: 'stands 认定有效，duplicate 认定重复' }),
    reason: reasonText('裁定理由，不要写企业名称'),
  })
  .meta({ id: 'ReportDecision' });
