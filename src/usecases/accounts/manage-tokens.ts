import type { Caller } from '../../domain/access.js';
import type { ApiToken } from '../../domain/account.js';
import { AppError } from '../../domain/errors.js';
import type { AccountUseCases, TokenView } from '../account-use-cases.js';
import { tokenChange } from './account-changes.js';
import { expectPerson, refuseIf, tokenIssues } from './account-rules.js';
import { tokenSecret } from './authenticator.js';
import { CHANGE_TRIES } from './own-account.js';
import type { AccountDeps } from './settings.js';
import { tokenView } from './views.js';

const DAY_MS = 86_400_000;

type ManageTokens = Pick<AccountUseCases, 'listTokens' | 'createToken' | 'revokeToken'>;

/** What counties and the province do with their programs' keys. See `AccountUseCases`. */
export function manageTokens(deps: AccountDeps, caller: Caller): ManageTokens {
  const { accounts, signedIn, clock, ids, changes } = deps;
  const { actor } = caller;

  async function listTokens(cursor: string | null, limit: number): ReturnType<ManageTokens['listTokens']> {
    expectPerson(actor, 'token.manage');
    const { items, nextCursor } = await accounts.listTokens(actor.countyAdcode, cursor, limit);
    return { items: items.map(tokenView), nextCursor };
  }

  async function createToken(
    input: Parameters<ManageTokens['createToken']>[0],
  ): ReturnType<ManageTokens['createToken']> {
    expectPerson(actor, 'token.manage');
    const name = input.name.trim();
    refuseIf(tokenIssues(actor, { ...input, name }, await deps.adcodes()));
    const secret = ids.newSecret();
    const createdAt = clock.now();
    const token: ApiToken = {
      id: ids.newId('token'),
      name,
      secretDigest: ids.digest(secret),
      countyAdcode: actor.countyAdcode ?? input.countyAdcode,
      scopes: [...input.scopes],
      createdBy: actor.id,
      createdAt,
      expiresAt: new Date(Date.parse(createdAt) + input.expiresInDays * DAY_MS).toISOString(),
      revokedAt: null,
      version: 1,
    };
    const { countyAdcode, scopes, expiresAt } = token;
    const after = { countyAdcode, scopes, expiresAt };
    await accounts.insertToken(token, [tokenChange(caller, createdAt, token, { type: 'token.created', after })]);
    changes.changed('account', token.id);
    return { token: tokenView(token), secret: tokenSecret(token.id, secret) };
  }

  async function revokeToken(id: string): Promise<TokenView> {
    expectPerson(actor, 'token.manage');
    for (let tries = 0; tries < CHANGE_TRIES; tries += 1) {
      const token = await accounts.getToken(id);
      // One of the province is nobody's in a county.
      const mine = token !== null && (actor.countyAdcode === null || token.countyAdcode === actor.countyAdcode);
      if (token === null || !mine) throw new AppError('notFound', { params: { what: 'token' } });
      if (token.revokedAt !== null) return tokenView(token);
      const revokedAt = clock.now();
      const next: ApiToken = { ...token, revokedAt, version: token.version + 1 };
      const change = tokenChange(caller, revokedAt, next, { type: 'token.revoked', after: { revokedAt } });
      if (!(await accounts.replaceToken(next, token.version, [change]))) continue;
      signedIn.forget(id);
      changes.changed('account', id);
      return tokenView(next);
    }
    throw new AppError('versionConflict');
  }

  return { listTokens, createToken, revokeToken };
}
