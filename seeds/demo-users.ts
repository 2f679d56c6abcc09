import { type DemoUserRecord, demoUserSchema } from '../src/schemas/demo-users-schema.js';
import { readRecords, SeedDataError, type SeedProblem, seedDataDir } from './files.js';

const FILE = 'demo-users.json';

/**
 * Reads the demo's users; not part of the edition, so that they never change a match. `dir` is the folder of the seed files.
 * @throws SeedDataError naming record, field and value of whatever breaks the schema, or a login name that stands twice.
 */
export function loadDemoUsers(dir: string = seedDataDir()): readonly DemoUserRecord[] {
  const problems: SeedProblem[] = [];
  const users = readRecords(dir, FILE, demoUserSchema, problems);
  const seen = new Set<string>();
  for (const { loginName } of users) {
    const record = { file: FILE, record: loginName, field: 'loginName', value: loginName };
    if (seen.has(loginName)) problems.push({ ...record, message: 'stands twice' });
    seen.add(loginName);
  }
  if (problems.length > 0) throw new SeedDataError(problems);
  return users;
}
