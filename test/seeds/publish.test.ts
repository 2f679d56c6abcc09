import { describe, expect, it } from 'vitest';
import { loadSeedData } from '../../seeds/load.js';
import { publishSeeds } from '../../seeds/publish.js';
import type { ParkStore } from '../../src/ports/park-store.js';
import type { ReferenceStore } from '../../src/ports/reference-store.js';

/** Stores that remember only what publishing needs. */
function stores(order: string[] = []) {
  let inForce: string | null = null;
  const kept = new Set<string>();
  const referenceStore: Pick<ReferenceStore, 'publish'> = {
    async publish(edition) {
      order.push('reference');
      const changed = inForce !== edition;
      inForce = edition;
      return { changed };
    },
  };
  const parkStore: Pick<ParkStore, 'seed'> = {
    async seed(parks) {
      order.push('parks');
      const added = parks.filter(({ id }) => !kept.has(id)).length;
      for (const { id } of parks) kept.add(id);
      return { added, updated: parks.length - added, kept: 0 };
    },
  };
  return { referenceStore, parkStore };
}

describe('publishing the seeds', () => {
  const data = loadSeedData();

  it('puts parks before the edition that speaks of them, and counts', async () => {
    const order: string[] = [];
    const outcome = await publishSeeds(stores(order), data);
    expect(order).toEqual(['parks', 'reference']);
    expect(outcome).toMatchObject({
      edition: data.edition,
      referenceChanged: true,
      counties: 54,
      links: 236,
      policies: 60,
    });
    expect(outcome.parks.added).toBe(data.parks.length);
  });

  it('changes nothing the second time', async () => {
    const target = stores();
    await publishSeeds(target, data);
    const again = await publishSeeds(target, loadSeedData());
    expect(again).toMatchObject({ referenceChanged: false, parks: { added: 0 } });
  });
});
