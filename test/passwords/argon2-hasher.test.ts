import { describe, expect, it } from 'vitest';
import { Argon2Hasher } from '../../src/passwords/argon2-hasher.js';
import { describePasswordHasherConformance } from '../support/conformance/password-hasher.js';

describePasswordHasherConformance('argon2', () => new Argon2Hasher());

describe('Argon2Hasher', () => {
  it('uses argon2id with 19 MiB, two passes and one lane', async () => {
    expect(await new Argon2Hasher().hash('a password')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it('reads the digest of the reference implementation', async () => {
    // test.c of github.com/P-H-C/phc-winner-argon2, argon2id: t=2, m=2^16, p=1, "password", "somesalt".
    const digest = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await new Argon2Hasher().verify(digest, 'password')).toBe(true);
    expect(await new Argon2Hasher().verify(digest, 'differentpassword')).toBe(false);
  });
});
