import type { Actor } from '../../domain/access.js';
import { type Action, may, ROLE_ACTIONS, TOKEN_SCOPES } from '../../domain/access.js';
import type { User } from '../../domain/account.js';
import { AppError, type FieldIssue } from '../../domain/errors.js';

const LOGIN_NAME = /^[a-z0-9.-]{3,40}$/;
const LONGEST_NAME = 40;
const LONGEST_TOKEN_NAME = 60;
const LONGEST_TOKEN_DAYS = 366;
/** Controls, line separators, and marks that turn the reading direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/u;

/** @throws AppError `invalidInput` if there are issues. */
export function refuseIf(issues: readonly FieldIssue[]): void {
  if (issues.length > 0) throw new AppError('invalidInput', { issues });
}

/** @throws AppError `forbidden` unless the actor is a person with the right to the action. */
export function expectPerson(actor: Actor, action: Action): void {
  if (actor.kind === 'token' || !may(actor, action)) throw new AppError('forbidden', { params: { action } });
}

/** Issues of a name that people see: `empty`, `tooLong`, `controlCharacter`. */
export function nameIssues(field: string, name: string, longest: number = LONGEST_NAME): readonly FieldIssue[] {
  if (name.trim() === '') return [{ field, code: 'empty' }];
  if ([...name].length > longest) return [{ field, code: 'tooLong', limit: longest }];
  return UNPRINTABLE.test(name) ? [{ field, code: 'controlCharacter' }] : [];
}

/** Issues of a new user: also `badFormat`, `countyRequired`, `countyNotAllowed`, `unknownCounty`. */
export function userIssues(
  user: Pick<User, 'loginName' | 'displayName' | 'role' | 'countyAdcode'>,
  adcodes: ReadonlySet<string>,
): readonly FieldIssue[] {
  const { loginName, displayName, role, countyAdcode } = user;
  const issues: FieldIssue[] = [...nameIssues('displayName', displayName)];
  if (!LOGIN_NAME.test(loginName))
    issues.push({ field: 'loginName', code: 'badFormat', limit: '3–40 个小写字母、数字、- 或 .' });
  const field = 'countyAdcode';
  const ofCounty = role === 'sourceStaff' || role === 'hostStaff';
  if (countyAdcode === null) {
    if (ofCounty) issues.push({ field, code: 'countyRequired' });
  } else if (role === 'coordinator') {
    issues.push({ field, code: 'countyNotAllowed', value: countyAdcode });
  } else if (!adcodes.has(countyAdcode)) {
    issues.push({ field, code: 'unknownCounty', value: countyAdcode });
  }
  return issues;
}

/** Issues of a new token: `name`, `scopes` (`tooFew`, `notAllowed`, `duplicate`), `expiresInDays`, `countyAdcode` (`notYours`). */
export function tokenIssues(
  actor: Actor,
  input: {
    readonly name: string;
    readonly scopes: readonly Action[];
    readonly expiresInDays: number;
    readonly countyAdcode: string | null;
  },
  adcodes: ReadonlySet<string>,
): readonly FieldIssue[] {
  const { name, scopes, expiresInDays, countyAdcode } = input;
  const issues: FieldIssue[] = [...nameIssues('name', name, LONGEST_TOKEN_NAME)];
  if (scopes.length === 0) issues.push({ field: 'scopes', code: 'tooFew', limit: 1 });
  const given = grantableScopes(actor);
  for (const [index, scope] of scopes.entries()) {
    const at = { field: `scopes[${index}]`, value: scope };
    if (!given.includes(scope)) issues.push({ ...at, code: 'notAllowed', limit: given.join(' ') });
    else if (scopes.indexOf(scope) < index) issues.push({ ...at, code: 'duplicate' });
  }
  const days = { field: 'expiresInDays', value: expiresInDays };
  if (!Number.isInteger(expiresInDays)) issues.push({ ...days, code: 'notWhole' });
  else if (expiresInDays < 1) issues.push({ ...days, code: 'tooSmall', limit: 1 });
  else if (expiresInDays > LONGEST_TOKEN_DAYS) issues.push({ ...days, code: 'tooLarge', limit: LONGEST_TOKEN_DAYS });
  const county = { field: 'countyAdcode', value: countyAdcode };
  if (countyAdcode !== null && actor.countyAdcode !== null && countyAdcode !== actor.countyAdcode) {
    issues.push({ ...county, code: 'notYours' });
  } else if (countyAdcode !== null && !adcodes.has(countyAdcode)) {
    issues.push({ ...county, code: 'unknownCounty' });
  }
  return issues;
}

/** What a token made by the actor may be given. */
function grantableScopes({ role }: Actor): readonly Action[] {
  return role === 'integration' ? [] : TOKEN_SCOPES.filter((scope) => ROLE_ACTIONS[role].includes(scope));
}
