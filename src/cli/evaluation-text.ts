import type { PlacementCase } from '../domain/placement-case.js';
import type { ReferenceData } from '../domain/reference.js';
import {
  BASELINES,
  type CountyParts,
  type Evaluation,
  FIGURE_KINDS,
  type Figures,
  type FiguresByKind,
  type JudgedCase,
  MEASURES,
  type Measure,
  MISS_AFTER,
  RESAMPLES,
  SEED,
} from '../usecases/evaluate-placements.js';
import {
  BASELINE_WORDS,
  caseNoteSentence,
  FIGURE_KIND_WORDS,
  MEASURE_WORDS,
  scorePartWord,
} from '../words/evaluation.js';
import { CHAIN_PART_WORDS, CRITERION_WORDS } from '../words/zh.js';
import { type Layout, markdownLayout, terminalLayout } from './layout.js';

/** What a text is made of: the figures, the cases they were measured on, and the names of places and links. */
export interface EvaluationSource {
  readonly evaluation: Evaluation;
  readonly cases: readonly PlacementCase[];
  readonly reference: Pick<ReferenceData, 'counties' | 'chains'>;
  /** The file as it may be shown: its path in the project or its name. */
  readonly file: string;
}

const SHOWN_GAPS = 3;
const SHOWN_LINKS = 4;
const SHOWN_EVIDENCE = 3;
const SHOWN_WORDS = 48;
/** Points and shares closer than this are shown alike. */
const NOTICEABLE = 0.05;

function figure(measure: Measure, value: number | null): string {
  if (value === null) return '—';
  return measure === 'mrr' ? value.toFixed(3) : `${(value * 100).toFixed(0)}%`;
}

function withInterval(figures: Figures, measure: Measure): string {
  const ci = figures.ci[measure];
  if (ci === null) return '—';
  const [low, high] = ci;
  const ends = measure === 'mrr' ? [low.toFixed(2), high.toFixed(2)] : [low, high].map((end) => (end * 100).toFixed(0));
  return `${figure(measure, figures[measure])} [${ends.join(', ')}]`;
}

function figuresTable(layout: Layout, kinds: FiguresByKind): string {
  return layout.table(
    ['类别', 'n', ...MEASURES.map((measure) => MEASURE_WORDS[measure])],
    FIGURE_KINDS.map((kind) => [
      FIGURE_KIND_WORDS[kind],
      String(kinds[kind].n),
      ...MEASURES.map((measure) => withInterval(kinds[kind], measure)),
    ]),
  );
}

function baselineTable(layout: Layout, { kinds, baselines }: Evaluation): string {
  const rows = FIGURE_KINDS.flatMap((kind) => {
    const row = (name: string, figures: Figures) => [
      FIGURE_KIND_WORDS[kind],
      name,
      ...MEASURES.map((measure) => withInterval(figures, measure)),
    ];
    return [row('引擎', kinds[kind]), ...BASELINES.map((name) => row(BASELINE_WORDS[name], baselines[name][kind]))];
  });
  return layout.table(['类别', '排法', ...MEASURES.map((measure) => MEASURE_WORDS[measure])], rows);
}

/** The figures that are not above those of every baseline. */
function notAbove({ kinds, baselines }: Evaluation): string[] {
  return FIGURE_KINDS.flatMap((kind) =>
    MEASURES.flatMap((measure) =>
      BASELINES.flatMap((name) => {
        const own = kinds[kind][measure];
        const theirs = baselines[name][kind][measure];
        if (own === null || theirs === null || own > theirs) return [];
        const than = own === theirs ? '持平' : '更高';
        return [
          `${FIGURE_KIND_WORDS[kind]} ${MEASURE_WORDS[measure]} ${figure(measure, own)}，${BASELINE_WORDS[name]} ${figure(measure, theirs)}，${than}`,
        ];
      }),
    ),
  );
}

