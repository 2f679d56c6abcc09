import { z } from 'zod';
import { type Chain, type Industry, type Link, type LinkPresence, STAGES } from '../domain/chain.js';
import { type County, type CountyEconomy, type CountyEndowment, ENDOWMENTS, type Pairing } from '../domain/county.js';
import { FACTORS } from '../domain/factors.js';
import { CRITERIA } from '../domain/match.js';
import type { Fact, LandStandard, Park, ParkInventory } from '../domain/park.js';
import type { AccessRule, Policy, QuotaPrice, StandardIndicator } from '../domain/policy.js';
import type { WeightProfile } from '../domain/profile.js';
import { BASES, type Provenance } from '../domain/provenance.js';
import { isIsoDate } from '../domain/units.js';

/** `YYYY-MM-DD` that names a day of the calendar. */
export const isoDateSchema = z.string().refine(isIsoDate, 'not a calendar date YYYY-MM-DD');
/** Six digits of GB/T 2260. */
export const adcodeSchema = z.string().regex(/^\d{6}$/, 'not six digits');
/** GB/T 4754-2017 division, group or class: two to four digits. */
export const gbtCodeSchema = z.string().regex(/^\d{2,4}$/, 'not two to four digits');
/** Id of a seed record: letters of any script, digits, `-` and `_`. */
const idSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, 'not an id');
const textSchema = z.string().trim().min(1).max(2_000);
const fractionSchema = z.number().min(0).max(1);
const amountSchema = z.number().min(0).max(1e9);

export const provenanceSchema: z.ZodType<Provenance> = z.strictObject({
  source: textSchema,
  basis: z.enum(BASES),
  asOf: isoDateSchema,
});

const dated = { from: isoDateSchema, to: isoDateSchema.nullable() };
const endsAfterStart = (relation: { from: string; to: string | null }) =>
  relation.to === null || relation.from <= relation.to;

const endowmentSchema: z.ZodType<CountyEndowment> = z.strictObject({
  kind: z.enum(ENDOWMENTS),
  provenance: provenanceSchema,
});

const economySchema: z.ZodType<CountyEconomy> = z.strictObject({
  gdpYi: z.number().positive().max(100_000),
  provenance: provenanceSchema,
});

export const countySchema: z.ZodType<County> = z.strictObject({
  adcode: adcodeSchema,
  name: textSchema,
  prefecture: textSchema,
  lon: z.number().min(73).max(136),
  lat: z.number().min(3).max(54),
  statuses: z.array(
    z
      .strictObject({
        scheme: idSchema,
        kind: z.enum(['mountain', 'industrial', 'sourceOther']),
        ...dated,
        provenance: provenanceSchema,
      })
      .refine(endsAfterStart, { path: ['to'], message: 'ends before it begins' }),
  ),
  developmentClass: z.enum(['leapfrog', 'ecological']).nullable(),
  keyEcologicalZone: z.boolean(),
  leadingIndustries: z.array(
    z.strictObject({
      name: textSchema,
      gbt: z.array(gbtCodeSchema),
      chainIds: z.array(idSchema),
      wanted: z.boolean(),
      provenance: provenanceSchema,
    }),
  ),
  endowments: z.array(endowmentSchema),
  economy: economySchema.exactOptional(),
  constraints: z.array(z.strictObject({ text: textSchema, provenance: provenanceSchema })),
  landFloorPriceWanPerMu: z.number().positive().max(1_000).nullable(),
  provenance: provenanceSchema,
});

export const pairingSchema: z.ZodType<Pairing> = z
  .strictObject({
    id: idSchema,
    scheme: idSchema,
    sourceAdcode: adcodeSchema,
    hostAdcode: adcodeSchema,
    ...dated,
    provenance: provenanceSchema,
  })
  .refine(endsAfterStart, { path: ['to'], message: 'ends before it begins' });

const linkSchema: z.ZodType<Link> = z.strictObject({
  id: idSchema,
  name: textSchema,
  stage: z.enum(STAGES),
  gbt: z.array(gbtCodeSchema),
  feeds: z.array(idSchema),
  keywords: z.array(textSchema),
  endowments: z.array(z.enum(ENDOWMENTS)).exactOptional(),
});

export const chainSchema: z.ZodType<Chain> = z.strictObject({
  id: idSchema,
  name: textSchema,
  links: z.array(linkSchema).min(1),
  provenance: provenanceSchema,
});

