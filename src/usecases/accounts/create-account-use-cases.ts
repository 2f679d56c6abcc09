import type { Caller } from '../../domain/access.js';
import type { AccountUseCases } from '../account-use-cases.js';
import { manageTokens } from './manage-tokens.js';
import { manageUsers } from './manage-users.js';
import { ownAccount } from './own-account.js';
import type { AccountDeps } from './settings.js';

/** Accounts as the caller may manage them. Cheap: made for each request. */
export function createAccountUseCases(deps: AccountDeps, caller: Caller): AccountUseCases {
  return { ...ownAccount(deps, caller), ...manageUsers(deps, caller), ...manageTokens(deps, caller) };
}
