import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadSeedData } from '../../seeds/load.js';
import { publishSeeds } from '../../seeds/publish.js';
import { AppError, type FieldIssue } from '../domain/errors.js';
import type { PlacementCase } from '../domain/placement-case.js';
import { readJsonText } from '../schemas/json-text.js';
import { parsePlacements } from '../schemas/placements-schema.js';
import { type Evaluation, FIGURE_KINDS, type FiguresByKind } from '../usecases/evaluate-placements.js';
import { wireLocal } from '../wiring/index.js';
import { issueSentence } from '../words/issues.js';
import { evaluationPage, evaluationTables } from './evaluation-text.js';

const USAGE = `用法: npm run --silent evaluate -- --placements FILE [--json] [--ablation] [--report FILE]
  --placements FILE  落地案例,格式同 seeds/data/evaluation/placements.json
  --json             只输出 JSON: kinds, baselines, cases
  --ablation         再量一遍去掉得分各部分后的结果
  --report FILE      另写一份 Markdown 报告(含 --ablation)
退出码: 0 已量, 2 输入有误, 1 程序故障`;

const SHOWN_ISSUES = 20;

/** What is wrong with what was typed or with the file; the process ends with 2. */
class BadInput extends Error {}

/** Case, field, value and what is wrong with it, a line each. */
function badCases(issues: readonly { readonly caseId: string; readonly issue: FieldIssue }[]): BadInput {
  const lines = issues.slice(0, SHOWN_ISSUES).map(({ caseId, issue }) => {
    const value = issue.value === undefined ? '' : ` = ${JSON.stringify(issue.value)}`;
    return `  ${caseId === '' ? '文件' : `案例 ${caseId}`} ${issue.field}${value}：${issueSentence(issue)}`;
  });
  const more = issues.length > SHOWN_ISSUES ? [`  另有 ${issues.length - SHOWN_ISSUES} 处`] : [];
  return new BadInput(['落地案例有误:', ...lines, ...more].join('\n'));
}

interface Arguments {
  readonly placements: string;
  readonly json: boolean;
  readonly ablation: boolean;
  readonly report: string | null;
}

function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        placements: { type: 'string' },
        json: { type: 'boolean', default: false },
        ablation: { type: 'boolean', default: false },
        report: { type: 'string' },
      },
    });
    const { placements, json, ablation, report = null } = values;
    if (placements === undefined || placements === '' || report === '') throw new BadInput(USAGE);
    return { placements, json, report, ablation: ablation || report !== null };
  } catch {
    throw new BadInput(USAGE);
  }
}

async function readCases(file: string): Promise<readonly PlacementCase[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new BadInput(`读不到文件 ${file}`);
  });
  const read = readJsonText(text.replace(/^\uFEFF/, ''));
  if (read.outcome === 'broken') {
    const place = read.line === undefined ? '' : `(第 ${read.line} 行第 ${read.column ?? 1} 列)`;
    throw new BadInput(`${file} 不是合法的 JSON${place}`);
  }
  if (read.outcome === 'refused') throw badCases(read.issues.map((issue) => ({ caseId: '', issue })));
  const parsed = parsePlacements(read.value);
  if (parsed.ok) return parsed.cases;
  throw badCases(parsed.problems.flatMap(({ caseId, issues }) => issues.map((issue) => ({ caseId, issue }))));
}

/** `CASE.field` of the use case's issues taken apart. */
function ofUseCase(issue: FieldIssue): { readonly caseId: string; readonly issue: FieldIssue } {
  const dot = issue.field.lastIndexOf('.');
  return { caseId: issue.field.slice(0, dot), issue: { ...issue, field: issue.field.slice(dot + 1) } };
}

/** The figures as the documented JSON: these keys and no others. */
function evaluationJson({ kinds, baselines, cases }: Evaluation): string {
  const figures = (own: FiguresByKind) =>
    Object.fromEntries(
      FIGURE_KINDS.map((kind) => {
        const { n, hit1, hit3, hit5, mrr, ci } = own[kind];
        return [kind, { n, hit1, hit3, hit5, mrr, ci }];
      }),
    );
  return JSON.stringify({
    kinds: figures(kinds),
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, own]) => [name, figures(own)])),
    cases: cases.map(({ id, kind, truth, rank, ranking }) => ({ id, kind, truth, rank, ranking })),
  });
}

/** The file's path inside this folder, else its name: a report must not show where on a machine it was made. */
function shownPath(file: string): string {
  const inside = path.relative(process.cwd(), file);
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.basename(file) : inside.replaceAll(path.sep, '/');
}

async function run(): Promise<void> {
  const { placements, json, ablation, report } = readArguments(process.argv.slice(2));
  const cases = await readCases(placements);
  const local = wireLocal();
  const seeds = loadSeedData();
  await publishSeeds(local, seeds);
  const evaluation = await local.evaluation.run(cases, { ablation });
  const source = { evaluation, cases, reference: seeds.reference, file: shownPath(placements) };
  if (report !== null) {
    await writeFile(report, evaluationPage(source)).catch(() => {
      throw new BadInput(`写不了文件 ${report}`);
    });
  }
  process.stdout.write(`${json ? evaluationJson(evaluation) : evaluationTables(source)}\n`);
}

try {
  await run();
} catch (error) {
  if (error instanceof BadInput || (error instanceof AppError && error.code === 'invalidInput')) {
    const told = error instanceof BadInput ? error : badCases(error.issues.map(ofUseCase));
    process.stderr.write(`${told.message}\n`);
    process.exitCode = 2;
  } else {
    // The message may quote what was read; kind and place are enough to find the fault.
    const where = error instanceof Error ? `${error.name}\n${(error.stack ?? '').split('\n').slice(1).join('\n')}` : '';
    process.stderr.write(`程序故障: ${where}\n`);
    process.exitCode = 1;
  }
}
