import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild, root } from '../../scripts/lib/index.mjs';

/** A process reads the seeds and builds the text index, which takes its time on a busy machine. */
const TIMEOUT_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'shanhai-evaluate-'));
const devFile = join('seeds', 'data', 'evaluation', 'placements.json');
const [one]: readonly Record<string, unknown>[] = JSON.parse(readFileSync(join(root, devFile), 'utf8')).placements;

beforeAll(async () => {
  await ensureBuild();
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function run(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'dist/src/cli/evaluate.js'), ...args],
      { cwd: root, maxBuffer: 16_000_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

describe('evaluate', { timeout: TIMEOUT_MS }, () => {
  it('prints the documented JSON and writes the report', async () => {
    const report = join(folder, 'page.md');
    const { code, stdout, stderr } = await run('--placements', devFile, '--json', '--report', report);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const json = JSON.parse(stdout);
    expect(Object.keys(json)).toEqual(['kinds', 'baselines', 'cases']);
    const kinds = ['transfer', 'inbound', 'home', 'transferInbound', 'all'];
    const measures = ['hit1', 'hit3', 'hit5', 'mrr'];
    expect(Object.keys(json.baselines)).toEqual(['text', 'gbtPrefix', 'pairing', 'distance', 'random']);
    for (const figures of [json.kinds, ...Object.values<typeof json.kinds>(json.baselines)]) {
      expect(Object.keys(figures)).toEqual(kinds);
      for (const kind of kinds) {
        expect(Object.keys(figures[kind])).toEqual(['n', ...measures, 'ci']);
        expect(Object.keys(figures[kind].ci)).toEqual(measures);
        for (const measure of measures) expect(figures[kind].ci[measure]).toHaveLength(2);
      }
    }
    expect(json.cases).toHaveLength(json.kinds.all.n);
    for (const { ranking, ...rest } of json.cases) {
      expect(new Set(ranking).size).toBe(26);
      expect(ranking[rest.rank - 1]).toBe(rest.truth);
      expect(Object.keys(rest)).toEqual(['id', 'kind', 'truth', 'rank']);
    }
    const page = readFileSync(report, 'utf8');
    for (const word of ['与基线比较', '去掉一部分后的结果', '怎样看这些数字', devFile]) expect(page).toContain(word);
    expect(page).not.toContain(folder);
  });

  it('prints tables with every group and baseline', async () => {
    const file = written('one.json', { placements: [{ ...one, gbt: '3999', extra: true }] });
    const { code, stdout, stderr } = await run('--placements', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['转移与引进合计', '只看文本', '只看结对', '随机', '按 399 处理'])
      expect(stdout).toContain(word);
    expect(stdout).not.toContain(String(one?.['firm']));
  });

  it.each([
    ['an empty file', '', /不是合法的 JSON/],
    ['no cases', { placements: [] }, /placements/],
    ['a bad code', { placements: [{ ...one, gbt: '39x' }] }, /案例 LD01 gbt = "39x"/],
    [
      'a destination that is no mountain county',
      { placements: [{ ...one, destinationAdcode: '330782' }] },
      /案例 LD01 destinationAdcode = "330782"：.*26 个山区县/,
    ],
  ])('refuses %s with 2', async (name, content, told) => {
    const { code, stdout, stderr } = await run('--placements', written(`${name}.json`, content));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['no file named', []],
    ['a file that is not there', ['--placements', join(folder, 'missing.json')]],
    ['a report that cannot be written', ['--placements', devFile, '--report', join(folder, 'missing', 'page.md')]],
  ])('refuses %s with 2', async (_name, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/用法|读不到文件|写不了文件/);
  });
});
