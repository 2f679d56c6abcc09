import { z } from 'zod';
import { ROLES } from '../domain/access.js';
import type { AuditEntry } from '../domain/change.js';
import { ROLE_WORDS } from '../words/access.js';
import { ACTOR_KIND_WORDS, CHANGED_KIND_WORDS, changeWord } from '../words/audit.js';
import { timeText } from '../words/times.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { EXAMPLE_AUDIT } from './lead-examples.js';
import { auditQuery, timesOf } from './lead-queries.js';
import { pageOf } from './queries.js';
import { pageSchema } from './views.js';

const words = z.string().meta({ description: '中文' });
const isoTime = z.string().meta({ format: 'date-time' });
const plain = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]);
const facts = z.record(z.string(), plain).nullable();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const entrySchema = z
  .strictObject({
    chain: z.string().meta({ description: '哪个县的记录' }),
    position: z.int().min(1),
    previousHash: hash,
    hash,
    change: z.strictObject({
      id: z.string(),
      at: isoTime,
      actor: z.strictObject({
        kind: z.enum(['user', 'token', 'system']),
        id: z.string(),
        role: z.enum(ROLES),
        countyAdcode: z.string().nullable(),
      }),
      requestId: z.string().nullable(),
      type: z.string(),
      object: z.strictObject({ kind: z.string(), id: z.string(), version: z.int().min(0) }),
      chains: z.array(z.string()),
      before: facts,
      after: facts,
      scheme: z.string().nullable(),
    }),
    atText: words,
    typeText: words,
    objectText: words,
    actorText: words,
  })
  .meta({ id: 'AuditEntry', description: '一条审计记录；hash 涵盖除中文说明(…Text)以外的全部内容' });

function entryJson({ chain, position, previousHash, hash: own, change }: AuditEntry) {
  const { actor } = change;
  return {
    chain,
    position,
    previousHash,
    hash: own,
    change,
    atText: timeText(change.at),
    typeText: changeWord(change.type),
    objectText: CHANGED_KIND_WORDS[change.object.kind],
    actorText: actor.kind === 'system' ? ACTOR_KIND_WORDS.system : `${ROLE_WORDS[actor.role]} ${actor.id}`,
  };
}

/** The audit trail. */
export const auditEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/audit`,
    access: { action: 'audit.read', ownership: 'chain' },
    tag: '审计',
    summary: '审计记录',
    description:
      '谁在何时把什么从什么改成什么。每个县一条链，每条记录含前一条的哈希；全省的用户、规则等记在 330000。' +
      '只记编号、代码和数字，不记企业和个人的信息。新的在前。',
    query: auditQuery,
    answers: {
      200: {
        description: '一页审计记录',
        schema: pageSchema(entrySchema),
        example: { items: [entryJson(EXAMPLE_AUDIT)], nextCursor: null },
      },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => {
      const { chain = null, object, type } = call.query;
      const filter = {
        chain,
        ...(object === undefined ? {} : { objectId: object }),
        ...(type === undefined ? {} : { type }),
        ...timesOf(call.query),
      };
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.listAudit(filter, cursor, limit);
      return { status: 200, body: { items: page.items.map(entryJson), nextCursor: page.nextCursor } };
    },
  }),
];