function ablationTable(layout: Layout, { kinds, ablation }: Evaluation): string {
  const row = (name: string, own: FiguresByKind) => [
    name,
    figure('hit3', own.transferInbound.hit3),
    figure('mrr', own.transferInbound.mrr),
    figure('mrr', own.home.mrr),
    figure('hit1', own.all.hit1),
    figure('hit3', own.all.hit3),
    figure('mrr', own.all.mrr),
    signed((own.all.mrr ?? 0) - (kinds.all.mrr ?? 0), 3),
  ];
  return layout.table(
    ['去掉', '转移与引进 hit@3', '转移与引进 MRR', '本县 MRR', '全部 hit@1', '全部 hit@3', '全部 MRR', '变化'],
    [row('(不去掉)', kinds), ...ablation.map(({ without, kinds: own }) => row(scorePartWord(without), own))],
  );
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** The criteria that part the true county from the first, widest gap first. */
function gaps(truth: CountyParts, first: CountyParts): string[] {
  const own = new Map(truth.contributions.map(({ criterion, points }) => [criterion, points]));
  return first.contributions
    .map(({ criterion, points }) => ({ criterion, theirs: points, mine: own.get(criterion) ?? 0 }))
    .filter(({ mine, theirs }) => Math.abs(mine - theirs) >= NOTICEABLE)
    .sort((a, b) => a.mine - a.theirs - (b.mine - b.theirs))
    .slice(0, SHOWN_GAPS)
    .map(
      ({ criterion, mine, theirs }) =>
        `${CRITERION_WORDS[criterion]} ${mine.toFixed(1)} 对 ${theirs.toFixed(1)}（${signed(mine - theirs, 1)}）`,
    );
}

function chainParts(truth: CountyParts, first: CountyParts): string[] {
  return (['strengthen', 'complete', 'extend'] as const).map((part) => {
    const [mine, theirs] = [truth, first].map((county) => (county.chainFit?.[part] ?? 0).toFixed(2));
    return `${CHAIN_PART_WORDS[part]} ${mine} 对 ${theirs}`;
  });
}

function missTable(layout: Layout, source: EvaluationSource): string {
  const words = new Map(source.cases.map(({ id, description }) => [id, description]));
  const linkNames = new Map(source.reference.chains.flatMap(({ links }) => links.map(({ id, name }) => [id, name])));
  const rows = source.evaluation.cases
    .flatMap((judged) => (judged.miss === null ? [] : [{ judged, ...judged.miss }]))
    .sort((a, b) => b.judged.rank - a.judged.rank || (a.judged.id < b.judged.id ? -1 : 1))
    .map(({ judged, truth, first }) => {
      const links = judged.placement.links
        .slice(0, SHOWN_LINKS)
        .map(({ linkId, share }) => `${linkNames.get(linkId) ?? linkId} ${share.toFixed(2)}`);
      const description = words.get(judged.id) ?? '';
      return [
        [judged.id, FIGURE_KIND_WORDS[judged.kind], ...brokenInto(description)].join('\n'),
        `${truth.name}\n第 ${truth.rank}，${truth.score.toFixed(1)} 分`,
        `${first.name}\n${first.score.toFixed(1)} 分`,
        links.length === 0 ? '没有环节' : links.join('\n'),
        gaps(truth, first).join('\n'),
        chainParts(truth, first).join('\n'),
        evidence(first, linkNames).join('\n'),
      ];
    });
  const head = [
    '案例',
    '落地县',
    '排首位的县',
    '定位到的环节',
    '得分（落地县对首位）',
    '契合（落地县对首位）',
    '首位县凭什么',
  ];
  return layout.table(head, rows);
}

/** The strongest links a county's chain fit rests on. */
function evidence(county: CountyParts, linkNames: ReadonlyMap<string, string>): string[] {
  return [...(county.chainFit?.links ?? [])]
    .sort((a, b) => b.strength / 2 ** b.steps - a.strength / 2 ** a.steps)
    .slice(0, SHOWN_EVIDENCE)
    .map(
      ({ part, parkLink, strength }) =>
        `${CHAIN_PART_WORDS[part]} ${linkNames.get(parkLink) ?? parkLink} ${strength.toFixed(2)}`,
    );
}

/** The start of a description in lines that a terminal's cell can hold. */
function brokenInto(description: string): string[] {
  const start = description.length > SHOWN_WORDS ? `${description.slice(0, SHOWN_WORDS)}…` : description;
  return start.match(/.{1,16}/gsu) ?? [];
}

function rankList(layout: Layout, { evaluation, reference }: EvaluationSource): string {
  const names = new Map(reference.counties.map(({ adcode, name }) => [adcode, name]));
  const word = ({ id, truth, rank }: JudgedCase) => `${id} ${names.get(truth) ?? truth} ${rank}`;
  return layout.list(
    (['transfer', 'inbound', 'home'] as const).map((kind) => {
      const own = evaluation.cases.filter((judged) => judged.kind === kind);
      return `${FIGURE_KIND_WORDS[kind]}：${own.length === 0 ? '没有案例' : own.map(word).join('，')}`;
    }),
  );
}

function notes({ cases }: Evaluation): string[] {
  return cases.flatMap(({ id, notes: own }) => own.map((note) => `${id}：${caseNoteSentence(note)}`));
}

function sections(layout: Layout, source: EvaluationSource): string[] {
  const { evaluation } = source;
  const below = notAbove(evaluation);
  const missed = evaluation.cases.some(({ miss }) => miss !== null);
  const noted = notes(evaluation);
  return [
    layout.heading('结果（方括号内为 95% 区间）'),
    figuresTable(layout, evaluation.kinds),
    layout.heading('与基线比较'),
    baselineTable(layout, evaluation),
    '',
    below.length === 0 ? '引擎的每个数字都高于每条基线。' : '下列数字没有高于基线：\n',
    ...(below.length === 0 ? [] : [layout.list(below)]),
    ...(evaluation.ablation.length === 0
      ? []
      : [layout.heading('去掉一部分后的结果'), ablationTable(layout, evaluation)]),
    layout.heading(`没有进前 ${MISS_AFTER} 的案例，差在哪里`),
    missed ? missTable(layout, source) : '没有。',
    layout.heading('每个案例落地县的名次'),
    rankList(layout, source),
    ...(noted.length === 0 ? [] : [layout.heading('读法与原文不同的案例'), layout.list(noted)]),
  ];
}

/** The evaluation as Chinese tables for a terminal. */
export function evaluationTables(source: EvaluationSource): string {
  const { evaluation, file } = source;
  return [
    `${file}：${evaluation.cases.length} 个案例，候选 ${candidates(evaluation)} 个山区县，权重方案 ${evaluation.profile}，数据快照 ${evaluation.snapshot}`,
    ...sections(terminalLayout, source),
  ].join('\n');
}

function candidates({ cases }: Evaluation): number {
  return cases[0]?.ranking.length ?? 0;
}

/** The evaluation as the page `docs/evaluation.md`. */
export function evaluationPage(source: EvaluationSource): string {
  const { evaluation, file } = source;
  const { list, heading } = markdownLayout;
  return `${[
    '# 用已落地项目检验排序',
    '',
    `由 \`npm run --silent evaluate -- --placements ${file} --report docs/evaluation.md\`生成，请勿手改。权重方案 ${evaluation.profile}，数据快照 ${evaluation.snapshot}，结对关系按 ${evaluation.today} 读取。`,
    heading('量什么，怎么量'),
    list([
      `案例：${file}，${evaluation.cases.length} 个见诸报道的落地项目。每个案例变成一条需求，引擎给 ${candidates(evaluation)} 个山区县排名，看实际落地的县排在第几。`,
      '引擎读到的只有需求说明、行业代码、原在县区划代码和规模数字（空缺即未说明）。企业名称、年份和落地县在读文件时就与需求分开，引擎的输入里没有这些字段。',
      '园区要素是示例数据，因此不参与：用地、能耗、环境、成本、用工、时效各项权重为 0，也不设要素门槛；其余权重按比例放大到 1。县的名次取它得分最高的园区，同分按区划代码；待确认的门槛按已确认计，被准入规则确定禁止的县排在最后。',
      'hit@k 是落地县进前 k 名的案例比例，MRR 是名次倒数的平均。',
      `区间：对案例有放回重抽 ${RESAMPLES.toLocaleString('en-US')} 次（种子 ${SEED}），取 2.5% 与 97.5% 分位（Efron & Tibshirani 1993）。`,
      '基线：只看文本（说明与县情的相似度）、只看行业代码（与县主导产业代码的最长公共前缀）、只看结对、只看距离、随机。同值的县按抽签计期望值，没有原在县的案例在“结对”“距离”两条基线上因此等于随机；随机的期望值是算出来的，不抽样。',
      '行业代码不在目录内的，取目录里有的最长前缀；连门类都没有的只看文本。',
    ]),
    ...sections(markdownLayout, source),
    heading('怎样看这些数字'),
    list([
      '仓库里的案例在调试引擎时看过，数字偏乐观；没有进仓库的案例更作数，命令相同。',
      '案例少，区间宽；全部命中时重抽区间会缩成一点，不表示没有误差。',
      '见诸报道的落地是成了的项目，不是所有项目；落到某县也不等于那里最合适，排在前面的别的县可能同样能接。',
      '要素没有参与，所以这里量的是产业与区位的判断，不是完整的匹配结果。',
    ]),
  ].join('\n')}\n`;
}
