import type { County } from '../src/domain/county.js';
import {
  accessRuleSchema,
  chainSchema,
  countySchema,
  industrySchema,
  pairingSchema,
  policySchema,
  quotaPriceSchema,
  seedParkSchema,
  standardIndicatorSchema,
  weightProfileSchema,
} from '../src/schemas/reference-schemas.js';
import {
  type CountyEconomyRecord,
  type CountyEndowmentRecord,
  chainBaseSchema,
  countyClusterSchema,
  countyEconomyRecordSchema,
  countyEndowmentRecordSchema,
  extraFeedSchema,
  linkEndowmentsSchema,
  linkSynonymsSchema,
} from '../src/schemas/seed-file-schemas.js';
import { readRecordMap, readRecords, type SeedProblem } from './files.js';

function withEndowments(counties: readonly County[], records: readonly CountyEndowmentRecord[]): readonly County[] {
  return counties.map((county) => {
    const known = new Set(county.endowments.map(({ kind }) => kind));
    const more = records.filter(({ countyAdcode, kind }) => countyAdcode === county.adcode && !known.has(kind));
    const added = more.map(({ kind, provenance }) => ({ kind, provenance }));
    return { ...county, endowments: [...county.endowments, ...added] };
  });
}

function withEconomies(counties: readonly County[], records: readonly CountyEconomyRecord[]): readonly County[] {
  const byCounty = new Map(records.map(({ countyAdcode, ...economy }) => [countyAdcode, economy]));
  return counties.map((county) => {
    const economy = byCounty.get(county.adcode);
    return economy === undefined ? county : { ...county, economy };
  });
}

/**
 * Reads the hand-kept seed files, those the generators start from, each record against its schema. The endowments file
 * is joined to the counties. Records that fail are left out and named in `problems`.
 */
export function readSources(dir: string, problems: SeedProblem[]) {
  const economies = readRecords(dir, 'county-economies.json', countyEconomyRecordSchema, problems);
  const endowments = readRecords(dir, 'endowments.json', countyEndowmentRecordSchema, problems, true);
  return {
    counties: withEconomies(
      withEndowments(readRecords(dir, 'counties.json', countySchema, problems), endowments),
      economies,
    ),
    economies,
    endowments,
    pairings: readRecords(dir, 'pairings.json', pairingSchema, problems),
    chains: readRecords(dir, 'chains.json', chainSchema, problems),
    linkEndowments: readRecordMap(dir, 'link-endowments.json', linkEndowmentsSchema, problems),
    extraFeeds: readRecords(dir, 'extra-feeds.json', extraFeedSchema, problems),
    synonyms: readRecordMap(dir, 'link-synonyms.json', linkSynonymsSchema, problems),
    chainBases: readRecords(dir, 'chain-bases.json', chainBaseSchema, problems),
    clusters: readRecords(dir, 'county-clusters.json', countyClusterSchema, problems, true),
    industries: readRecords(dir, 'industries.json', industrySchema, problems),
    parks: readRecords(dir, 'parks.json', seedParkSchema, problems),
    accessRules: readRecords(dir, 'access-rules.json', accessRuleSchema, problems),
    policies: readRecords(dir, 'policies.json', policySchema, problems),
    quotaPrices: readRecords(dir, 'quota-prices.json', quotaPriceSchema, problems),
    standards: readRecords(dir, 'standards.json', standardIndicatorSchema, problems),
    profiles: readRecords(dir, 'weight-profiles.json', weightProfileSchema, problems),
  };
}

/** The hand-kept seed files as read. */
export type SeedSources = ReturnType<typeof readSources>;
