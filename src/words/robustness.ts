import type { Robustness, RobustnessLabel } from '../domain/robustness.js';
import { CRITERION_WORDS, numberWord } from './zh.js';

export const ROBUSTNESS_WORDS: Readonly<Record<RobustnessLabel, string>> = {
  firm: '稳固',
  leaning: '倾向',
  tossUp: '难分',
};

/** A share of many; never 100% or 0% unless it is all or none. */
function shareWord(share: number): string {
  if (share > 0.99 && share < 1) return '99% 以上';
  if (share > 0 && share < 0.01) return '不到 1%';
  return `${Math.round(share * 100)}%`;
}

/**
 * How sure a result is, as one line: the label, how often the first park is first and among the first three, and what
 * decides. Empty where no park is ranked.
 * @param nameOf a park's name by its id
 */
export function robustnessSentence(robustness: Robustness, nameOf: (parkId: string) => string): string {
  const { label, first, samples, pivotal } = robustness;
  if (label === null || first === null) return '';
  const counts = `${numberWord(samples)} 组权重中 ${shareWord(first.acceptability1)} 排第一、${shareWord(first.acceptability3)} 进前三`;
  const [decisive, ...others] = pivotal;
  const also = others.length > 0 ? `，另有 ${others.length} 项也会` : '';
  const pivot =
    decisive === undefined
      ? '去掉任何一项指标都不改变第一名'
      : `关键指标 ${CRITERION_WORDS[decisive.criterion]}(去掉则 ${nameOf(decisive.firstWithout)} 第一${also})`;
  return `把握：${ROBUSTNESS_WORDS[label]} · ${nameOf(first.parkId)} 在 ${counts} · ${pivot}`;
}
