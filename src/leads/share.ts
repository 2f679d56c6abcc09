import type { ShareSimulation } from '../domain/lead-reports.js';
import type { Need } from '../domain/need.js';
import type { Scheme, ShareRatio } from '../domain/scheme.js';

/** Shares are told to 0.01 (100 yuan, 6.7 m²). */
const PER_UNIT = 100;

/**
 * Splits an amount. Both the total and the source county's part are rounded to 0.01, half up; the host county has the
 * rest, so that the parts add up to the total to the last hundredth.
 */
function split(amount: number | undefined, { source }: ShareRatio): ShareSimulation['outputWan'] {
  if (amount === undefined) return null;
  const total = Math.round(amount * PER_UNIT);
  const toSource = Math.min(total, Math.round(total * source));
  return { total: total / PER_UNIT, source: toSource / PER_UNIT, host: (total - toSource) / PER_UNIT };
}

/**
 * 分成测算: yearly output, yearly tax and land indicators of one project between the two counties, by the scheme's
 * ratios. A figure the need does not state is null; land is the least the project takes, null where it takes none.
 */
export function simulateShare(
  need: Pick<Need, 'outputWan' | 'taxWan' | 'land'>,
  scheme: Pick<Scheme, 'rules'>,
): ShareSimulation {
  const { outputShare, taxShare, landIndicatorShare } = scheme.rules;
  return {
    outputWan: split(need.outputWan, outputShare.value),
    taxWan: split(need.taxWan, taxShare.value),
    landIndicatorMu: split(need.land.minMu === 0 ? undefined : need.land.minMu, landIndicatorShare.value),
    basis: [
      { what: 'output', source: outputShare.provenance.source },
      { what: 'tax', source: taxShare.provenance.source },
      { what: 'landIndicator', source: landIndicatorShare.provenance.source },
    ],
  };
}
