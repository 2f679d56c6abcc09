import { z } from 'zod';
import { type CountyEconomy, type CountyEndowment, ENDOWMENTS, type Endowment } from '../domain/county.js';
import type { ParkInventory } from '../domain/park.js';
import { BASES, type Basis, type Provenance } from '../domain/provenance.js';
import { adcodeSchema, gbtCodeSchema, parkInventorySchema, provenanceSchema } from './reference-schemas.js';

const name = z.string().trim().min(1).max(200);

/** An inventory with the park it belongs to. */
export interface SeedInventory {
  readonly parkId: string;
  readonly inventory: ParkInventory;
}

export const seedInventorySchema: z.ZodType<SeedInventory> = z.strictObject({
  parkId: name,
  inventory: parkInventorySchema,
});

/** Counties a chain is at home in, as the chain's own source lists them. */
export interface ChainBase {
  readonly chainId: string;
  readonly adcodes: readonly string[];
  readonly provenance: Provenance;
}

export const chainBaseSchema: z.ZodType<ChainBase> = z.strictObject({
  chainId: name,
  adcodes: z.array(adcodeSchema),
  provenance: provenanceSchema,
});

/** An industry of a county placed on links by hand, finer than its leading industries. */
export interface CountyCluster {
  readonly countyAdcode: string;
  readonly name: string;
  readonly gbt: readonly string[];
  readonly chainIds: readonly string[];
  readonly linkIds: readonly string[];
  /** cluster: the county is known for it; base: it has several firms of it; minor: a few. */
  readonly level: 'cluster' | 'base' | 'minor';
  readonly wanted: boolean;
  readonly anchors: readonly { readonly name: string; readonly source: string; readonly basis: Basis }[];
  readonly provenance: Provenance;
}

export const countyClusterSchema: z.ZodType<CountyCluster> = z.strictObject({
  countyAdcode: adcodeSchema,
  name,
  gbt: z.array(gbtCodeSchema),
  chainIds: z.array(name),
  linkIds: z.array(name),
  level: z.enum(['cluster', 'base', 'minor']),
  wanted: z.boolean(),
  anchors: z.array(z.strictObject({ name, source: z.string().min(1).max(2_000), basis: z.enum(BASES) })),
  provenance: provenanceSchema,
});

/** One endowment of one county, kept apart from the counties' own file. */
export type CountyEndowmentRecord = CountyEndowment & { readonly countyAdcode: string };

export const countyEndowmentRecordSchema: z.ZodType<CountyEndowmentRecord> = z.strictObject({
  countyAdcode: adcodeSchema,
  kind: z.enum(ENDOWMENTS),
  provenance: provenanceSchema,
});

/** More words by which a link is recognised. */
export interface LinkSynonyms {
  readonly keywords: readonly string[];
  readonly source: string;
  readonly basis: Basis;
}

export const linkSynonymsSchema: z.ZodType<LinkSynonyms> = z.strictObject({
  keywords: z.array(name),
  source: z.string().min(1).max(2_000),
  basis: z.enum(BASES),
});

/** A supplier relation between links beyond those of the chains' own file. */
export interface ExtraFeed {
  readonly from: string;
  readonly to: string;
  readonly provenance: Provenance;
}

export const extraFeedSchema: z.ZodType<ExtraFeed> = z.strictObject({
  from: name,
  to: name,
  provenance: provenanceSchema,
});

/** The economy of one county, kept apart from the counties' own file. */
export type CountyEconomyRecord = CountyEconomy & { readonly countyAdcode: string };

export const countyEconomyRecordSchema: z.ZodType<CountyEconomyRecord> = z.strictObject({
  countyAdcode: adcodeSchema,
  gdpYi: z.number().positive().max(100_000),
  provenance: provenanceSchema,
});

/** The endowments that firms of a link settle by. */
export interface LinkEndowments {
  readonly endowments: readonly Endowment[];
  readonly source: string;
  readonly basis: Basis;
}

export const linkEndowmentsSchema: z.ZodType<LinkEndowments> = z.strictObject({
  endowments: z.array(z.enum(ENDOWMENTS)).min(1),
  source: z.string().min(1).max(2_000),
  basis: z.enum(BASES),
});
