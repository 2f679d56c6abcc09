import { z } from 'zod';
import type { StoredNeed } from '../domain/need.js';
import type { Park } from '../domain/park.js';
import { needSchema } from '../schemas/need-schema.js';
import { parkInventorySchema, provenanceSchema } from '../schemas/reference-schemas.js';
import { API_BASE } from './endpoint.js';

/** The need's body for the document; its bounds on dates are checked, not described, so any day serves. */
export const needBodySchema = needSchema({ today: '2000-01-01' });

const status = z.enum(['pending', 'ready', 'failed']).meta({ description: '匹配状态' });
const isoTime = z.string().meta({ format: 'date-time' });

/** A need as answers show it. */
export const needViewSchema = z
  .strictObject({
    id: z.string(),
    version: z.int().min(1),
    status,
    createdAt: isoTime,
    updatedAt: isoTime,
    need: needBodySchema,
    links: z.strictObject({ self: z.string(), matches: z.string() }),
  })
  .meta({ id: 'StoredNeed', description: '已保存的需求' });

interface NeedView {
  readonly id: string;
  readonly version: number;
  readonly status: StoredNeed['matching']['status'];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly need: StoredNeed['need'];
  readonly links: { readonly self: string; readonly matches: string };
}

/** Where a need is read. */
export function needPath(id: string): string {
  return `${API_BASE}/needs/${id}`;
}

/** A need as it stands now. */
export function needView(stored: StoredNeed): NeedView {
  const { id, version, createdAt, updatedAt, need } = stored;
  const self = needPath(id);
  return {
    id,
    version,
    status: stored.matching.status,
    createdAt,
    updatedAt,
    need,
    links: { self, matches: `${self}/matches` },
  };
}

/** A need as it was when it was first stored: what a repeated `POST` is answered with, whatever happened since. */
export function firstNeedView(stored: StoredNeed): NeedView {
  const first = stored.history[0];
  const view = { ...needView(stored), version: 1, status: 'pending' as const, updatedAt: stored.createdAt };
  return first === undefined ? view : { ...view, need: first.need };
}

/** A park as answers show it: without its holds, which tell of leads. */
export function parkView({ capacity: _, ...shown }: Park): Omit<Park, 'capacity'> {
  return shown;
}

/** A park with its inventory. */
export const parkSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    countyAdcode: z.string(),
    level: z.enum(['national', 'provincial', 'county', 'unknown']),
    planKm2: z.number().nullable(),
    provenance: provenanceSchema,
    inventory: parkInventorySchema,
    version: z.int().min(1),
  })
  .meta({ id: 'Park', description: '园区及其要素；inventory.provenance.basis 为 sample 的是示例数据' });

/** One page of a list. */
export function pageSchema(item: z.ZodType) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: '下一页的 cursor；最后一页为 null' }),
  });
}
