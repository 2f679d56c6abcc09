import { FACTOR_UNITS, FACTORS } from '../domain/factors.js';
import type { HoldAmounts, HoldKind, ReleaseReason } from '../domain/hold.js';
import type { HoldClaim } from '../domain/lead.js';
import { amountWord, FACTOR_WORDS } from './zh.js';

export const HOLD_KIND_WORDS: Readonly<Record<HoldKind, string>> = {
  soft: '软预留',
  firm: '硬预留',
  used: '已使用',
};

export const RELEASE_REASON_WORDS: Readonly<Record<ReleaseReason, string>> = {
  expired: '到期',
  withdrawn: '撤回',
  transferred: '流转到他县',
  declined: '退回',
  ended: '线索终止',
  recorded: '已计入园区要素',
  orphaned: '线索已不需要',
};

export const CLAIM_WORDS: Readonly<Record<HoldClaim['state'], string>> = {
  placing: '正在预留',
  placed: '已预留',
  waiting: '排队等候',
};

/** What a hold sets aside, as one line: 地块 A-01 30 亩、能耗指标 800 吨标煤/年. */
export function amountsText(amounts: HoldAmounts): string {
  const land = amounts.parcels.map(({ parcelId, mu }) => `地块 ${parcelId} ${amountWord(mu, 'mu')}`);
  const rest = FACTORS.flatMap((factor) => {
    const amount = amounts.factors[factor];
    return amount === undefined || amount === 0
      ? []
      : [`${FACTOR_WORDS[factor]} ${amountWord(amount, FACTOR_UNITS[factor])}`];
  });
  return [...land, ...rest].join('、');
}
