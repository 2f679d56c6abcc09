import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { ensureTools, SetupError } from '../../scripts/lib/index.mjs';
import { workshop } from './helpers.js';

const { folder, clean } = workshop();
const path = process.env.PATH;
afterEach(() => {
  process.env.PATH = path;
});
afterAll(clean);

/** A PATH of one folder that holds only these programs. */
function pathWith(name: string, programs: Readonly<Record<string, string>>): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  process.env.PATH = bin;
  return bin;
}

async function refusal(mayInstall: boolean): Promise<SetupError> {
  const fault = await ensureTools({ env: {}, mayInstall }).catch((error: unknown) => error);
  if (!(fault instanceof SetupError)) throw new Error('expected a SetupError');
  return fault;
}

test('what is missing and every way to get it fit on one screen', async () => {
  pathWith('empty', {});

  const { message } = await refusal(false);

  expect(message).toContain('redis-server');
  for (const way of ['apt-get', 'dnf', 'brew', 'MONGODB_URI']) expect(message).toContain(way);
  expect(message.split('\n').length).toBeLessThan(20);
});

test('on Debian as root only what is missing is installed, after an update', async () => {
  const bin = join(folder, 'debian');
  pathWith('debian', {
    'apt-cache': 'echo "  Candidate: 17.0.1"',
    mvn: 'exit 0',
    'apt-get': [
      `echo "$@" >> ${folder}/apt-calls`,
      `case "$*" in *install*redis-server*) printf '#!/bin/sh\\n' > ${bin}/redis-server; /bin/chmod 755 ${bin}/redis-server;; esac`,
      `case "$*" in *install*jdk*) printf '#!/bin/sh\\necho version \\\\"17.0.1\\\\"\\n' > ${bin}/java; /bin/cp ${bin}/java ${bin}/javac; /bin/chmod 755 ${bin}/java ${bin}/javac;; esac`,
    ].join('\n'),
  });

  const { words } = await ensureTools({ env: {}, mayInstall: true });

  expect(words).toContain('redis-server');
  expect(words).not.toContain('maven');
  const calls = readFileSync(join(folder, 'apt-calls'), 'utf8').trim().split('\n');
  expect(calls[0]).toMatch(/update$/);
  expect(calls[1]).toMatch(/install -y --no-install-recommends .*redis-server/);
  expect(await ensureTools({ env: {}, mayInstall: true })).toEqual({});
});

test('when apt-get fails, its last lines are shown', async () => {
  pathWith('broken', { 'apt-cache': 'true', 'apt-get': 'echo "E: Unable to fetch some archives" >&2; exit 100' });

  const { message } = await refusal(true);

  expect(message).toContain('E: Unable to fetch some archives');
  expect(message).toContain('apt.log');
});

test('servers of one’s own need no programs at all', async () => {
  pathWith('none', {});

  expect(await ensureTools({ env: { MONGODB_URI: 'mongodb://db', REDIS_URL: 'redis://queue' } })).toEqual({});
});
