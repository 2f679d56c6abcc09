import { createHash } from 'node:crypto';
import type { Chain } from '../src/domain/chain.js';
import { EMPTY_CAPACITY } from '../src/domain/hold.js';
import type { Park } from '../src/domain/park.js';
import type { ReferenceData } from '../src/domain/reference.js';
import { linkPresenceSchema, type SeedPark } from '../src/schemas/reference-schemas.js';
import {
  type ExtraFeed,
  type LinkEndowments,
  type LinkSynonyms,
  type SeedInventory,
  seedInventorySchema,
} from '../src/schemas/seed-file-schemas.js';
import { crossCheck } from './checks.js';
import { readRecords, SeedDataError, type SeedProblem, seedDataDir } from './files.js';
import { readSources } from './sources.js';

/** The whole seed edition, checked. */
export interface SeedData {
  readonly reference: ReferenceData;
  /** Every park with its inventory, version 1, ordered by id. */
  readonly parks: readonly Park[];
  /** Names the content: the same content gives the same name, any change another. */
  readonly edition: string;
}

/** Adds the words of `link-synonyms.json` and the edges of `extra-feeds.json` to the links, each once, and what they settle by. */
function enriched(
  chains: readonly Chain[],
  synonyms: ReadonlyMap<string, LinkSynonyms>,
  extraFeeds: readonly ExtraFeed[],
  endowments: ReadonlyMap<string, LinkEndowments>,
): readonly Chain[] {
  return chains.map((chain) => ({
    ...chain,
    links: chain.links.map((link) => {
      const words = synonyms.get(link.id)?.keywords ?? [];
      const settles = endowments.get(link.id)?.endowments;
      const customers = extraFeeds.filter(({ from }) => from === link.id).map(({ to }) => to);
      return {
        ...link,
        keywords: [...new Set([...link.keywords, ...words])],
        feeds: [...new Set([...link.feeds, ...customers])],
        ...(settles === undefined ? {} : { endowments: settles }),
      };
    }),
  }));
}

function joinParks(
  parks: readonly SeedPark[],
  inventories: readonly SeedInventory[],
  problems: SeedProblem[],
): readonly Park[] {
  const byPark = new Map(inventories.map((record) => [record.parkId, record.inventory]));
  const names = new Set(parks.map(({ id }) => id));
  for (const { parkId } of inventories) {
    if (names.has(parkId)) continue;
    problems.push({
      file: 'inventories.json',
      record: parkId,
      field: 'parkId',
      value: parkId,
      message: 'no such park',
    });
  }
  const joined = parks.flatMap(({ specialityLinkIds: _, ...park }): readonly Park[] => {
    const inventory = byPark.get(park.id);
    if (inventory !== undefined) return [{ ...park, inventory, version: 1, capacity: EMPTY_CAPACITY }];
    problems.push({ file: 'inventories.json', record: park.id, field: 'parkId', value: '-', message: 'no inventory' });
    return [];
  });
  return [...joined].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Reads, checks and joins the seed files. `dir` is the folder of the files; left out, it is `seeds/data` of this
 * package, found from the sources as well as from `dist/`. Raises `SeedDataError` that names file, record, field and
 * value of whatever breaks its schema or names something that is not there.
 */
export function loadSeedData(dir: string = seedDataDir()): SeedData {
  const problems: SeedProblem[] = [];
  const sources = readSources(dir, problems);
  const presences = readRecords(dir, 'presence.json', linkPresenceSchema, problems);
  const inventories = readRecords(dir, 'inventories.json', seedInventorySchema, problems);
  if (problems.length > 0) throw new SeedDataError(problems);

  const parks = joinParks(sources.parks, inventories, problems);
  const reference: ReferenceData = {
    counties: sources.counties,
    pairings: sources.pairings,
    chains: enriched(sources.chains, sources.synonyms, sources.extraFeeds, sources.linkEndowments),
    industries: sources.industries,
    presences,
    accessRules: sources.accessRules,
    policies: sources.policies,
    quotaPrices: sources.quotaPrices,
    standards: sources.standards,
    profiles: sources.profiles,
  };
  problems.push(...crossCheck(reference, parks, sources));
  if (problems.length > 0) throw new SeedDataError(problems);
  const digest = createHash('sha256').update(JSON.stringify({ reference, parks })).digest('hex');
  return { reference, parks, edition: `seed-${digest.slice(0, 20)}` };
}
