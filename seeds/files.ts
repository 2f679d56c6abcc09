import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One thing wrong with one field of one seed record. */
export interface SeedProblem {
  readonly file: string;
  /** Id, code or adcode of the record; its place in the file where it has none. */
  readonly record: string;
  readonly field: string;
  readonly value: string;
  readonly message: string;
}

const SHOWN_PROBLEMS = 20;

/** The seed files contradict their schema or each other. The message lists the first problems, one a line. */
export class SeedDataError extends Error {
  readonly problems: readonly SeedProblem[];

  constructor(problems: readonly SeedProblem[]) {
    const lines = problems
      .slice(0, SHOWN_PROBLEMS)
      .map(({ file, record, field, value, message }) => `${file} [${record}] ${field}: ${message} (value: ${value})`);
    const more = problems.length > SHOWN_PROBLEMS ? [`… and ${problems.length - SHOWN_PROBLEMS} more`] : [];
    super(['Seed data is not usable:', ...lines, ...more].join('\n'));
    this.name = 'SeedDataError';
    this.problems = problems;
  }
}

/** The part of a zod schema that reading needs. */
export interface RecordSchema<T> {
  safeParse(input: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** The folder of `package.json` above this file, whether it runs from the sources or from `dist/`. */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('No package.json above the seed loader');
    folder = parent;
  }
  return folder;
}

/** The folder of the committed seed files. */
export function seedDataDir(): string {
  return path.join(packageRoot(), 'seeds', 'data');
}

/** A value shortened for a message. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function valueAt(record: unknown, fields: readonly PropertyKey[]): unknown {
  let value = record;
  for (const field of fields)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return value;
}

function nameOf(record: unknown, place: number): string {
  for (const key of ['id', 'adcode', 'code', 'parkId', 'linkId', 'chainId', 'countyAdcode', 'quota']) {
    const name = valueAt(record, [key]);
    if (typeof name === 'string') return name;
  }
  return `#${place + 1}`;
}

function readJson(dir: string, file: string): unknown {
  const text = readFileSync(path.join(dir, file), 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SeedDataError([
      { file, record: '-', field: '-', value: '-', message: cause instanceof Error ? cause.message : 'not JSON' },
    ]);
  }
}

function checkRecord<T>(
  file: string,
  record: unknown,
  name: string,
  schema: RecordSchema<T>,
  problems: SeedProblem[],
): T | undefined {
  const parsed = schema.safeParse(record);
  if (parsed.success) return parsed.data;
  for (const { path: fields, message } of parsed.error.issues) {
    problems.push({
      file,
      record: name,
      field: fields.join('.') || '-',
      value: shown(valueAt(record, fields)),
      message,
    });
  }
  return undefined;
}

/**
 * Reads a file that holds a list of records. Problems are added to `problems`; what is returned is the records that
 * passed. An optional file that is not there reads as an empty list.
 */
export function readRecords<T>(
  dir: string,
  file: string,
  schema: RecordSchema<T>,
  problems: SeedProblem[],
  optional = false,
): readonly T[] {
  if (optional && !existsSync(path.join(dir, file))) return [];
  const content = readJson(dir, file);
  if (!Array.isArray(content)) {
    problems.push({ file, record: '-', field: '-', value: shown(content), message: 'not a list of records' });
    return [];
  }
  return content.flatMap((record: unknown, place) => {
    const passed = checkRecord(file, record, nameOf(record, place), schema, problems);
    return passed === undefined ? [] : [passed];
  });
}

/** As `readRecords`, for a file that maps ids to records. */
export function readRecordMap<T>(
  dir: string,
  file: string,
  schema: RecordSchema<T>,
  problems: SeedProblem[],
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  if (!existsSync(path.join(dir, file))) return found;
  const content = readJson(dir, file);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push({ file, record: '-', field: '-', value: shown(content), message: 'not a map of records' });
    return found;
  }
  for (const [id, record] of Object.entries(content)) {
    const passed = checkRecord(file, record, id, schema, problems);
    if (passed !== undefined) found.set(id, passed);
  }
  return found;
}
