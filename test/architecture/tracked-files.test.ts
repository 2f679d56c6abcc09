import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './import-rules.js';
import { trackedFiles } from './tracked-files.js';

interface Line {
  readonly at: string;
  readonly text: string;
}

/** The lines of the tracked text files whose path matches. Reference data is text from elsewhere, not ours. */
function linesOf(which: RegExp): { readonly files: readonly string[]; readonly lines: readonly Line[] } {
  const files = trackedFiles().filter(
    (file) =>
      which.test(file) &&
      !file.startsWith('seeds/data/') &&
      /(^|\/)[^/]*\.(c?[jt]s|m[jt]s|json|md|ya?ml|xml|java|html|css|svg)$|(^|\/)(Dockerfile|run|\.npmrc|\.gitignore)$/.test(
        file,
      ),
  );
  const lines = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .map((text, index) => ({ at: `${file}:${index + 1}`, text })),
  );
  return { files, lines };
}

/** Where a pattern is met. This folder is left out: it holds the patterns. */
function met(lines: readonly Line[], pattern: RegExp): string[] {
  return lines
    .filter(({ at, text }) => !at.startsWith('test/architecture/') && pattern.test(text))
    .map(({ at, text }) => `${at}  ${text.trim().slice(0, 120)}`);
}

describe('the files under version control', () => {
  const all = linesOf(/./);

  it('are there to be scanned', () => {
    expect(all.files.length).toBeGreaterThan(200);
    expect(all.lines.length).toBeGreaterThan(10_000);
  });

  it.each([
    {
      what: "a folder of a developer's machine",
      pattern: /(^|[^\w.])(\/(home|Users)\/[\w.-]+\/|\/root\/|\/work\/|[A-Z]:\\\\?Users\\)/,
      like: ['cd /home/someone/project', ['"', 'root', 'file"'].join('/'), 'C:\\Users\\someone'],
    },
    { what: 'a folder outside the project', pattern: /\.\.\/shared\//, like: ['../../shared/data'] },
    {
      what: 'the host of a package registry',
      pattern: /\b(registry|mirrors?|repo1?|nexus|artifactory)\.[\w.-]+\.(org|com|net|cn|io)\b/i,
      // Put together, so that this file names none either.
      like: ['registry', 'mirror', 'repo', 'repo1', 'nexus'].map((host) =>
        ['https://', host, '.example.org/x'].join(''),
      ),
    },
  ])('name no $what', ({ pattern, like }) => {
    expect(like.filter((text) => !pattern.test(text))).toEqual([]);
    expect(met(all.lines, pattern)).toEqual([]);
  });

  it('leave no test out', () => {
    const { files, lines } = linesOf(/^test\/.*\.test\.ts$/);
    expect(files.length).toBeGreaterThan(30);
    expect(
      met(lines, /\b(describe|it|test|suite|bench)\.(only|skip|todo|skipIf|runIf|fails)\b|\bx(it|describe)\(/),
    ).toEqual([]);
  });

  it('put nothing off', () => {
    const { files, lines } = linesOf(/^(src|workers|scripts|seeds|bench)\//);
    expect(files.length).toBeGreaterThan(120);
    expect(met(lines, /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|expect-error|nocheck)|biome-ignore/)).toEqual([]);
  });
});

describe('the engine and the words', () => {
  it('know no clock, no chance and no process', () => {
    const { files, lines } = linesOf(/^src\/(matching|domain)\//);
    expect(files.length).toBeGreaterThan(25);
    const impure =
      /\bDate\.now\b|\bnew Date\(\s*\)|[^.\w]Date\(\s*\)|\bMath\.random\b|\bcrypto\b|\bprocess\.|\bperformance\.|\bglobalThis\b|\btoLocale\w*\(|\blocaleCompare\b|\bIntl\./;
    expect(met(lines, impure)).toEqual([]);
  });

  it('are scanned by a pattern that finds what it looks for', () => {
    const { lines } = linesOf(/^src\/system\.ts$/);
    expect(met(lines, /\bnew Date\(\s*\)/).length).toBeGreaterThan(0);
  });
});
