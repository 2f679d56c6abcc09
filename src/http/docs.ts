import type { Express, RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import { z } from 'zod';
import { SAMPLE_NOTICE } from '../words/zh.js';
import { API_BASE, type Endpoint, publicEndpoint } from './endpoint.js';
import { openApiDocument } from './openapi.js';
import { noQuery } from './queries.js';
import { stateOf } from './request-state.js';

const DOCS_PATH = '/api/docs';
const DOCUMENT_PATH = `${API_BASE}/openapi.json`;

/** The routes and one more: the document that describes them all, itself included. */
export function withDocument(routes: readonly Endpoint[]): readonly Endpoint[] {
  const self: Endpoint = publicEndpoint({
    method: 'get',
    path: DOCUMENT_PATH,
    tag: '运维',
    summary: '本文档(OpenAPI 3.1)',
    query: noQuery,
    answers: { 200: { description: 'OpenAPI 文档', schema: z.looseObject({ openapi: z.string() }) } },
    problems: ['invalidInput'],
    handle: async () => ({ status: 200, body: document }),
  });
  const all = [...routes, self];
  const document = openApiDocument(all);
  return all;
}

/** Serves the readable page from files of this server only. */
export function mountDocsPage(app: Express): void {
  const page = swaggerUi
    .generateHTML(undefined, {
      customSiteTitle: '山海链配 接口文档',
      customCss: '.swagger-ui .topbar { display: none } .notice { margin: 0; padding: 12px 20px; background: #fff3cd }',
      swaggerOptions: { url: DOCUMENT_PATH, validatorUrl: null, docExpansion: 'list' },
    })
    .replace('<html lang="en">', '<html lang="zh-CN">')
    .replace('<body>', `<body><p class="notice">${SAMPLE_NOTICE}</p>`);
  const named: RequestHandler = (_req, res, next) => {
    stateOf(res).route = DOCS_PATH;
    next();
  };
  app.use(DOCS_PATH, named, ...swaggerUi.serve);
  app.get(DOCS_PATH, (_req, res) => {
    res.type('html').send(page);
  });
}
