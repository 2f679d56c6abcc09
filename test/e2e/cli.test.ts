import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild } from '../../scripts/lib/index.mjs';
import { matchViewSchema } from '../../src/http/match-view.js';
import { EXAMPLE_FILES, EXAMPLES } from '../support/example-needs.js';
import { runMatch } from '../support/run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'shanhai-cli-'));
const [example] = EXAMPLE_FILES;
if (example === undefined) throw new Error('no example needs');
const firm = { name: '绝密机械有限公司', countyAdcode: '330782' };
const need = { ...EXAMPLES[0], firm };

beforeAll(async () => {
  await ensureBuild();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('match', () => {
  it('prints a table with as many parks as asked for and ends with 0', async () => {
    const { code, stdout, stderr } = await runMatch([example, '--top', '3']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['强链', '补链', '延链', '示例数据']) expect(stdout).toContain(word);
    const ranks = stdout.split('\n').flatMap((line) => /^│\s*(\d+)\s*│/.exec(line)?.[1] ?? []);
    expect(ranks.slice(0, 3)).toEqual(['1', '2', '3']);
    expect(ranks).not.toContain('4');
  });

  it('reads standard input and prints JSON that the API would give, with --top parks', async () => {
    const { code, stdout, stderr } = await runMatch(['-', '--json', '--top', '2'], readFileSync(example, 'utf8'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const view = matchViewSchema.parse(JSON.parse(stdout));
    if (view.status !== 'ready') throw new Error(view.status);
    // Parks with an open fact are shown beside the top, wherever they stand.
    expect(view.ranked.filter(({ status }) => status === 'eligible').map(({ rank }) => rank)).toEqual([1, 2]);
    expect(view.rankedTotal).toBeGreaterThan(view.ranked.length);
  });

  it.each([
    ['no file named', []],
    ['a file that is not there', [join(folder, 'missing.json')]],
    ['an unknown option', [example, '--colour']],
    ['--top 0', [example, '--top', '0']],
  ])('refuses %s with 2 and says how it is used', async (_what, args) => {
    const { code, stdout, stderr } = await runMatch(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/用法|读不到文件/);
  });

  it('refuses broken JSON with 2, naming the place and quoting nothing', async () => {
    const file = written('broken.json', '{\n  "firm": { "name": "绝密机械有限公司" },\n  "gbt": 3985,,\n}');
    const { code, stdout, stderr } = await runMatch([file, '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('不是合法的 JSON');
    expect(stderr).toMatch(/第 3 行第 \d+ 列/);
    expect(stderr).not.toContain('绝密');
  });

  it('refuses a bad need with 2, naming each field with its limit and nothing of the firm', async () => {
    const bad = {
      ...need,
      firm: { ...firm, creditCode: '91330000000000000X' },
      land: { minMu: -5 },
      investWan: 1e12,
      colour: '绝密红',
    };
    const { code, stdout, stderr } = await runMatch(['-'], JSON.stringify(bad));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('需求有误');
    const lines = stderr.split('\n');
    for (const wanted of [
      /信用代码.*18位/,
      /用地面积下限\(亩\).*下限 0/,
      /总投资\(万元\).*上限 50,000,000/,
      /colour.*不是/,
    ]) {
      expect(lines.filter((line) => wanted.test(line))).toHaveLength(1);
    }
    expect(stderr).not.toMatch(/绝密|91330000000000000X/);
  });

  it('refuses what the reference data does not know with 2 and names the nearest', async () => {
    const { code, stdout, stderr } = await runMatch(['-'], JSON.stringify({ ...EXAMPLES[0], gbt: '3988' }));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('3988');
    expect(stderr).toMatch(/398[1-5]/);
  });

  it('ends with 1 on a fault of the program, without a word of the need', async () => {
    const breaking = written(
      'breaking.mjs',
      `import fs from 'node:fs';
       import { syncBuiltinESMExports } from 'node:module';
       const read = fs.readFileSync;
       fs.readFileSync = (file, ...rest) => {
         if (String(file).includes('counties')) throw new Error('fault at 绝密机械有限公司');
         return read(file, ...rest);
       };
       syncBuiltinESMExports();`,
    );
    const { code, stdout, stderr } = await runMatch(['-'], JSON.stringify(need), ['--import', breaking]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('程序故障');
    expect(stderr).not.toContain('绝密');
  });
});
