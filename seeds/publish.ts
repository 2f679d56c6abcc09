import { SYSTEM_CALLER } from '../src/domain/access.js';
import { schemeRef } from '../src/domain/scheme.js';
import type { ParkStore } from '../src/ports/park-store.js';
import type { ReferenceStore } from '../src/ports/reference-store.js';
import type { SeedScheme } from '../src/schemas/scheme-schema.js';
import { publishScheme } from '../src/usecases/leads/schemes.js';
import type { SeedData } from './load.js';

/** What publishing did. */
export interface SeedOutcome {
  readonly edition: string;
  /** False where this edition was in force already. */
  readonly referenceChanged: boolean;
  readonly parks: { readonly added: number; readonly updated: number; readonly kept: number };
  readonly counties: number;
  readonly links: number;
  readonly presences: number;
  readonly policies: number;
}

/**
 * Puts the seed edition into the stores. Doing it again changes nothing; a park whose inventory staff have edited keeps
 * it. Parks go first, so that whoever reads the new edition finds the parks it speaks of. Raises `storeUnavailable`.
 */
export async function publishSeeds(
  stores: { readonly referenceStore: Pick<ReferenceStore, 'publish'>; readonly parkStore: Pick<ParkStore, 'seed'> },
  data: SeedData,
): Promise<SeedOutcome> {
  const parks = await stores.parkStore.seed(data.parks);
  const { changed } = await stores.referenceStore.publish(data.edition, data.reference);
  return {
    edition: data.edition,
    referenceChanged: changed,
    parks,
    counties: data.reference.counties.length,
    links: data.reference.chains.reduce((sum, { links }) => sum + links.length, 0),
    presences: data.reference.presences.length,
    policies: data.reference.policies.length,
  };
}

/**
 * Publishes the versions of schemes that are not there yet; versions are never changed, and one that people have
 * published under the same number stands.
 * @returns how many were new. Raises `storeUnavailable`.
 */
export async function publishSchemes(
  deps: Parameters<typeof publishScheme>[0],
  schemes: readonly SeedScheme[],
): Promise<number> {
  const there = new Set((await deps.schemeStore.all()).map(schemeRef));
  const missing = schemes.filter((scheme) => !there.has(schemeRef(scheme)));
  for (const scheme of missing) await publishScheme(deps, SYSTEM_CALLER, scheme.id, scheme.version - 1, scheme);
  return missing.length;
}
