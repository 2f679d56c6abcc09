import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { MemoryReferenceStore } from '../../src/memory/reference-store.js';
import { createReferenceCache } from '../../src/usecases/reference-cache.js';
import { tinyChain, tinyIndustry, tinyLink, tinyReference } from '../matching/tiny.js';
import { plainSearch, plainText } from './bench.js';
import { ManualClock } from './manual-clock.js';

function make() {
  const referenceStore = new MemoryReferenceStore();
  const clock = new ManualClock();
  const built = { text: 0, search: 0, loads: 0, looks: 0 };
  const load = referenceStore.load.bind(referenceStore);
  const edition = referenceStore.edition.bind(referenceStore);
  referenceStore.load = () => {
    built.loads += 1;
    return load();
  };
  referenceStore.edition = () => {
    built.looks += 1;
    return edition();
  };
  const cache = createReferenceCache({
    referenceStore,
    clock,
    maxAgeMs: 5_000,
    makeText: (data) => {
      built.text += 1;
      return plainText(data);
    },
    makeSearch: (data) => {
      built.search += 1;
      return plainSearch(data);
    },
  });
  return { referenceStore, clock, cache, built };
}

describe('reference cache', () => {
  it('is unavailable until something is seeded, then not', async () => {
    const { cache, referenceStore } = make();
    await expect(cache.current()).rejects.toMatchObject({
      code: 'storeUnavailable',
      params: { what: 'reference' },
    });
    await referenceStore.publish('e1', tinyReference());
    expect((await cache.current()).name).toBe('e1');
  });

  it('knows the codes, counties and links of the edition', async () => {
    const { cache, referenceStore } = make();
    const chains = [tinyChain('c', [tinyLink('l1', []), tinyLink('l2', [])]), tinyChain('d', [tinyLink('l3', [])])];
    const data = tinyReference({ chains, industries: [tinyIndustry('39'), tinyIndustry('3985')] });
    await referenceStore.publish('e1', data);
    const edition = await cache.current();
    expect([...edition.codes]).toEqual(['39', '3985']);
    expect([...edition.adcodes]).toEqual(data.counties.map(({ adcode }) => adcode));
    expect([...edition.linkIds]).toEqual(['l1', 'l2', 'l3']);
    expect(edition.data).toEqual(data);
  });

  it('looks at the store again when the age is over, and loads only another edition', async () => {
    const { cache, referenceStore, clock, built } = make();
    await referenceStore.publish('e1', tinyReference());
    const first = await cache.current();
    await clock.advance(4_999);
    expect(await cache.current()).toBe(first);
    expect(built).toMatchObject({ looks: 1, loads: 1 });
    await clock.advance(1);
    expect(await cache.current()).toBe(first);
    expect(built).toMatchObject({ looks: 2, loads: 1 });
    await referenceStore.publish('e2', tinyReference({ industries: [] }));
    await clock.advance(4_999);
    expect((await cache.current()).name).toBe('e1');
    await clock.advance(1);
    const second = await cache.current();
    expect([second.name, second.codes.size]).toEqual(['e2', 0]);
    expect(built).toMatchObject({ looks: 3, loads: 2 });
  });

  it('builds text and search once an edition, when first asked for', async () => {
    const { cache, referenceStore, built } = make();
    await referenceStore.publish('e1', tinyReference());
    const edition = await cache.current();
    expect(built).toMatchObject({ text: 0, search: 0 });
    expect(edition.text()).toBe(edition.text());
    expect(edition.search()).toBe(edition.search());
    expect(built).toMatchObject({ text: 1, search: 1 });
  });

  it('says so when the store is away, and recovers', async () => {
    const { cache, referenceStore, clock } = make();
    await referenceStore.publish('e1', tinyReference());
    const first = await cache.current();
    const edition = referenceStore.edition;
    referenceStore.edition = () => Promise.reject(new AppError('storeUnavailable'));
    await clock.advance(5_000);
    await expect(cache.current()).rejects.toMatchObject({ code: 'storeUnavailable' });
    referenceStore.edition = edition;
    expect(await cache.current()).toBe(first);
  });
});
