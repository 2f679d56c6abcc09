import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeedDataError, seedDataDir } from '../../seeds/files.js';
import { loadSeedData } from '../../seeds/load.js';
import { holdsOn } from '../../src/domain/county.js';
import { CRITERIA } from '../../src/domain/match.js';

const TODAY = '2026-11-21';
const seeds = loadSeedData();
const extraFeeds: unknown[] = JSON.parse(readFileSync(path.join(seedDataDir(), 'extra-feeds.json'), 'utf8'));
const county = (name: string) => {
  const found = seeds.reference.counties.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no county ${name}`);
  return found;
};

describe('the committed seed edition', () => {
  it('holds what its sources count', () => {
    const { counties, chains, pairings, industries, policies, profiles } = seeds.reference;
    const links = chains.flatMap((chain) => chain.links);
    expect(counties).toHaveLength(54);
    expect(pairings).toHaveLength(18);
    expect(chains).toHaveLength(19);
    expect(links).toHaveLength(236);
    const feeds = links.reduce((sum, link) => sum + link.feeds.length, 0);
    expect(feeds).toBe(315 + extraFeeds.length);
    expect(extraFeeds.length).toBeGreaterThan(100);
    expect(industries).toHaveLength(839);
    expect(policies).toHaveLength(60);
    expect(seeds.parks.length).toBeGreaterThanOrEqual(45);
    expect(profiles.map(({ id, version }) => `${id}@${version}`)).toEqual(['default@1']);
    const weights = profiles[0]?.weights;
    expect(CRITERIA.reduce((sum, criterion) => sum + (weights?.[criterion] ?? Number.NaN), 0)).toBeCloseTo(1, 12);
  });

  it('dates what a county is', () => {
    const kinds = (name: string, day: string) =>
      county(name)
        .statuses.filter((status) => holdsOn(status, day))
        .map(({ kind }) => kind);
    const mountain = (day: string) =>
      seeds.reference.counties.filter(({ name }) => kinds(name, day).includes('mountain')).length;
    expect(mountain('2024-08-20')).toBe(26);
    expect(mountain('2024-08-21')).toBe(23);
    for (const name of ['平阳县', '莲都区']) expect(kinds(name, TODAY)).toEqual([]);
    expect(kinds('柯城区', '2024-01-01')).toEqual(['mountain']);
    expect(kinds('柯城区', TODAY)).toEqual(['industrial']);
    expect(kinds('义乌市', TODAY)).toEqual(['industrial']);
    expect(seeds.reference.counties.filter(({ keyEcologicalZone }) => keyEcologicalZone)).toHaveLength(11);
  });

  it('gives every mountain county a park, and every park an inventory marked as sample', () => {
    const homes = new Set(seeds.parks.map(({ countyAdcode }) => countyAdcode));
    const mountain = seeds.reference.counties.filter(({ statuses }) =>
      statuses.some(({ kind }) => kind === 'mountain'),
    );
    expect(mountain.filter(({ adcode }) => !homes.has(adcode))).toEqual([]);
    expect(seeds.parks.filter(({ inventory }) => inventory.provenance.basis !== 'sample')).toEqual([]);
    expect(
      seeds.parks.filter(({ planKm2, provenance }) => planKm2 !== null && provenance.basis === 'unverified'),
    ).toEqual([]);
  });

  it('converts prices and keeps what has no price as unknown', () => {
    const prices = new Map(seeds.reference.quotaPrices.map(({ quota, priceWan }) => [quota, priceWan]));
    expect(prices.get('codT')).toBe(3.6826);
    expect(prices.get('nh3nT')).toBe(4.4117);
    expect(prices.get('so2T')).toBe(0.9765);
    expect(prices.get('noxT')).toBe(0.5316);
    expect(prices.get('energyTce')).toBeNull();
  });

  it('keeps rules nobody could check unverified, and offers no county policy to a county that left the list', () => {
    expect(seeds.reference.accessRules.map(({ level, provenance }) => [level, provenance.basis])).toEqual([
      ['ban', 'unverified'],
      ['restrict', 'unverified'],
    ]);
    const mountainWide = seeds.reference.policies.find(({ id }) => id === 'prov-18tiao');
    expect(mountainWide?.adcodes).toHaveLength(23);
    expect(mountainWide?.adcodes).not.toContain(county('平阳县').adcode);
  });

  it('names no folder of a workplace', () => {
    for (const file of readdirSync(seedDataDir(), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.json')) continue;
      expect(readFileSync(path.join(seedDataDir(), file), 'utf8'), file).not.toMatch(
        /\/work\/|\/root\/|\/tmp\/|\.\.\//,
      );
    }
  });

  it('gives the same edition for the same content', () => {
    expect(loadSeedData().edition).toBe(seeds.edition);
    expect(seeds.edition).toMatch(/^seed-[0-9a-f]{20}$/);
  });
});

describe('a broken seed file', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'seeds-'));
    cpSync(seedDataDir(), dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const edit = (file: string, change: (text: string) => string) => {
    const before = readFileSync(path.join(dir, file), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(path.join(dir, file), after);
  };
  const failure = (): SeedDataError => {
    try {
      loadSeedData(dir);
    } catch (error) {
      if (error instanceof SeedDataError) return error;
      throw error;
    }
    throw new Error('loaded all the same');
  };

  it.each([
    ['counties.json', '"prefecture":"杭州市"', '"prefecture":7', '330127', 'prefecture', '7'],
    ['counties.json', '"lon":119.0391', '"lon":119.0391,"lng":1', '330127', '-', '{'],
    ['pairings.json', '"from":"2023-01-01"', '"from":"2023-02-30"', 'pair-01', 'from', '"2023-02-30"'],
    ['pairings.json', '"hostAdcode":"330329"', '"hostAdcode":"999999"', 'pair-01', 'hostAdcode', '"999999"'],
    [
      'chains.json',
      '"feeds":["semi-device","semi-equip","semi-opto"]',
      '"feeds":["nowhere"]',
      'semi-quartz',
      'feeds',
      '"nowhere"',
    ],
    ['weight-profiles.json', '"labour":0.04', '"labour":-1', 'default', 'weights.labour', '-1'],
    ['policies.json', '"adcodes":["330782","331102"]', '"adcodes":[]', 'ywld-gfd', 'adcodes', '[]'],
    ['policies.json', '"maxWanPerYear":500', '"maxWanPerYear":600', 'ywld-gfd', 'maxWanPerYear', '600'],
    ['policies.json', '"maxWanPerYear":500', '"maxWanPerYear":0', 'ywld-gfd', 'maxWanPerYear', '0'],
  ])('is named with record, field and value: %s %s', (file, from, to, record, field, value) => {
    edit(file, (text) => text.replace(from, to));
    const { problems, message } = failure();
    const problem = problems.find((one) => one.file === file && one.record === record && one.field === field);
    expect(problem?.value.startsWith(value), message).toBe(true);
    expect(message).toContain(`${file} [${record}] ${field}:`);
  });

  it('is refused when a park has no inventory, a mountain county no park, or the JSON is torn', () => {
    edit('inventories.json', (text) => text.replace('"parkId":"330127-01"', '"parkId":"330127-99"'));
    expect(failure().problems.map(({ record, message }) => [record, message])).toContainEqual([
      '330127-01',
      'no inventory',
    ]);
    writeFileSync(path.join(dir, 'inventories.json'), '[{');
    expect(failure().message).toContain('inventories.json');
  });

  it('changes the edition when a fact changes', () => {
    edit('policies.json', (text) => text.replace('6个工作日内兑现', '5个工作日内兑现'));
    expect(loadSeedData(dir).edition).not.toBe(seeds.edition);
  });
});
