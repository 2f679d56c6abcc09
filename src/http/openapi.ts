import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { PROBLEM_WORDS, type ProblemCode } from '../words/problems.js';
import { SAMPLE_NOTICE } from '../words/zh.js';
import type { AnswerDoc, Endpoint } from './endpoint.js';
import { accessHeaders, accessProblems, accessSentence, SECURITY_SCHEMES, securityOf } from './openapi-access.js';
import { registerWebhooks } from './openapi-webhooks.js';
import { PROBLEM_STATUS } from './problem.js';

const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: '中文说明' }),
    code: z.string().meta({ description: '稳定的错误代码' }),
    instance: z.string().meta({ description: '请求编号' }),
    currentVersion: z.int().optional().meta({ description: '版本冲突时的当前版本' }),
    errors: z
      .array(
        z.strictObject({
          field: z.string().meta({ description: 'JSON 路径，或参数、请求头的名称' }),
          code: z.string(),
          value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
          limit: z.union([z.string(), z.number()]).optional(),
          mend: z.array(z.string()).optional().meta({ description: '可能想填的内容' }),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 问题详情。企业名称等保密内容不会出现在其中。' });

const text = { type: 'string' as const };

const HEADER_DOCS = {
  ETag: { description: '版本，修改时原样放进 If-Match，如 "1"', schema: text },
  Location: { description: '新记录的地址', schema: text },
  'Idempotency-Replayed': { description: '重复提交时为 true', schema: text },
  'Set-Cookie': { description: '会话 Cookie', schema: text },
  'Next-Cursor': { description: 'CSV 没有列完时，下一份的 cursor', schema: text },
};

const REQUEST_HEADERS = {
  'If-Match': { key: 'If-Match', schema: z.string().meta({ description: '读到的 ETag', examples: ['"1"'] }) },
  'Idempotency-Key': { key: 'Idempotency-Key', schema: z.string() },
  'Idempotency-Key?': {
    key: 'Idempotency-Key',
    schema: z.string().optional().meta({ description: '1–200 个可见 ASCII 字符；同键同内容只保存一次' }),
  },
} as const;

function contentOf(doc: AnswerDoc): Pick<ResponseConfig, 'content'> {
  if (doc.schema === undefined) return {};
  const csv = { schema: { ...text, description: 'UTF-8 (带 BOM)，RFC 4180' }, example: doc.csv };
  return {
    content: {
      'application/json': { schema: doc.schema, ...(doc.example === undefined ? {} : { example: doc.example }) },
      ...(doc.csv === undefined ? {} : { 'text/csv': csv }),
    },
  };
}

function answer(doc: AnswerDoc): RouteConfig['responses'][string] {
  const headers = Object.fromEntries((doc.headers ?? []).map((name) => [name, HEADER_DOCS[name]]));
  return {
    description: doc.description,
    ...(doc.headers === undefined ? {} : { headers }),
    ...contentOf(doc),
  };
}

/** The problems of a route, those of one status together. Every route may fail inside or be asked badly. */
function problems(codes: readonly ProblemCode[]): Record<string, RouteConfig['responses'][string]> {
  const all = [...new Set<ProblemCode>([...codes, 'badRequest', 'internal'])];
  const statuses = [...new Set(all.map((code) => PROBLEM_STATUS[code]))];
  return Object.fromEntries(
    statuses.map((status) => {
      const group = all.filter((code) => PROBLEM_STATUS[code] === status);
      const description = group.map((code) => `${PROBLEM_WORDS[code].title}(${code})`).join('；');
      return [String(status), { description, content: { 'application/problem+json': { schema: problemSchema } } }];
    }),
  );
}

function routeConfig(route: Endpoint): RouteConfig {
  const params = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => [match[1], z.string()]);
  const headers = [
    ...(route.headers ?? []).map((name) => [REQUEST_HEADERS[name].key, REQUEST_HEADERS[name].schema]),
    ...Object.entries(accessHeaders(route)),
  ];
  const description = [route.description, accessSentence(route)].filter((part) => part != null).join('\n\n');
  const examples = Object.entries(route.body?.examples ?? {}).map(([name, value]) => [name, { value }]);
  return {
    method: route.method,
    path: route.path,
    operationId: `${route.method} ${route.path}`.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/_$/, ''),
    tags: [route.tag],
    summary: route.summary,
    ...(description === '' ? {} : { description }),
    security: securityOf(route),
    request: {
      ...(params.length === 0 ? {} : { params: z.object(Object.fromEntries(params)) }),
      ...(route.query === undefined ? {} : { query: route.query }),
      ...(headers.length === 0 ? {} : { headers: z.object(Object.fromEntries(headers)) }),
      ...(route.body === undefined
        ? {}
        : {
            body: {
              required: true,
              content: { 'application/json': { schema: route.body.schema, examples: Object.fromEntries(examples) } },
            },
          }),
    },
    responses: {
      ...problems([...route.problems, ...accessProblems(route)]),
      ...Object.fromEntries(Object.entries(route.answers).map(([status, doc]) => [status, answer(doc)])),
    },
  };
}

/** The generator writes a pattern with flags as `^x$/u`; JSON Schema's patterns are Unicode anyway and have no flags. */
function withoutFlags(key: string, value: unknown): unknown {
  return key === 'pattern' && typeof value === 'string' ? value.replace(/\/[a-z]+$/, '') : value;
}

/** The OpenAPI 3.1 document of the routes, made from the schemas that check their requests. */
export function openApiDocument(routes: readonly Endpoint[]): object {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES))
    registry.registerComponent('securitySchemes', name, scheme);
  for (const route of routes) registry.registerPath(routeConfig(route));
  registerWebhooks(registry);
  const document = new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' }).generateDocument(
    {
      openapi: '3.1.0',
      info: {
        title: '山海链配 接口文档',
        version: '1',
        description: [
          '企业提出扩产需求，本服务给出浙江山区县中能接收的园区，说明排列的理由；不能接收的园区说明差多少、怎么办。',
          `**${SAMPLE_NOTICE}**`,
          '错误一律为 `application/problem+json`，`code` 稳定，`detail` 为中文说明；企业名称等保密内容不会出现在错误和日志里。',
          '除标明公开的以外，都要登录(Cookie)或带接口令牌；别县的记录与不存在的一样，答 404。',
        ].join('\n\n'),
      },
      servers: [{ url: '/' }],
      tags: ['账号', '需求', '匹配', '园区', '线索', '预留', '规则', '推送', '审计', '参考数据', '运维'].map(
        (name) => ({
          name,
        }),
      ),
    },
  );
  return JSON.parse(JSON.stringify(document, withoutFlags));
}
