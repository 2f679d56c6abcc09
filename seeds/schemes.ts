import { schemeRef } from '../src/domain/scheme.js';
import { type SeedScheme, seedSchemeSchema } from '../src/schemas/scheme-schema.js';
import { readRecords, SeedDataError, type SeedProblem, seedDataDir } from './files.js';

const FILE = 'schemes.json';

/**
 * Reads the committed schemes, each record against its schema, by id and version. Raises `SeedDataError` that names
 * whatever breaks the schema, a version that is there twice, or a version without the one before it.
 */
export function loadSchemes(dir: string = seedDataDir()): readonly SeedScheme[] {
  const problems: SeedProblem[] = [];
  const schemes = [...readRecords(dir, FILE, seedSchemeSchema, problems)].sort((a, b) =>
    a.id === b.id ? a.version - b.version : a.id < b.id ? -1 : 1,
  );
  schemes.forEach((scheme, place) => {
    const before = schemes[place - 1];
    const expected = before?.id === scheme.id ? before.version + 1 : 1;
    if (scheme.version === expected) return;
    const value = String(scheme.version);
    problems.push({ file: FILE, record: schemeRef(scheme), field: 'version', value, message: `not ${expected}` });
  });
  if (problems.length > 0) throw new SeedDataError(problems);
  return schemes;
}
