import { z } from 'zod';
import { type Scheme, TIE_RULES } from '../domain/scheme.js';
import { provenanceSchema } from '../schemas/reference-schemas.js';
import { schemeBodyOn, schemeBodySchema } from '../schemas/scheme-body-schema.js';
import { RULE_WORDS, ruleText } from '../words/scheme.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { checkedBody } from './json-body.js';
import { EXAMPLE_SCHEME } from './lead-examples.js';
import { entityTag, expectedVersion, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery } from './queries.js';

const tag = '规则';

const sourced = (value: z.ZodType) => z.strictObject({ value, provenance: provenanceSchema });
const days = sourced(z.int().min(1));
const shares = sourced(z.strictObject({ source: z.number(), host: z.number() }));

const schemeSchema = z
  .strictObject({
    id: z.string(),
    version: z.int().min(1),
    title: z.string(),
    from: z.string().meta({ description: '对新线索生效的第一天' }),
    rules: z.strictObject({
      responseWorkingDays: days,
      assessmentWorkingDays: days,
      feedbackDays: days,
      progressDays: days,
      protectionDays: days,
      countsExpansionsOfLanded: sourced(z.boolean()),
      minInvestWan: sourced(z.number()),
      openPushesAtMost: days,
      sameTimeHours: sourced(z.number()),
      tieRule: sourced(z.enum(TIE_RULES)),
      softHoldDays: days,
      firmHoldDays: days,
      holdExtensionsAtMost: sourced(z.int().min(0)),
      outputShare: shares,
      taxShare: shares,
      landIndicatorShare: shares,
    }),
    rulesText: z
      .array(z.strictObject({ rule: z.string(), name: z.string(), text: z.string(), source: z.string() }))
      .meta({ description: '各条规则的中文和出处' }),
    publishedAt: z.string().meta({ format: 'date-time' }),
    publishedBy: z.string(),
  })
  .meta({ id: 'Scheme', description: '线索在县与县之间流转的规则，一版不改；线索沿用开始时的那一版' });

const RULES = Object.keys(RULE_WORDS) as readonly (keyof Scheme['rules'])[];

function schemeJson(scheme: Scheme) {
  const { id, version, title, from, rules, publishedAt, publishedBy } = scheme;
  const rulesText = RULES.map((rule) => ({
    rule,
    name: RULE_WORDS[rule],
    text: ruleText(rules[rule].value),
    source: rules[rule].provenance.source,
  }));
  return { id, version, title, from, rules, rulesText, publishedAt, publishedBy };
}

const { title, from, rules } = EXAMPLE_SCHEME;

/** The rules by which leads are passed. */
export const schemeEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/schemes`,
    access: { action: 'reference.read', ownership: 'none' },
    tag,
    summary: '规则的各个版本',
    query: noQuery,
    answers: {
      200: {
        description: '全部规则，按编号和版本',
        schema: z.strictObject({ items: z.array(schemeSchema) }),
        example: { items: [schemeJson(EXAMPLE_SCHEME)] },
      },
    },
    problems: ['invalidInput'],
    handle: async (call) => ({
      status: 200,
      body: { items: (await call.useCases.listSchemes()).map(schemeJson) },
    }),
  }),
  endpoint({
    method: 'put',
    path: `${API_BASE}/schemes/{id}`,
    access: { action: 'scheme.write', ownership: 'none' },
    tag,
    summary: '发布规则的下一版',
    description: '整份填写，每条规则写明出处。If-Match 填最新一版的版本号，如 "1"。已在办的线索沿用原来的版本。',
    query: noQuery,
    headers: ['If-Match'],
    body: { schema: schemeBodySchema({ today: '2000-01-01' }), examples: { 下一版: { title, from, rules } } },
    answers: {
      200: { description: '新的一版', schema: schemeSchema, headers: ['ETag'], example: schemeJson(EXAMPLE_SCHEME) },
    },
    problems: VERSIONED_EDIT_PROBLEMS,
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      const next = checkedBody(schemeBodyOn(call.today), call.body);
      const published = await call.useCases.publishScheme(id, version, next);
      return { status: 200, body: schemeJson(published), headers: { ETag: entityTag(published.version) } };
    },
  }),
];
