import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { readJsonText } from '../schemas/json-text.js';
import { type Present, parseWith } from '../schemas/parse.js';
import type { ProblemCode } from '../words/problems.js';
import { HttpError } from './problem.js';

/** Bytes of the longest body. */
export const BODY_LIMIT = 256 * 1024;

/** What can go wrong with a body. */
export const BODY_PROBLEMS: readonly ProblemCode[] = [
  'invalidInput',
  'brokenJson',
  'bodyTooLarge',
  'unsupportedMediaType',
];

/**
 * What a body holds, by its schema.
 * @throws AppError `invalidInput` with its issues
 */
export function checkedBody<Schema extends z.ZodType>(schema: Schema, body: unknown): Present<z.output<Schema>> {
  const parsed = parseWith(schema, body);
  if (!parsed.ok) throw new AppError('invalidInput', { issues: parsed.issues });
  return parsed.value;
}

/**
 * Refuses what is not declared as plain JSON in UTF-8, before the body is read.
 * @throws HttpError `unsupportedMediaType`
 */
export function checkMediaType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/i.test(type) || encoding !== 'identity') {
    throw new HttpError('unsupportedMediaType', { headers: { Accept: 'application/json' } });
  }
}

/**
 * Reads a body's bytes as strict JSON.
 * @throws HttpError `brokenJson` for what is not UTF-8 or not JSON, without quoting it; AppError `invalidInput` for
 * forbidden or repeated keys and deep nesting.
 */
export function readJsonBody(bytes: unknown): unknown {
  if (!(bytes instanceof Uint8Array)) throw new HttpError('brokenJson');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError('brokenJson');
  }
  const read = readJsonText(text);
  switch (read.outcome) {
    case 'read':
      return read.value;
    case 'refused':
      throw new AppError('invalidInput', { issues: read.issues });
    case 'broken': {
      const { line, column } = read;
      throw new HttpError('brokenJson', line !== undefined && column !== undefined ? { params: { line, column } } : {});
    }
  }
}
