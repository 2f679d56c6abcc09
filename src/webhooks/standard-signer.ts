import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import type { WebhookSigner } from '../ports/webhook-sender.js';

const SECRET_PREFIX = 'whsec_';
const PUBLIC_PREFIX = 'whpk_';
const SECRET_BYTES = 32;
const ED25519_BYTES = 32;
/** Keys kept ready for use; reading an Ed25519 key costs more than signing with it. */
const READY_KEYS = 1_000;

/**
 * Signs as Standard Webhooks 1.0 says: what is signed is `<id>.<timestamp>.<body>`; `v1` is HMAC-SHA256 with the bytes
 * behind `whsec_`, `v1a` is Ed25519 (RFC 8032); each signature is base64 behind its scheme and a comma.
 */
export class StandardSigner implements WebhookSigner {
  readonly #ready = new Map<string, Buffer | KeyObject>();

  newSecret(): string {
    return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
  }

  newKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
    const pair = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      publicKeyEncoding: { type: 'spki', format: 'der' },
    });
    return {
      privateKey: pair.privateKey.toString('base64'),
      // RFC 8410: the key itself ends the SubjectPublicKeyInfo.
      publicKey: PUBLIC_PREFIX + pair.publicKey.subarray(-ED25519_BYTES).toString('base64'),
    };
  }

  /** @throws AppError `internal` (reason `badKey`) for a key that is none of its scheme; never with the key. */
  sign(
    keys: readonly { readonly scheme: 'v1' | 'v1a'; readonly key: string }[],
    message: { readonly id: string; readonly timestampS: number; readonly body: string },
  ): string {
    const content = Buffer.from(`${message.id}.${message.timestampS}.${message.body}`);
    return keys.map(({ scheme, key }) => `${scheme},${this.#signature(scheme, key, content)}`).join(' ');
  }

  #signature(scheme: 'v1' | 'v1a', key: string, content: Buffer): string {
    const cacheKey = `${scheme}:${key}`;
    let ready = this.#ready.get(cacheKey);
    if (ready === undefined) {
      ready = scheme === 'v1' ? secretBytes(key) : ed25519Key(key);
      if (this.#ready.size >= READY_KEYS) this.#ready.clear();
      this.#ready.set(cacheKey, ready);
    }
    return Buffer.isBuffer(ready)
      ? createHmac('sha256', ready).update(content).digest('base64')
      : sign(null, content, ready).toString('base64');
  }
}

function badKey(): AppError {
  return new AppError('internal', { params: { reason: 'badKey' } });
}

/** Standard Webhooks 1.0: a symmetric secret has 24 to 64 bytes. */
function secretBytes(secret: string): Buffer {
  const encoded = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 24 || bytes.length > 64 || bytes.toString('base64') !== encoded) throw badKey();
  return bytes;
}

function ed25519Key(pkcs8: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    throw badKey();
  }
  if (key.asymmetricKeyType !== 'ed25519') throw badKey();
  return key;
}
