import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../seeds/files.js';
import { loadSeedData } from '../../seeds/load.js';
import { parseNeed } from '../../src/schemas/need-schema.js';

const dir = path.join(packageRoot(), 'seeds', 'examples');
const files = readdirSync(dir);
const { reference } = loadSeedData();

describe('example needs', () => {
  it('are the three of the demo', () => {
    expect(files.sort()).toEqual([
      '1-semiconductor-materials-yiwu.json',
      '2-pencil-maker-yiwu.json',
      '3-conveyor-belt-tongxiang.json',
    ]);
  });

  it.each(files)('%s is a need the service takes, and says that it is an example', (file) => {
    const parsed = parseNeed(JSON.parse(readFileSync(path.join(dir, file), 'utf8')), '2026-11-21');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const { firm, title, gbt, chain, description } = parsed.need;
    expect(firm.name.startsWith('示例')).toBe(true);
    expect(title).toContain('示例');
    expect(description).toContain('虚构');
    expect(reference.counties.map(({ adcode }) => adcode)).toContain(firm.countyAdcode);
    expect(reference.industries.map(({ code }) => code)).toContain(gbt);
    const links = reference.chains.flatMap((one) => one.links.map(({ id }) => id));
    for (const link of chain?.links ?? []) expect(links).toContain(link);
  });
});
