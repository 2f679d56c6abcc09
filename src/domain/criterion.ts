/** Every criterion, in the order of the columns and of `contributions`. */
export const CRITERIA = [
  'landHeadroom',
  'parcelFit',
  'energyHeadroom',
  'envHeadroom',
  'siteCost',
  'wageCost',
  'labour',
  'time',
  'chainFit',
  'textSimilarity',
  'pairing',
  'distance',
  'endowment',
  'scale',
] as const;
export type Criterion = (typeof CRITERIA)[number];
