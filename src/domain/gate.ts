import type { IsoDate } from './provenance.js';

/** Every gate, in the order in which they are reported. */
export const GATES = [
  'excludedCounty',
  'accessRule',
  'land',
  'date',
  'energyTce',
  'powerKva',
  'waterM3PerDay',
  'codT',
  'nh3nT',
  'so2T',
  'noxT',
  'vocT',
  'workshopM2',
  'investPerMu',
  'taxPerMu',
  'energyPerValueAdded',
  'plotRatio',
] as const;
export type Gate = (typeof GATES)[number];

/** A way out of a failed gate. Which words are shown is decided where it is shown. */
export interface Fix {
  readonly kind:
    | 'smallerFirstPhase'
    | 'waitForParcel'
    | 'splitOverParcels'
    | 'buyEnergyRight'
    | 'buyDischargeRight'
    | 'takeLessLand'
    | 'raiseInvestment'
    | 'cutUse'
    | 'laterDate'
    | 'confirmFact'
    | 'lookElsewhere';
  /** How much: mu, tce/a, t/a … in `unit`. */
  readonly amount: number | null;
  readonly unit: string | null;
  /** 万元 a year for rights, 万元 once for land; null where no sourced price exists. */
  readonly costWan: number | null;
  readonly date: IsoDate | null;
  /** Parcel, rule or price the way out rests on. */
  readonly ref: string | null;
}