export const linkPresenceSchema: z.ZodType<LinkPresence> = z.strictObject({
  countyAdcode: adcodeSchema,
  parkId: idSchema.nullable(),
  linkId: idSchema,
  strength: fractionSchema,
  anchors: z.array(z.strictObject({ name: textSchema, provenance: provenanceSchema })),
  wanted: z.boolean(),
  provenance: provenanceSchema,
});

export const industrySchema: z.ZodType<Industry> = z.strictObject({
  code: gbtCodeSchema,
  name: textSchema,
  level: z.union([z.literal(2), z.literal(3), z.literal(4)]),
  parent: z.string().regex(/^([A-Z]|\d{2,3})$/, 'not a section letter or a code'),
  gbt2011: z.array(gbtCodeSchema),
  keywords: z.array(textSchema),
  provenance: provenanceSchema,
});

const factSchema: z.ZodType<Fact> = z.strictObject({
  value: amountSchema.nullable(),
  basis: z.enum(BASES),
  asOf: isoDateSchema,
});

const landStandardSchema: z.ZodType<LandStandard> = z.strictObject({
  investPerMuWan: factSchema,
  taxPerMuWan: factSchema,
  energyPerValueAddedTce: factSchema,
  plotRatio: factSchema,
});

export const parkInventorySchema: z.ZodType<ParkInventory> = z.strictObject({
  parcels: z.array(
    z.strictObject({ id: idSchema, areaMu: z.number().positive().max(100_000), availableFrom: isoDateSchema }),
  ),
  factors: z.record(z.enum(FACTORS), factSchema),
  landPriceWanPerMu: factSchema,
  workshopRentYuanPerM2Month: factSchema,
  wageYuanPerMonth: factSchema,
  labourAvailable: factSchema,
  landStandard: landStandardSchema,
  provenance: provenanceSchema,
});

/** What is real about a park; its inventory is another record. */
const parkIdentity = {
  id: z.string().regex(/^\d{6}-\d{2}$/, 'not <adcode>-NN'),
  name: textSchema,
  countyAdcode: adcodeSchema,
  level: z.enum(['national', 'provincial', 'county', 'unknown']),
  planKm2: z.number().positive().max(2_000).nullable(),
  provenance: provenanceSchema,
};

/** A park as the seed file names it: who it is and which links its name or plan is known for. */
export interface SeedPark extends Omit<Park, 'inventory' | 'version' | 'capacity'> {
  readonly specialityLinkIds: readonly string[];
}

export const seedParkSchema: z.ZodType<SeedPark> = z.strictObject({
  ...parkIdentity,
  specialityLinkIds: z.array(idSchema),
});

export const accessRuleSchema: z.ZodType<AccessRule> = z.strictObject({
  id: idSchema,
  level: z.enum(['ban', 'restrict']),
  adcodes: z.array(adcodeSchema).min(1),
  gbtPrefixes: z.array(gbtCodeSchema).min(1),
  text: textSchema,
  provenance: provenanceSchema,
});

export const policySchema: z.ZodType<Policy> = z.strictObject({
  id: idSchema,
  title: textSchema,
  adcodes: z.array(adcodeSchema).min(1),
  scope: z.array(textSchema).min(1),
  instrument: textSchema,
  amountText: textSchema.nullable(),
  maxWanPerYear: z.number().positive().max(1e6).nullable(),
  eligibility: textSchema.nullable(),
  beneficiary: textSchema.nullable(),
  chainIds: z.array(idSchema),
  provenance: provenanceSchema,
});

export const quotaPriceSchema: z.ZodType<QuotaPrice> = z.strictObject({
  quota: z.enum(['energyTce', 'codT', 'nh3nT', 'so2T', 'noxT', 'vocT']),
  priceWan: amountSchema.nullable(),
  from: isoDateSchema,
  provenance: provenanceSchema,
});

export const standardIndicatorSchema: z.ZodType<StandardIndicator> = z.strictObject({
  id: idSchema,
  kind: textSchema,
  indicator: textSchema,
  region: textSchema,
  industry: textSchema.nullable(),
  valueText: textSchema.nullable(),
  unit: textSchema.nullable(),
  text: textSchema,
  provenance: provenanceSchema,
});

export const weightProfileSchema: z.ZodType<WeightProfile> = z.strictObject({
  id: idSchema,
  version: z.int().min(1),
  weights: z.record(z.enum(CRITERIA), z.number().min(0).max(1e6)),
  marginPoints: z.number().min(0).max(100).exactOptional(),
});
