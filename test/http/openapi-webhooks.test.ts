import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, TEST_EVENT } from '../../src/domain/webhook.js';
import { EVENT_SCHEMAS } from '../../src/schemas/webhook-event-schemas.js';
import { EVENT_WORDS } from '../../src/words/webhook.js';
import { DOCUMENT, violations } from './served.js';

const TYPES = [...EVENT_TYPES, TEST_EVENT] as const;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}

/** What the document says of one message. */
function messageOf(type: string) {
  const operation = DOCUMENT.webhooks[type]?.['post'];
  const media = operation?.requestBody?.content['application/json'];
  if (operation === undefined || media === undefined) throw new Error(`${type} is not in the document`);
  const { parameters } = operation as unknown as { readonly parameters: readonly Parameter[] };
  const { summary } = operation as unknown as { readonly summary: string };
  return { operation, media, parameters, summary };
}

describe('the webhooks of the OpenAPI document', () => {
  it('are the types there are', () => expect(Object.keys(DOCUMENT.webhooks)).toEqual(TYPES));

  it.each(TYPES)('%s: headers, answers, and an example that is such a message and no other', (type) => {
    const { operation, media, parameters, summary } = messageOf(type);
    expect(summary).toBe(EVENT_WORDS[type]);
    expect(parameters.map(({ name, in: place, required }) => `${place} ${name} ${required}`)).toEqual([
      'header webhook-id true',
      'header webhook-timestamp true',
      'header webhook-signature true',
    ]);
    expect(Object.keys(operation.responses).sort()).toEqual(['2XX', '3XX', '410', '4XX', '5XX']);
    expect(violations(media.schema, media.example)).toEqual([]);
    expect(EVENT_SCHEMAS[type].safeParse(media.example).success).toBe(true);
    const example = media.example as { readonly data: object };
    expect(violations(media.schema, { ...example, type: 'x' })).not.toEqual([]);
    expect(violations(media.schema, { ...example, data: { ...example.data, firm: '甲' } })).not.toEqual([]);
  });

  it('operations are named once, also beside the routes', () => {
    const ids = [...Object.values(DOCUMENT.paths), ...Object.values(DOCUMENT.webhooks)].flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
