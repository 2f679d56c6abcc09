import { Validator } from '@seriousme/openapi-schema-validator';
import type { Router } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, ROUTES } from '../../src/http/app.js';
import { fakeUseCases } from './fakes.js';
import { DOCUMENT, fakeDeps, type Operation, type Served, serve, violations } from './served.js';

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const OPERATIONS: readonly { readonly name: string; readonly operation: Operation }[] = Object.entries(
  DOCUMENT.paths,
).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
);

/** The routes that express really has, from its own table. */
function expressRoutes(): string[] {
  const app = createApp(fakeDeps(fakeUseCases().useCases));
  const { stack } = app.router as Router;
  return stack.flatMap(({ route }) => {
    const methods = new Set((route?.stack ?? []).map(({ method }) => method));
    return ['get', 'post', 'put', 'patch', 'delete']
      .filter((method) => methods.has(method))
      .map((method) => `${method} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(DOCUMENT) as unknown as Record<string, unknown>);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('a document with a fault is told from a valid one', async () => {
    const faulty = { ...structuredClone(DOCUMENT), paths: { '/x': { get: { responses: 5 } } } };
    expect((await new Validator().validate(faulty as unknown as Record<string, unknown>)).valid).toBe(false);
  });

  it('has every route of express, and express every route of it', () => {
    const documented = OPERATIONS.map(({ name }) => name).sort();
    const served = expressRoutes().filter((name) => name !== 'get /api/docs');
    expect(served.length).toBeGreaterThan(15);
    expect(served.sort()).toEqual(documented);
    expect(ROUTES.length).toBe(documented.length);
  });

  it('names each operation once', () => {
    const ids = OPERATIONS.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds examples that its own schemas accept, and one for every body', () => {
    let seen = 0;
    for (const { name, operation } of OPERATIONS) {
      const media = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
        Object.values(part?.content ?? {}),
      );
      for (const { schema, example, examples } of media) {
        const values = [example, ...Object.values(examples ?? {}).map(({ value }) => value)];
        for (const value of values.filter((given) => given !== undefined)) {
          seen += 1;
          expect({ name, wrong: violations(schema, value) }).toEqual({ name, wrong: [] });
        }
      }
      if (operation.requestBody !== undefined) {
        const [body] = Object.values(operation.requestBody.content);
        expect(Object.keys(body?.examples ?? {})).not.toEqual([]);
      }
    }
    expect(seen).toBeGreaterThan(5);
  });

  it('refuses what is not described: the check of answers can fail', () => {
    const schema = { $ref: '#/components/schemas/StoredNeed' };
    expect(violations(schema, { id: 1 })).not.toEqual([]);
  });

  it('describes the problems of every route', () => {
    for (const { operation } of OPERATIONS) {
      expect(Object.keys(operation.responses['400']?.content ?? {})).toEqual(['application/problem+json']);
    }
  });

  it('is served, with the notice that inventories are samples', async () => {
    const reply = await server.call('GET', '/api/v1/openapi.json');
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(JSON.parse(JSON.stringify(DOCUMENT)));
    expect(reply.text).toContain('示例数据');
  });
});

describe('the readable page', () => {
  it('has our title, the notice about samples, and loads only files of this server, all of which are there', async () => {
    const redirect = await server.call('GET', '/api/docs');
    expect(redirect.status).toBeLessThan(400);
    const page = await server.call('GET', '/api/docs/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>山海链配 接口文档</title>');
    expect(page.text).toContain('示例数据');
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded.length).toBeGreaterThanOrEqual(4);
    for (const file of loaded) {
      expect(file).toMatch(/^\.\//);
      const reply = await server.call('GET', `/api/docs/${file.slice(2)}`);
      expect({ file, status: reply.status }).toEqual({ file, status: 200 });
    }
  });

  it('reads the document that is served', async () => {
    const script = await server.call('GET', '/api/docs/swagger-ui-init.js');
    expect(script.text).toContain('"/api/v1/openapi.json"');
    expect(script.text).not.toContain('https://');
  });
});
