import { CHAIN_PART_WORDS, CRITERION_WORDS } from './zh.js';

export const FIGURE_KIND_WORDS = {
  transfer: '省内转移',
  inbound: '外来引进',
  home: '本县企业',
  transferInbound: '转移与引进合计',
  all: '全部',
} as const;

export const MEASURE_WORDS = { hit1: 'hit@1', hit3: 'hit@3', hit5: 'hit@5', mrr: 'MRR' } as const;

export const BASELINE_WORDS = {
  text: '只看文本',
  gbtPrefix: '只看行业代码前缀',
  pairing: '只看结对',
  distance: '只看距离',
  random: '随机',
} as const;

/** A part of the score, as named where it is left out. */
export function scorePartWord(
  part:
    | { readonly kind: 'criterion'; readonly name: keyof typeof CRITERION_WORDS }
    | { readonly kind: 'chainPart'; readonly name: keyof typeof CHAIN_PART_WORDS }
    | { readonly kind: 'placedBy'; readonly name: 'code' | 'text' },
): string {
  switch (part.kind) {
    case 'criterion':
      return CRITERION_WORDS[part.name];
    case 'chainPart':
      return `产业链契合中的${CHAIN_PART_WORDS[part.name]}`;
    case 'placedBy':
      return part.name === 'code' ? '按行业代码定位环节' : '按文本定位环节';
  }
}

/** What was read otherwise than it stands in a case, as a sentence. */
export function caseNoteSentence(
  note:
    | { readonly kind: 'codeShortened'; readonly from: string; readonly to: string }
    | { readonly kind: 'codeUnknown' | 'originUnknown'; readonly from: string },
): string {
  switch (note.kind) {
    case 'codeShortened':
      return `行业代码 ${note.from} 不在 GB/T 4754-2017 目录内，按 ${note.to} 处理`;
    case 'codeUnknown':
      return `行业代码 ${note.from} 不在目录内，只按文本定位`;
    case 'originUnknown':
      return `原在县 ${note.from} 未收录，按未说明处理`;
  }
}
