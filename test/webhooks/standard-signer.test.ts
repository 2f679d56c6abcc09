import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { StandardSigner } from '../../src/webhooks/standard-signer.js';

const signer = new StandardSigner();
const id = 'evt_0123456789abcdef01234567';
const body = JSON.stringify({
  type: 'match.changed',
  timestamp: '2026-03-01T00:00:00.000Z',
  data: { rank: 2, 县: '遂昌' },
});

/** Seconds; the official package compares them with the machine's clock. */
function nowS(): number {
  return Math.floor(Date.now() / 1_000);
}

function headersFor(secrets: readonly string[], timestampS = nowS()): Record<string, string> {
  const keys = secrets.map((key) => ({ scheme: 'v1' as const, key }));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': signer.sign(keys, { id, timestampS, body }),
  };
}

/** Whether a receiver that only knows its public key takes the message. */
function verifiesEd25519(publicKey: string, signature: string, content: string): boolean {
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  return signature.split(' ').some((one) => {
    const [scheme, value = ''] = one.split(',');
    return scheme === 'v1a' && verify(null, Buffer.from(content), key, Buffer.from(value, 'base64'));
  });
}

describe('StandardSigner, v1', () => {
  it('makes secrets of 32 random bytes', () => {
    const secrets = Array.from({ length: 20 }, () => signer.newSecret());
    expect(new Set(secrets).size).toBe(20);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });

  it('signs the example of the Standard Webhooks reference libraries', () => {
    const signature = signer.sign([{ scheme: 'v1', key: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }], {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampS: 1_614_265_330,
      body: '{"test": 2432232314}',
    });
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is verified by the official package', () => {
    const secret = signer.newSecret();
    expect(new Webhook(secret).verify(body, headersFor([secret]))).toEqual(JSON.parse(body));
  });

  it.each([
    ['another id', { 'webhook-id': 'evt_0123456789abcdef01234568' }],
    ['another timestamp', { 'webhook-timestamp': String(nowS() - 7) }],
    ['another signature', { 'webhook-signature': `v1,${'A'.repeat(43)}=` }],
    ['no signature of its scheme', { 'webhook-signature': 'v2,abc' }],
  ])('is refused with %s', (_what, tampered) => {
    const secret = signer.newSecret();
    const headers = { ...headersFor([secret]), ...tampered };
    expect(() => new Webhook(secret).verify(body, headers)).toThrow('No matching signature found');
  });

  it('is refused with another body, another secret, or an old timestamp', () => {
    const secret = signer.newSecret();
    const headers = headersFor([secret]);
    expect(() => new Webhook(secret).verify(body.replace('2', '1'), headers)).toThrow('No matching signature found');
    expect(() => new Webhook(signer.newSecret()).verify(body, headers)).toThrow('No matching signature found');
    expect(() => new Webhook(secret).verify(body, headersFor([secret], nowS() - 301))).toThrow('too old');
    expect(() => new Webhook(secret).verify(body, headersFor([secret], nowS() + 301))).toThrow('too new');
  });

  it('verifies with the old and the new secret while both sign', () => {
    const [old, fresh] = [signer.newSecret(), signer.newSecret()];
    const headers = headersFor([fresh, old]);
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
    for (const secret of [old, fresh]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('equals HMAC-SHA256 over id, timestamp and body for any text', () => {
    const secret = signer.newSecret();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, timestampS) => {
        const key = Buffer.from(secret.slice(6), 'base64');
        const expected = createHmac('sha256', key).update(`${id}.${timestampS}.${text}`).digest('base64');
        expect(signer.sign([{ scheme: 'v1', key: secret }], { id, timestampS, body: text })).toBe(`v1,${expected}`);
      }),
      { numRuns: 50 },
    );
  });
});

describe('StandardSigner, v1a', () => {
  const timestampS = 1_772_323_200;
  const content = `${id}.${timestampS}.${body}`;

  it('is verified with the public key alone', () => {
    const { privateKey, publicKey } = signer.newKeyPair();
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    const signature = signer.sign([{ scheme: 'v1a', key: privateKey }], { id, timestampS, body });
    expect(verifiesEd25519(publicKey, signature, content)).toBe(true);
    expect(verifiesEd25519(signer.newKeyPair().publicKey, signature, content)).toBe(false);
    for (const tampered of [content.replace('evt_0', 'evt_1'), content.replace('.1772', '.1773'), `${content} `]) {
      expect(verifiesEd25519(publicKey, signature, tampered)).toBe(false);
    }
  });

  it('verifies with the old and the new key while both sign, beside a v1 signature', () => {
    const sentAtS = nowS();
    const [old, fresh, secret] = [signer.newKeyPair(), signer.newKeyPair(), signer.newSecret()];
    const signature = signer.sign(
      [
        { scheme: 'v1a', key: fresh.privateKey },
        { scheme: 'v1a', key: old.privateKey },
        { scheme: 'v1', key: secret },
      ],
      { id, timestampS: sentAtS, body },
    );
    const signed = `${id}.${sentAtS}.${body}`;
    expect(signature.split(' ').map((one) => one.split(',')[0])).toEqual(['v1a', 'v1a', 'v1']);
    for (const { publicKey } of [old, fresh]) expect(verifiesEd25519(publicKey, signature, signed)).toBe(true);
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(sentAtS), 'webhook-signature': signature };
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });
});

describe('StandardSigner, keys that are none', () => {
  const x25519 = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  it.each([
    ['v1', ''],
    ['v1', 'whsec_'],
    ['v1', `whsec_${Buffer.alloc(16).toString('base64')}`],
    ['v1', 'whsec_not base64 but long enough to be taken for one'],
    ['v1', Buffer.alloc(32).toString('base64')],
    ['v1a', ''],
    ['v1a', 'bm90IGEga2V5'],
    ['v1a', x25519],
  ] as const)('raises internal without the key: %s %j', (scheme, key) => {
    const sign = () => signer.sign([{ scheme, key }], { id, timestampS: 1, body });
    expect(sign).toThrow(
      expect.objectContaining({ code: 'internal', message: 'internal', params: { reason: 'badKey' } }),
    );
  });
});
