import { AppError, type FieldIssue } from '../../domain/errors.js';
import type { Ids } from '../../ports/ids.js';

/** NIST SP 800-63B section 3.1.1: length decides; no rules of composition. */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;
const ONE_TIME_LENGTH = 16;
/** Different characters below which a password is a pattern. */
const LEAST_DIFFERENT = 5;
/** Runs people type: a password that is nothing but a part of one, or of one backwards, is the first that is tried. */
const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];
/** The commonest words in published lists of leaked passwords: alone, or with nothing but digits and signs around them. */
const COMMON_WORDS = [
  'password',
  'passw0rd',
  'qwerty',
  'iloveyou',
  'welcome',
  'admin',
  'administrator',
  'woaini',
  'letmein',
  'shanhai',
  'zhejiang',
];
/** Characters of a base64url secret that nobody mistakes for another when reading them out. */
const UNAMBIGUOUS = /[^0OoIil1_-]/g;

/** A password as it is digested: what an input method wrote in another form is the same password. */
export function passwordText(password: string): string {
  return password.normalize('NFKC');
}

const backwards = (text: string): string => [...text].reverse().join('');

function isPattern(text: string): boolean {
  if (new Set(text).size < LEAST_DIFFERENT) return true;
  // A text made of one unit again and again stands in its own double before its end.
  if (`${text}${text}`.indexOf(text, 1) < text.length) return true;
  return RUNS.some((run) => run.includes(text) || backwards(run).includes(text));
}

function isCommon(text: string): boolean {
  const letters = text.replace(/^[^a-z]+|[^a-z]+$/g, '');
  return COMMON_WORDS.includes(letters);
}

/**
 * What is wrong with a new password, for the field; the password itself is never repeated. Codes: `tooShort`, `tooLong`,
 * `controlCharacter`, `sameAsLoginName`, `repetitive`, `commonPassword`.
 */
export function passwordIssues(field: string, password: string, loginName: string): readonly FieldIssue[] {
  const text = passwordText(password);
  const { length } = [...text];
  if (length < PASSWORD_LENGTH.least) return [{ field, code: 'tooShort', limit: PASSWORD_LENGTH.least }];
  if (length > PASSWORD_LENGTH.most) return [{ field, code: 'tooLong', limit: PASSWORD_LENGTH.most }];
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return [{ field, code: 'controlCharacter' }];
  const lower = text.toLowerCase();
  if (lower.replace(/[^a-z]+$/, '') === loginName || lower === loginName) return [{ field, code: 'sameAsLoginName' }];
  if (isPattern(lower)) return [{ field, code: 'repetitive' }];
  if (isCommon(lower)) return [{ field, code: 'commonPassword' }];
  return [];
}

/**
 * A password to be read out once: 16 characters, none of which looks like another, of 55: 92 bits.
 * @throws AppError `internal` if the source of randomness gives nothing usable.
 */
export function oneTimePassword(ids: Pick<Ids, 'newSecret'>): string {
  let characters = '';
  for (let draws = 0; draws < 8 && characters.length < ONE_TIME_LENGTH; draws += 1) {
    characters += (ids.newSecret().match(UNAMBIGUOUS) ?? []).join('');
  }
  if (characters.length < ONE_TIME_LENGTH) throw new AppError('internal', { params: { reason: 'noRandomness' } });
  return characters.slice(0, ONE_TIME_LENGTH);
}
