/**
 * The factors (要素) a park's inventory holds as one number each. Land is not among them: it comes in parcels.
 * Units: tce/year, kVA, m³/day, t/year for pollutants, m² of standard workshop.
 */
export const FACTORS = [
  'energyTce',
  'powerKva',
  'waterM3PerDay',
  'codT',
  'nh3nT',
  'so2T',
  'noxT',
  'vocT',
  'workshopM2',
] as const;
export type Factor = (typeof FACTORS)[number];

/** The pollutants with total-amount control (总量控制), t/year. */
export const POLLUTANTS = ['codT', 'nh3nT', 'so2T', 'noxT', 'vocT'] as const satisfies readonly Factor[];
export type Pollutant = (typeof POLLUTANTS)[number];

/** The unit of each factor, as shown to people and machines. */
export const FACTOR_UNITS: Readonly<Record<Factor, string>> = {
  energyTce: 'tce/a',
  powerKva: 'kVA',
  waterM3PerDay: 'm3/d',
  codT: 't/a',
  nh3nT: 't/a',
  so2T: 't/a',
  noxT: 't/a',
  vocT: 't/a',
  workshopM2: 'm2',
};
