import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedDataDir } from '../../seeds/files.js';
import { generateInventories } from '../../seeds/generate/inventories.js';
import { sampleRandom } from '../../seeds/generate/random.js';
import { generatedSeedFiles } from '../../seeds/generate/write.js';
import { loadSeedData } from '../../seeds/load.js';
import { readSources } from '../../seeds/sources.js';
import type { Fact, Park } from '../../src/domain/park.js';

const { parks, reference } = loadSeedData();
const countyOf = (park: Park) => reference.counties.find(({ adcode }) => adcode === park.countyAdcode);
const factsOf = ({ inventory }: Park): readonly Fact[] => [
  ...Object.values(inventory.factors),
  inventory.landPriceWanPerMu,
  inventory.workshopRentYuanPerM2Month,
  inventory.wageYuanPerMonth,
  inventory.labourAvailable,
  ...Object.values(inventory.landStandard),
];
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

describe('generated seed files', () => {
  it.each([...generatedSeedFiles()])('%s is what the generator makes', (file, text) => {
    expect(readFileSync(path.join(seedDataDir(), file), 'utf8') === text, `run npm run seed:generate: ${file}`).toBe(
      true,
    );
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  });

  it('gives the same stream for the same name on any machine', () => {
    const random = sampleRandom('shanhai');
    const stream = Array.from({ length: 4 }, () => random.next());
    const again = sampleRandom('shanhai');
    expect(Array.from({ length: 4 }, () => again.next())).toEqual(stream);
    expect(sampleRandom('shanhaj').next()).not.toBe(stream[0]);
    expect(stream.every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('leaves the other parks as they were when one is added', () => {
    const sources = readSources(seedDataDir(), []);
    const all = generateInventories(sources.parks, sources.counties);
    const fewer = generateInventories(sources.parks.slice(1), sources.counties);
    expect(fewer).toEqual(all.slice(1));
  });
});

describe('sample inventories', () => {
  it('stay within what is plausible', () => {
    for (const park of parks) {
      const { inventory, id } = park;
      expect(inventory.parcels.length, id).toBeGreaterThanOrEqual(3);
      expect(inventory.parcels.length, id).toBeLessThanOrEqual(9);
      for (const { areaMu, availableFrom } of inventory.parcels) {
        expect(areaMu).toBeGreaterThanOrEqual(8);
        expect(areaMu).toBeLessThanOrEqual(260);
        expect(availableFrom >= '2026-01-01' && availableFrom <= '2029-12-31', availableFrom).toBe(true);
      }
      const price = inventory.landPriceWanPerMu.value;
      const floor = countyOf(park)?.landFloorPriceWanPerMu;
      if (price !== null && floor !== null && floor !== undefined) expect(price, id).toBeGreaterThanOrEqual(floor);
      const { energyPerValueAddedTce, plotRatio, investPerMuWan, taxPerMuWan } = inventory.landStandard;
      expect(energyPerValueAddedTce).toMatchObject({ value: 0.52, basis: 'unverified' });
      const within = (fact: Fact, low: number, high: number) =>
        expect(fact.value === null || (fact.value >= low && fact.value <= high), `${id} ${fact.value}`).toBe(true);
      within(plotRatio, 1.2, 1.5);
      within(investPerMuWan, 200, 350);
      within(taxPerMuWan, 12, 25);
      within(inventory.workshopRentYuanPerM2Month, 6, 12.5);
    }
  });

  it('are tighter where ecology comes first, and grow with the park', () => {
    const values = (kind: 'leapfrog' | 'ecological', level: Park['level'], factor: 'codT' | 'energyTce') =>
      parks
        .filter((park) => countyOf(park)?.developmentClass === kind && park.level === level)
        .flatMap(({ inventory }) => inventory.factors[factor].value ?? []);
    expect(median(values('ecological', 'provincial', 'codT')) * 3).toBeLessThan(
      median(values('leapfrog', 'provincial', 'codT')),
    );
    expect(median(values('leapfrog', 'county', 'energyTce'))).toBeLessThan(
      median(values('leapfrog', 'provincial', 'energyTce')),
    );
  });

  it('leave a few facts unknown and a few old', () => {
    const facts = parks.flatMap(factsOf);
    const share = (test: (fact: Fact) => boolean) => facts.filter(test).length / facts.length;
    expect(share(({ value }) => value === null)).toBeGreaterThan(0.02);
    expect(share(({ value }) => value === null)).toBeLessThan(0.06);
    expect(share(({ asOf }) => asOf < '2025-11-21')).toBeGreaterThan(0.05);
    expect(share(({ asOf }) => asOf > '2026-11-21')).toBe(0);
  });
});
