import { createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AesSecretBox, createSecretBox } from '../../src/webhooks/aes-secret-box.js';

const key = randomBytes(32).toString('base64');
const box = new AesSecretBox(key);

function refusal(reason: string): unknown {
  return expect.objectContaining({ name: 'AppError', code: 'internal', message: 'internal', params: { reason } });
}

describe('AesSecretBox', () => {
  it('opens what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(box.open(box.seal(plain))).toBe(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('shows nothing of the text and seals it differently each time', () => {
    const plain = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const sealed = Array.from({ length: 50 }, () => box.seal(plain));
    expect(new Set(sealed).size).toBe(50);
    expect(new Set(sealed.map((text) => text.split('.')[2]?.slice(0, 16))).size).toBe(50);
    for (const text of sealed) {
      expect(text).toMatch(/^box1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$/);
      expect(Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('whsec');
    }
  });

  it('seals as its description says: nonce, tag and cipher text, the head under the tag', () => {
    const [scheme, keyId, body = ''] = box.seal('secret').split('.');
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), bytes.subarray(0, 12))
      .setAAD(Buffer.from(`${scheme}.${keyId}`))
      .setAuthTag(bytes.subarray(12, 28));
    expect(decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')).toBe('secret');
  });

  it('opens after a restart with the same key', () => {
    expect(new AesSecretBox(key).open(box.seal('一个密钥'))).toBe('一个密钥');
  });

  it('tells another key from a changed text', () => {
    const other = new AesSecretBox(randomBytes(32).toString('base64'));
    expect(() => other.open(box.seal('a'))).toThrow(refusal('otherKey'));
    // Under the right key's name the tag still tells.
    const relabelled = box.seal('a').replace(/^box1\.[0-9a-f]{8}/, other.seal('b').slice(0, 13));
    expect(() => other.open(relabelled)).toThrow(refusal('changed'));
  });

  it('notices every single changed bit', () => {
    const [scheme, keyId, body = ''] = box.seal('secret').split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => box.open(`${scheme}.${keyId}.${changed.toString('base64url')}`)).toThrow(refusal('changed'));
    }
  });

  it('refuses what is cut, longer, or no sealed text', () => {
    const sealed = box.seal('secret');
    expect(() => box.open(sealed.slice(0, -1))).toThrow(refusal('changed'));
    expect(() => box.open(`${sealed}A`)).toThrow(refusal('changed'));
    expect(() => box.open(`${sealed.split('.').slice(0, 2).join('.')}.AAAA`)).toThrow(refusal('changed'));
    for (const text of ['', 'whsec_abc', 'box1.00000000.', `${sealed}=`, ` ${sealed}`, `box2${sealed.slice(4)}`]) {
      expect(() => box.open(text)).toThrow(refusal('notSealed'));
    }
  });

  it.each(['', 'AAAA', randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), `${key} `])(
    'takes no key that is not 32 bytes of base64: %j',
    (bad) => {
      expect(() => new AesSecretBox(bad)).toThrow(refusal('badKey'));
    },
  );
});

describe('createSecretBox', () => {
  it('seals with the key of the deployment', () => {
    expect(createSecretBox(key).open(box.seal('a'))).toBe('a');
  });

  it('names the setting where there is no key, once something is to be sealed or opened', () => {
    const none = createSecretBox(undefined);
    const missing = expect.objectContaining({
      code: 'internal',
      params: { reason: 'settingMissing', setting: 'WEBHOOK_KEY' },
    });
    expect(() => none.seal('a')).toThrow(missing);
    expect(() => none.open(box.seal('a'))).toThrow(missing);
  });
});
