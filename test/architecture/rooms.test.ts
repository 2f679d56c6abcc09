import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruiseFolders, rooms, root } from './import-rules.js';

const FOLDERS = ['src', 'workers', 'seeds'] as const;

describe('the rooms of the product', () => {
  let violations: string[] = [];
  let modules: string[] = [];

  beforeAll(async () => {
    const { summary, modules: all } = await cruiseFolders(root, FOLDERS);
    violations = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    modules = all.map(({ source }) => source).filter((source) => /^(src|workers|seeds)\//.test(source));
  });

  it('keep to the table of imports', () => {
    expect(violations).toEqual([]);
    expect(modules.length).toBeGreaterThan(100);
  });

  it('are all there', () => {
    expect(rooms.length).toBeGreaterThanOrEqual(12);
    const empty = rooms.filter(({ pattern }) => !modules.some((source) => pattern.test(source)));
    expect(empty.map(({ name }) => name)).toEqual([]);
  });

  it('hold every module, each in one room', () => {
    const misplaced = modules
      .filter((source) => source.endsWith('.ts'))
      .filter((source) => rooms.filter(({ pattern }) => pattern.test(source)).length !== 1);
    expect(misplaced).toEqual([]);
  });
});

describe('an import that the table does not allow', () => {
  const planted: Readonly<Record<string, string>> = {
    'src/domain/a-package.ts': "import 'mongoose';",
    'src/domain/a-built-in.ts': "import 'node:fs';",
    'src/domain/fine.ts': 'export const fine = 1;',
    'src/matching/fine.ts': "import '../domain/fine.js';",
    'src/matching/another-room.ts': "import '../usecases/fine.js';",
    'src/matching/only-a-type.ts': "import type { fine } from '../usecases/fine.js';\nexport type T = typeof fine;",
    'src/usecases/fine.ts': 'export const fine = 1;',
    'src/usecases/an-adapter.ts': "import '../mongo/store.js';",
    'src/mongo/store.ts': "import '../queue/jobs.js';",
    'src/queue/jobs.ts': 'export const jobs = 1;',
    'src/http/round.ts': "import './trip.js';",
    'src/http/trip.ts': "import './round.js';",
    'src/http/lost.ts': "import './nowhere.js';",
    'src/words/in-a-test.ts': "import '../../test/fake.js';",
    'test/fake.ts': 'export const fake = 1;',
  };
  let folder = '';
  let found: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'shanhai-rooms-'));
    for (const [file, text] of Object.entries(planted)) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), `${text}\n`);
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const { summary } = await cruiseFolders(folder, ['src']);
    found = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['room src/domain', 'src/domain/a-package.ts'],
    ['room src/domain', 'src/domain/a-built-in.ts'],
    ['room src/matching', 'src/matching/another-room.ts'],
    ['room src/matching', 'src/matching/only-a-type.ts'],
    ['room src/usecases', 'src/usecases/an-adapter.ts'],
    ['one place wires', 'src/usecases/an-adapter.ts'],
    ['room src/mongo', 'src/mongo/store.ts'],
    ['no cycles', 'src/http/round.ts'],
    ['resolvable', 'src/http/lost.ts'],
    ['no tests in the product', 'src/words/in-a-test.ts'],
  ])('is refused by the rule "%s" in %s', (rule, file) => {
    expect(found).toContain(`${rule}: ${file}`);
  });

  it('is all that is refused', () => {
    expect(found.filter((line) => line.includes('fine.ts'))).toEqual([]);
  });
});
