import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { rooms, root } from './import-rules.js';
import { trackedFiles } from './tracked-files.js';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe('the documents', () => {
  it('link to files that are there', () => {
    const documents = trackedFiles().filter((file) => file.endsWith('.md'));
    const links = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) => ({ file, link })),
    );
    expect(links.length).toBeGreaterThan(20);
    const broken = links.filter(({ file, link }) => !existsSync(path.join(root, path.dirname(file), link)));
    expect(broken.map(({ file, link }) => `${file}: ${link}`)).toEqual([]);
  });

  it('name every setting in the README, and no default that is not so', () => {
    const readme = read('README.md');
    const config = readConfig({ MONGODB_URI: 'mongodb://127.0.0.1/x', REDIS_URL: 'redis://127.0.0.1' });
    const settings = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name = '']) => name);
    expect(settings.length).toBeGreaterThan(8);
    for (const name of settings) expect(readme, name).toContain(`\`${name}\``);
    for (const name of ['QUEUE_PREFIX', 'WORKER_CONCURRENCY', 'SHUTDOWN_GRACE_MS', 'LOG_LEVEL'] as const) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      expect(row, name).toContain(`${config[name]}`);
    }
  });

  it('name every command of package.json that the README tells to run', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const told = [...`${read('README.md')}${read('CONTRIBUTING.md')}`.matchAll(/npm run (?:--silent )?([a-z:]+)/g)];
    expect(told.length).toBeGreaterThan(5);
    expect(told.map(([, name = '']) => name).filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('show every room in the design', () => {
    const design = read('docs/design.md');
    const missing = rooms.map(({ name }) => name.replace(/^src\//, '')).filter((name) => !design.includes(name));
    expect(missing).toEqual([]);
  });
});
