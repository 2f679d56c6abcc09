import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../ports/passwords.js';

/**
 * OWASP Password Storage Cheat Sheet (2024), argon2id: 19 MiB, two passes, one lane. The package's defaults are
 * argon2id and version 19.
 */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Digests of passwords by argon2id (RFC 9106), each with a salt of its own, counted outside the event loop. */
export class Argon2Hasher implements PasswordHasher {
  async hash(password: string): Promise<string> {
    return hash(password, PARAMETERS);
  }

  async verify(digest: string, password: string): Promise<boolean> {
    try {
      return await verify(digest, password);
    } catch {
      // The package raises for a text that is no digest.
      return false;
    }
  }
}
