import type { Ids } from '../ports/ids.js';
import type { PasswordHasher } from '../ports/passwords.js';

/** Salted digests that cost nothing: for tests only, a real password must never be kept so. */
export class MemoryPasswordHasher implements PasswordHasher {
  readonly #ids: Pick<Ids, 'digest' | 'newSecret'>;

  constructor(ids: Pick<Ids, 'digest' | 'newSecret'>) {
    this.#ids = ids;
  }

  async hash(password: string): Promise<string> {
    const salt = this.#ids.newSecret();
    return `$memory$${salt}$${this.#ids.digest(`${salt} ${password}`)}`;
  }

  async verify(hash: string, password: string): Promise<boolean> {
    const [, kind, salt, digest] = hash.split('$');
    return kind === 'memory' && salt !== undefined && digest === this.#ids.digest(`${salt} ${password}`);
  }
}
