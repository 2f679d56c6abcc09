import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { EVENT_TYPES } from '../../src/domain/webhook.js';
import { ROUTES } from '../../src/http/app.js';
import { DELIVERY_SETTINGS } from '../../src/usecases/webhooks/delivery-settings.js';
import { DISABLED_REASON_WORDS, EVENT_WORDS } from '../../src/words/webhook.js';

const PAGE = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');

const SETTINGS = readFileSync(new URL('../../src/config.ts', import.meta.url), 'utf8');

const pauseText = (seconds: number): string => {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
};

describe('docs/webhooks.md says what the service does', () => {
  it('every type, in its order, by its word', () => {
    const rows = [...PAGE.matchAll(/^\| `([a-z_.]+)` +\| (\S+) +\|/gm)].map(([, type = '', word = '']) => [type, word]);
    expect(rows).toEqual(EVENT_TYPES.map((type) => [type, EVENT_WORDS[type]]));
  });

  it('routes that are there', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    const told = [...PAGE.matchAll(/`(GET|POST) (\/api\/v1|\.\.\.)(\/[\w/{}-]+)`/g)].map(
      ([, method = '', , rest = '']) => ({
        method: method.toLowerCase(),
        rest,
      }),
    );
    expect(told.length).toBeGreaterThan(5);
    const missing = told.filter(
      ({ method, rest }) => !routes.some((route) => route.startsWith(`${method} /`) && route.endsWith(rest)),
    );
    expect(missing).toEqual([]);
  });

  it('settings and limits that are so', () => {
    const config = readConfig({ MONGODB_URI: 'mongodb://127.0.0.1/x', REDIS_URL: 'redis://127.0.0.1' });
    const names = [...PAGE.matchAll(/\bWEBHOOK_(?!SECRET)[A-Z_]+\b/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !SETTINGS.includes(`${name}:`))).toEqual([]);
    expect(PAGE).toContain(`within ${config.WEBHOOK_TIMEOUT_MS / 1_000} s`);
    const { retryS, disableAfterMs } = DELIVERY_SETTINGS;
    const pauses = retryS.map(pauseText);
    const schedule = `after ${pauses.slice(0, -1).join(', ')} and ${pauses.at(-1)},`;
    expect(PAGE.replaceAll('\n', ' ')).toContain(schedule);
    expect(PAGE).toContain(`failed for ${disableAfterMs / 86_400_000} days`);
    for (const reason of Object.keys(DISABLED_REASON_WORDS)) expect(PAGE).toContain(`\`${reason}\``);
  });
});
