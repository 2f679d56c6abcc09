import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import type { SecretBox } from '../ports/webhook-sender.js';

const KEY_BYTES = 32;
/** NIST SP 800-38D: the length for which GCM needs no further hashing; random ones are good for 2^32 texts a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^(box1\.([0-9a-f]{8}))\.([A-Za-z0-9_-]+)$/;

/**
 * Seals with AES-256-GCM. A sealed text is `box1.<key id>.<base64url of nonce, tag and cipher text>`; the key id, eight
 * hex digits of a digest of the key, tells a wrong key from a changed text and is itself under the tag.
 */
export class AesSecretBox implements SecretBox {
  readonly #key: Buffer;
  readonly #head: string;

  /**
   * @param key Base64 of 32 random bytes.
   * @throws AppError `internal` (reason `badKey`) if it is not.
   */
  constructor(key: string) {
    this.#key = Buffer.from(key, 'base64');
    if (this.#key.length !== KEY_BYTES || this.#key.toString('base64') !== key) throw failure('badKey');
    const digest = createHash('sha256').update('shanhai-match secret box key id\n').update(this.#key).digest('hex');
    this.#head = `box1.${digest.slice(0, 8)}`;
  }

  seal(plain: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(this.#head));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${this.#head}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
  }

  /** @throws AppError `internal`, reason `notSealed`, `otherKey` or `changed`; never with a part of the text. */
  open(sealed: string): string {
    const [, head, , body] = SEALED.exec(sealed) ?? [];
    if (head === undefined || body === undefined) throw failure('notSealed');
    if (head !== this.#head) throw failure('otherKey');
    const bytes = Buffer.from(body, 'base64url');
    // Base64 may end in unused bits: a text that differs only there is changed too.
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) throw failure('changed');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(head))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw failure('changed');
    }
  }
}

/** Stands in where the deployment has no key: says so when something is to be sealed or opened. */
class NoKeyBox implements SecretBox {
  seal(): string {
    throw missingKey();
  }

  open(): string {
    throw missingKey();
  }
}

/**
 * The box of a deployment.
 * @param key Base64 of 32 random bytes; undefined where none is set: every use of the box then raises AppError
 * `internal` with the reason `settingMissing` and the setting's name.
 * @throws AppError `internal` (reason `badKey`) for a key that is not 32 bytes.
 */
export function createSecretBox(key: string | undefined): SecretBox {
  return key === undefined ? new NoKeyBox() : new AesSecretBox(key);
}

function missingKey(): AppError {
  return new AppError('internal', { params: { reason: 'settingMissing', setting: 'WEBHOOK_KEY' } });
}

function failure(reason: 'badKey' | 'notSealed' | 'otherKey' | 'changed'): AppError {
  return new AppError('internal', { params: { reason } });
}
