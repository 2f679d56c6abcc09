import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { loadSeedData } from '../../seeds/load.js';
import { publishSeeds } from '../../seeds/publish.js';
import { AppError, type FieldIssue } from '../domain/errors.js';
import { readJsonText } from '../schemas/json-text.js';
import { parseNeed } from '../schemas/need-schema.js';
import { wireLocal } from '../wiring/index.js';
import { issueSentence } from '../words/issues.js';
import { matchTables } from './match-tables.js';

const USAGE = `用法: npm run --silent match -- need.json [--json] [--top N]
  need.json  需求文件,- 表示标准输入
  --json     输出与 GET /api/v1/needs/:id/matches 相同的内容
  --top N    列出前 N 个园区,1 到 100,缺省 20
退出码: 0 已排序, 2 输入有误, 1 程序故障`;

const TOP_MAX = 100;
const TOP_DEFAULT = 20;

/** What is wrong with what was typed or sent; the process ends with 2. */
class BadInput extends Error {}

function badInput(issues: readonly FieldIssue[]): BadInput {
  return new BadInput(['需求有误:', ...issues.map((issue) => `  ${issueSentence(issue)}`)].join('\n'));
}

function readArguments(args: readonly string[]): { file: string; json: boolean; top: number } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, top: { type: 'string' } },
    });
    const [file] = positionals;
    const top = values.top === undefined ? TOP_DEFAULT : Number(values.top);
    if (file === undefined || positionals.length > 1) throw new BadInput(USAGE);
    if (!Number.isInteger(top) || top < 1 || top > TOP_MAX)
      throw new BadInput(`--top 要 1 到 ${TOP_MAX} 的整数\n${USAGE}`);
    return { file, json: values.json, top };
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(USAGE);
  }
}

async function readNeedText(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new BadInput(`读不到文件 ${file}`);
  }
}

async function run(): Promise<void> {
  const { file, json, top } = readArguments(process.argv.slice(2));
  const read = readJsonText(await readNeedText(file));
  if (read.outcome === 'broken') {
    const place = read.line === undefined ? '' : `(第 ${read.line} 行第 ${read.column ?? 1} 列)`;
    throw new BadInput(`不是合法的 JSON${place}`);
  }
  if (read.outcome === 'refused') throw badInput(read.issues);
  const local = wireLocal();
  const parsed = parseNeed(read.value, local.clock.today());
  if (!parsed.ok) throw badInput(parsed.issues);
  await publishSeeds(local, loadSeedData());
  const view = await local.preview.match(parsed.need, top);
  if (view.status !== 'ready') throw new AppError('internal');
  process.stdout.write(`${json ? JSON.stringify(view) : matchTables(view, top)}\n`);
}

try {
  await run();
} catch (error) {
  if (error instanceof BadInput) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else if (error instanceof AppError && error.code === 'invalidInput') {
    process.stderr.write(`${badInput(error.issues).message}\n`);
    process.exitCode = 2;
  } else {
    // The message may quote what was read, which may be a firm's; kind and place are enough to find the fault.
    const where = error instanceof Error ? `${error.name}\n${(error.stack ?? '').split('\n').slice(1).join('\n')}` : '';
    process.stderr.write(`程序故障: ${where}\n`);
    process.exitCode = 1;
  }
}
