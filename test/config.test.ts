import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';

const servers = { MONGODB_URI: 'mongodb://127.0.0.1/shanhai', REDIS_URL: 'redis://127.0.0.1' };
const read = (env: Record<string, string>) => readConfig({ ...servers, ...env });

describe('where the API listens', () => {
  it('is this machine alone, unless told', () => {
    expect(read({})).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, TRUST_PROXY: 0, DEMO_MODE: false });
    expect(read({ HOST: '0.0.0.0' }).HOST).toBe('0.0.0.0');
  });

  it('cookies are for https only wherever another machine could reach it', () => {
    for (const HOST of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) expect(read({ HOST }).COOKIE_SECURE).toBe(false);
    for (const HOST of ['0.0.0.0', '::', '10.0.0.7', 'match.example']) expect(read({ HOST }).COOKIE_SECURE).toBe(true);
    expect(read({ COOKIE_SECURE: 'true' }).COOKIE_SECURE).toBe(true);
    expect(read({ HOST: '0.0.0.0', COOKIE_SECURE: 'false' }).COOKIE_SECURE).toBe(false);
  });
});

describe('what is out of its limits', () => {
  it.each([
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '11'],
    ['TRUST_PROXY', '-1'],
    ['COOKIE_SECURE', 'perhaps'],
    ['PORT', '70000'],
  ])('%s=%s is named', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(ConfigError);
    expect(() => read({ [name]: value })).toThrow(name);
  });

  it('an address with its password is not shown', () => {
    const MONGODB_URI = 'http://user:S3cret@db';
    expect(() => read({ MONGODB_URI })).toThrow(/^(?!.*S3cret)[\s\S]*MONGODB_URI/);
  });
});

describe('webhooks', () => {
  it('go to public addresses by https alone, unless told', () => {
    expect(read({})).toMatchObject({ WEBHOOK_ALLOW_HTTP: false, WEBHOOK_ALLOW_CIDRS: [], WEBHOOK_TIMEOUT_MS: 15_000 });
    expect(read({}).WEBHOOK_KEY).toBeUndefined();
    expect(read({ WEBHOOK_ALLOW_CIDRS: ' 10.20.0.0/16, fd12::/32,' }).WEBHOOK_ALLOW_CIDRS).toEqual([
      '10.20.0.0/16',
      'fd12::/32',
    ]);
    expect(read({ WEBHOOK_ALLOW_CIDRS: '' }).WEBHOOK_ALLOW_CIDRS).toEqual([]);
  });

  it.each(['10.20.0.0', '10.20.0.0/33', '10.0.0.0/8;10.1.0.0/16', 'intranet'])('%s is no range', (range) => {
    expect(() => read({ WEBHOOK_ALLOW_CIDRS: range })).toThrow(/WEBHOOK_ALLOW_CIDRS/);
  });

  it('a key is 32 bytes, and a wrong one is not shown', () => {
    const key = Buffer.alloc(32, 0xff).toString('base64');
    expect(read({ WEBHOOK_KEY: key }).WEBHOOK_KEY).toBe(key);
    for (const bytes of [16, 31, 33]) {
      const wrong = Buffer.alloc(bytes, 0xff).toString('base64');
      expect(() => read({ WEBHOOK_KEY: wrong })).toThrow(/^(?![\s\S]*\/\/\/)[\s\S]*WEBHOOK_KEY/);
    }
    expect(() => read({ WEBHOOK_KEY: `${key.slice(0, 42)}9=` })).toThrow('WEBHOOK_KEY');
  });
});
