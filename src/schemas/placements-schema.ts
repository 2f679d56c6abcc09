import { z } from 'zod';
import type { FieldIssue } from '../domain/errors.js';
import { CASE_KINDS, type PlacementCase } from '../domain/placement-case.js';
import { adcode, gbtCode, line, prose, quantity } from './fields.js';
import { NEED_MAX, TEXT_MAX } from './limits.js';
import { parseWith } from './parse.js';

const amount = (max: number, what: string) => quantity({ max, what }).nullish();

/** Firm, year, source and whatever else a case carries are dropped here, so that nothing later can read them. */
const placementSchema = z.object({
  id: line(TEXT_MAX.id, '案例编号'),
  kind: z.enum(CASE_KINDS),
  description: prose(TEXT_MAX.description, '需求说明'),
  gbt: gbtCode('国民经济行业代码 GB/T 4754-2017，2–4 位'),
  originAdcode: adcode('企业原在县').nullish(),
  landMu: amount(NEED_MAX.landMu, '用地，亩'),
  investWan: amount(NEED_MAX.investWan, '总投资，万元'),
  outputWan: amount(NEED_MAX.outputWan, '年产值，万元'),
  taxWan: amount(NEED_MAX.taxWan, '年税收，万元'),
  jobs: amount(NEED_MAX.workers, '用工人数'),
  destinationAdcode: adcode('落地县'),
});

/** What is wrong with one case. `caseId` is its id, or its place in the list where it has none. */
export interface CaseProblem {
  readonly caseId: string;
  readonly issues: readonly FieldIssue[];
}

export type ParsedPlacements =
  | { readonly ok: true; readonly cases: readonly PlacementCase[] }
  | { readonly ok: false; readonly problems: readonly CaseProblem[] };

const whole = (issue: FieldIssue): ParsedPlacements => ({ ok: false, problems: [{ caseId: '', issues: [issue] }] });

function parseCase(record: unknown): PlacementCase | readonly FieldIssue[] {
  const parsed = parseWith(placementSchema, record);
  if (!parsed.ok) return parsed.issues;
  const { id, kind, description, gbt, destinationAdcode, ...rest } = parsed.value;
  return {
    id,
    kind,
    description,
    truth: destinationAdcode,
    question: {
      gbt,
      originAdcode: rest.originAdcode ?? null,
      landMu: rest.landMu ?? null,
      investWan: rest.investWan ?? null,
      outputWan: rest.outputWan ?? null,
      taxWan: rest.taxWan ?? null,
      jobs: rest.jobs ?? null,
    },
  };
}

function nameOf(record: unknown, place: number): string {
  const id: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, 'id') : undefined;
  return typeof id === 'string' && id !== '' ? id.slice(0, TEXT_MAX.id) : `#${place + 1}`;
}

/**
 * Reads a file of documented landings: `{ placements: [...] }`. Fields a case does not need may be there; those that
 * are null or absent are unspecified. Never throws; a case that breaks the format, an id that comes twice and an empty
 * list are problems.
 */
export function parsePlacements(body: unknown): ParsedPlacements {
  const list: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'placements') : undefined;
  if (list === undefined) return whole({ field: 'placements', code: 'required' });
  if (!Array.isArray(list)) return whole({ field: 'placements', code: 'wrongType', limit: 'array' });
  if (list.length === 0) return whole({ field: 'placements', code: 'tooFew', limit: 1 });
  const cases: PlacementCase[] = [];
  const problems: CaseProblem[] = [];
  const seen = new Set<string>();
  list.forEach((record: unknown, place) => {
    const caseId = nameOf(record, place);
    const read = parseCase(record);
    if (!('id' in read)) problems.push({ caseId, issues: read });
    else if (seen.has(read.id)) problems.push({ caseId, issues: [{ field: 'id', code: 'duplicate', value: read.id }] });
    else {
      seen.add(read.id);
      cases.push(read);
    }
  });
  return problems.length === 0 ? { ok: true, cases } : { ok: false, problems };
}
