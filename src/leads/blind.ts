import type { BlindProfile } from '../domain/lead-reports.js';
import type { Need } from '../domain/need.js';

/** Every field of the profile: a field added to the type and not here does not compile. */
const SHOWN: Readonly<Record<keyof BlindProfile, true>> = {
  gbt: true,
  chain: true,
  land: true,
  energyTce: true,
  powerKva: true,
  waterM3PerDay: true,
  emissions: true,
  workshopM2: true,
  floorAreaM2: true,
  investWan: true,
  fixedInvestWan: true,
  outputWan: true,
  valueAddedWan: true,
  taxWan: true,
  workers: true,
  neededBy: true,
};

const isShown = (field: string): field is keyof BlindProfile => Object.hasOwn(SHOWN, field);

/**
 * What a county may know of a need before the firm is disclosed: what it asks for and what it brings. Firm, title and
 * description are left out, and so are the counties the firm excludes and its own weights.
 */
export function blindProfile(need: Need): BlindProfile {
  const { gbt, land, investWan, ...rest } = need;
  const more = Object.fromEntries(Object.entries(rest).filter(([field]) => isShown(field)));
  return { ...more, gbt, land, investWan };
}
