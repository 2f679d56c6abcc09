import { AppError } from '../domain/errors.js';

/** The place in a list ordered by (createdAt, id) after which the next page begins. */
export interface ListPosition {
  readonly createdAt: string;
  readonly id: string;
}

const FORM = /^[A-Za-z0-9_-]{1,300}$/;
const POSITION = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([\x21-\x7e]{1,128})$/;

/** Makes an opaque cursor (base64url, without padding). */
export function encodeCursor(position: ListPosition): string {
  return btoa(`${position.createdAt} ${position.id}`).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Reads a cursor made by `encodeCursor`.
 * @throws AppError `invalidInput` with the issue `cursor: badCursor` for anything else.
 */
export function decodeCursor(cursor: string): ListPosition {
  const refuse = (): AppError => new AppError('invalidInput', { issues: [{ field: 'cursor', code: 'badCursor' }] });
  if (!FORM.test(cursor)) throw refuse();
  let text: string;
  try {
    text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw refuse();
  }
  const [, createdAt, id] = POSITION.exec(text) ?? [];
  if (createdAt === undefined || id === undefined || Number.isNaN(Date.parse(createdAt))) throw refuse();
  return { createdAt, id };
}
