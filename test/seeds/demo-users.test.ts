import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadDemoUsers } from '../../seeds/demo-users.js';
import { seedDataDir } from '../../seeds/files.js';
import { loadSeedData } from '../../seeds/load.js';

it('are of 义乌, 莲都, 桐乡, 天台 and the province, marked as the demo’s, without a password', () => {
  const users = loadDemoUsers();
  expect(users.map(({ role, countyAdcode }) => `${role} ${countyAdcode}`)).toEqual([
    'sourceStaff 330782',
    'hostStaff 331102',
    'sourceStaff 330483',
    'hostStaff 331023',
    'coordinator null',
    'auditor null',
  ]);
  for (const user of users) expect(user).toMatchObject({ demo: true, provenance: { basis: 'sample' } });
  expect(readFileSync(path.join(seedDataDir(), 'demo-users.json'), 'utf8')).not.toMatch(/password|密码|hash/i);
});

it('are of counties and pairs the edition knows', () => {
  const { reference } = loadSeedData();
  const adcodes = new Set(reference.counties.map(({ adcode }) => adcode));
  const ofCounty = loadDemoUsers().flatMap(({ countyAdcode }) => (countyAdcode === null ? [] : [countyAdcode]));
  expect(ofCounty.filter((adcode) => !adcodes.has(adcode))).toEqual([]);
  const pairs = reference.pairings.map(({ sourceAdcode, hostAdcode }) => `${sourceAdcode} ${hostAdcode}`);
  expect(pairs).toEqual(expect.arrayContaining(['330782 331102', '330483 331023']));
});

it('are named with record and field when they are broken', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'demo-users-'));
  try {
    const text = readFileSync(path.join(seedDataDir(), 'demo-users.json'), 'utf8');
    const broken = (from: string, to: string) => {
      writeFileSync(path.join(dir, 'demo-users.json'), text.replace(from, to));
      return () => loadDemoUsers(dir);
    };
    expect(broken('"demo":true', '"demo":false')).toThrow('demo-users.json [330782] demo');
    expect(broken('demo-liandu', 'demo-yiwu')).toThrow('stands twice');
    expect(broken('"role":"hostStaff"', '"role":"hostStaff","password":"x"')).toThrow('demo-users.json');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
