import Table from 'cli-table3';
import { type ExcludedPark, GATES, type GateReport, type RankedPark } from '../domain/match.js';
import type { MatchView } from '../usecases/use-cases.js';
import { combinationLines } from '../words/remedy.js';
import { robustnessSentence } from '../words/robustness.js';
import {
  amountWord,
  CHAIN_PART_WORDS,
  CRITERION_WORDS,
  fixSentence,
  GATE_WORDS,
  OUTCOME_WORDS,
  PARK_STATUS_WORDS,
  SAMPLE_NOTICE,
} from '../words/zh.js';

type ReadyView = Extract<MatchView, { status: 'ready' }>;

/** Contributions named in a row; the rest add up in the score. */
const SHOWN_CONTRIBUTIONS = 3;
/** Below this share of reserve a passed gate is named as what binds. */
const TIGHT_RESERVE = 0.25;

const PLAIN_STYLE = { head: [], border: [] };

function points(value: number): string {
  return value.toFixed(1);
}

function percent(value: number): string {
  return `${Math.round(value * 100)}%`;
}

/** Marks a park whose inventory is made up. */
function parkName(park: RankedPark['park']): string {
  return park.basis === 'sample' ? `${park.name} *` : park.name;
}

function largestContributions(park: RankedPark): string {
  return [...park.contributions]
    .sort((a, b) => b.points - a.points)
    .slice(0, SHOWN_CONTRIBUTIONS)
    .map(({ criterion, points: own }) => `${CRITERION_WORDS[criterion]} ${points(own)}`)
    .join('\n');
}

function chainParts(park: RankedPark): string {
  return (['strengthen', 'complete', 'extend'] as const)
    .map((part) => `${CHAIN_PART_WORDS[part]} ${percent(park.chainFit[part])}`)
    .join('\n');
}

/** Reserve of a passed gate with two numbers, over what is required; null where there is no such figure. */
function reserve(report: GateReport): number | null {
  const { required, available } = report;
  if (typeof required !== 'number' || typeof available !== 'number' || required <= 0 || available <= 0) return null;
  return Math.abs(available - required) / required;
}

/** What holds a park back: gates to be confirmed, else its scarcest passed gate. */
function binding(park: RankedPark): string {
  const open = park.gates.filter(({ outcome }) => outcome === 'unknown').map(({ gate }) => `${GATE_WORDS[gate]}待确认`);
  if (open.length > 0) {
    const rank = park.rankIfConfirmed === null ? [] : [`确认后第 ${park.rankIfConfirmed}`];
    return [...open, ...rank].join('\n');
  }
  const tightest = park.gates
    .map((report) => ({ gate: report.gate, left: reserve(report) }))
    .filter((entry): entry is { gate: GateReport['gate']; left: number } => entry.left !== null)
    .sort((a, b) => a.left - b.left)[0];
  if (tightest === undefined || tightest.left > TIGHT_RESERVE) return '—';
  return `${GATE_WORDS[tightest.gate]}余 ${percent(tightest.left)}`;
}

function notes(park: RankedPark): string[] {
  return [
    ...(park.tiedWith.length > 0 ? [`并列 ${park.tiedWith.length + 1} 家`] : []),
    ...(park.dominated === null ? [] : [`各项均不优于 ${park.dominated}`]),
  ];
}

/** The first `top` parks and those that would be among them if their open facts were confirmed. */
function shownParks(view: ReadyView, top: number): RankedPark[] {
  return view.ranked.filter(
    ({ rank, rankIfConfirmed }) => rank <= top || (rankIfConfirmed !== null && rankIfConfirmed <= top),
  );
}

function rankedTable(view: ReadyView, top: number): string {
  const table = new Table({
    head: ['排名', '园区', '县(市、区)', '得分', '主要得分', '产业链', '卡在哪里', '状态'],
    style: PLAIN_STYLE,
  });
  for (const park of shownParks(view, top)) {
    table.push([
      String(park.rank),
      parkName(park.park),
      park.park.county.name,
      points(park.score),
      largestContributions(park),
      chainParts(park),
      [binding(park), ...notes(park)].join('\n'),
      PARK_STATUS_WORDS[park.status],
    ]);
  }
  return table.toString();
}

/** A failing gate's name and figures. */
function gateCells(report: GateReport): string[] {
  const { required, available, shortfall, unit } = report;
  const figures = required === null && available === null;
  return [
    GATE_WORDS[report.gate],
    figures ? OUTCOME_WORDS[report.outcome] : amountWord(required, unit),
    figures ? '—' : amountWord(available, unit),
    shortfall === null ? '—' : amountWord(shortfall, unit === 'date' ? 'day' : unit),
  ];
}

/** The first lines and the last one, which tells the cost; what is left out in between is counted. */
function shortened(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most + 1) return lines;
  return [...lines.slice(0, most - 1), `另有 ${lines.length - most} 步`, ...lines.slice(-1)];
}

/** Gates on the left and the cheapest way in on the right, each a line of its own. */
function excludedLines(excluded: ExcludedPark, linesShown: number): string[][] {
  const { park, gates, remedy } = excluded;
  const failing = gates.filter(({ outcome }) => outcome === 'fail');
  const more = failing.length - linesShown;
  const left = [...failing.slice(0, linesShown).map(gateCells), ...(more > 0 ? [[`另有 ${more} 项`, '', '', '']] : [])];
  const combination = remedy?.combinations[0];
  const single = failing.flatMap(({ fixes }) => fixes.slice(0, 1).map(fixSentence));
  const right = shortened(combination === undefined ? single : combinationLines(combination), linesShown);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, line) => [
    ...(line === 0 ? [parkName(park), park.county.name] : ['', '']),
    ...(left[line] ?? ['', '', '', '']),
    right[line] ?? '',
  ]);
}

function excludedTable(excluded: readonly ExcludedPark[], linesShown: number): string {
  const table = new Table({
    head: ['园区', '县(市、区)', '不符合', '需要', '现有', '差额', '最省的办法'],
    style: { ...PLAIN_STYLE, compact: true },
  });
  for (const park of excluded) table.push(...excludedLines(park, linesShown));
  return table.toString();
}

function sureness(view: ReadyView): string[] {
  const names = new Map(view.ranked.map(({ park }) => [park.id, park.name]));
  const line = robustnessSentence(view.robustness, (id) => names.get(id) ?? id);
  return line === '' ? [] : [line];
}

/** A settled need as Chinese tables: the ranked parks, then those that can't take it and why. */
export function matchTables(view: ReadyView, top: number, linesShown: number = GATES.length): string {
  const samples = [...view.ranked, ...view.excluded].some(({ park }) => park.basis === 'sample');
  return [
    `可落地或待确认的园区:共 ${view.rankedTotal} 个,列出前 ${top} 个和确认后能进前 ${top} 的`,
    view.ranked.length === 0 ? '没有园区能承接。' : rankedTable(view, top),
    ...sureness(view),
    '',
    `不能承接的园区:共 ${view.excludedTotal} 个${view.excluded.length < view.excludedTotal ? `,列出 ${view.excluded.length} 个` : ''}`,
    ...(view.excluded.length === 0 ? [] : [excludedTable(view.excluded, linesShown)]),
    ...(samples ? [`* ${SAMPLE_NOTICE}`] : []),
    `权重方案 ${view.profile} · 数据快照 ${view.snapshot} · 生成于 ${view.generatedAt}`,
  ].join('\n');
}
