import { describe, expect, it } from 'vitest';
import type { PasswordHasher } from '../../../src/ports/passwords.js';

const PASSWORD = '义乌-莲都 correct horse 🐎';

/** What every PasswordHasher must do. */
export function describePasswordHasherConformance(name: string, make: () => PasswordHasher): void {
  describe(`PasswordHasher: ${name}`, () => {
    it('knows the password again and no other', async () => {
      const hasher = make();
      const hash = await hasher.hash(PASSWORD);
      expect(await hasher.verify(hash, PASSWORD)).toBe(true);
      for (const wrong of ['', ` ${PASSWORD}`, PASSWORD.toUpperCase(), PASSWORD.slice(0, -1)]) {
        expect(await hasher.verify(hash, wrong), wrong).toBe(false);
      }
    });

    it('salts: the same password gives another digest each time, and none shows it', async () => {
      const hasher = make();
      const hashes = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
      expect(new Set(hashes).size).toBe(2);
      for (const hash of hashes) expect(hash).not.toContain('correct');
    });

    it('takes a text that is no digest for a wrong password', async () => {
      const hasher = make();
      const hash = await hasher.hash(PASSWORD);
      for (const garbage of ['', '$', 'x'.repeat(500), '$argon2id$v=19$m=19456,t=2,p=1$', hash.slice(0, -4)]) {
        expect(await hasher.verify(garbage, PASSWORD), garbage).toBe(false);
        expect(await hasher.verify(garbage, ''), garbage).toBe(false);
      }
    });
  });
}
