import { AppError } from '../domain/errors.js';
import type { ReferenceData } from '../domain/reference.js';
import type { Clock } from '../ports/clock.js';
import type { IndustrySearch, IndustrySearchFactory } from '../ports/industry-search.js';
import type { ReferenceStore } from '../ports/reference-store.js';
import type { TextAnalysis, TextAnalysisFactory } from '../ports/text-analysis.js';

/** One edition of the reference data with what is built from it. */
export interface Edition {
  readonly name: string;
  readonly data: ReferenceData;
  readonly codes: ReadonlySet<string>;
  readonly adcodes: ReadonlySet<string>;
  readonly linkIds: ReadonlySet<string>;
  /** Built when first asked for. */
  text(): TextAnalysis;
  search(): IndustrySearch;
}

/** Keeps the edition in force at hand; looks at the store again when `maxAgeMs` is over. */
export interface ReferenceCache {
  /** @throws AppError `storeUnavailable` when the store is away or nothing was seeded. */
  current(): Promise<Edition>;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export function createReferenceCache(deps: {
  readonly referenceStore: ReferenceStore;
  readonly makeText: TextAnalysisFactory;
  readonly makeSearch: IndustrySearchFactory;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly maxAgeMs: number;
}): ReferenceCache {
  const { referenceStore, makeText, makeSearch, clock, maxAgeMs } = deps;
  let held: { readonly edition: Edition; readonly checkedAt: number } | null = null;

  function build(name: string, data: ReferenceData): Edition {
    return {
      name,
      data,
      codes: new Set(data.industries.map((industry) => industry.code)),
      adcodes: new Set(data.counties.map((county) => county.adcode)),
      linkIds: new Set(data.chains.flatMap((chain) => chain.links.map((link) => link.id))),
      text: once(() => makeText(data)),
      search: once(() => makeSearch(data)),
    };
  }

  return {
    async current() {
      const now = clock.monotonicMs();
      if (held !== null && now - held.checkedAt < maxAgeMs) return held.edition;
      const name = await referenceStore.edition();
      if (held !== null && held.edition.name === name) {
        held = { edition: held.edition, checkedAt: now };
        return held.edition;
      }
      const loaded = name === null ? null : await referenceStore.load();
      if (loaded === null) throw new AppError('storeUnavailable', { params: { what: 'reference' } });
      const edition = build(loaded.edition, loaded.data);
      held = { edition, checkedAt: now };
      return edition;
    },
  };
}
