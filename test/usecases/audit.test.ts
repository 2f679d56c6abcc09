import { describe, expect, it } from 'vitest';
import { type Actor, type Caller, SYSTEM_CALLER } from '../../src/domain/access.js';
import { PROVINCE_CHAIN } from '../../src/domain/change.js';
import { MemoryAuditStore } from '../../src/memory/audit-store.js';
import { createAuditUseCases } from '../../src/usecases/audit.js';
import { verifyAudit } from '../../src/usecases/verify-audit.js';
import { testDigest } from '../support/conformance/audit-store.js';
import { makeChange } from '../support/conformance/changes.js';

const CHAINS = ['330782', '331102', PROVINCE_CHAIN];
const caller = (actor: Partial<Actor>): Caller => ({
  actor: { kind: 'user', id: 'user_a', role: 'sourceStaff', countyAdcode: '330782', scopes: [], ...actor },
  requestId: null,
});

async function filled(): Promise<MemoryAuditStore> {
  const auditStore = new MemoryAuditStore({ digest: testDigest });
  for (const chain of CHAINS) {
    await auditStore.append(chain, [
      makeChange(1, { objectId: `of-${chain}` }),
      makeChange(2, { objectId: `of-${chain}` }),
    ]);
  }
  return auditStore;
}

describe('listAudit', () => {
  it.each([
    ['source staff', caller({}), '330782'],
    ['host staff', caller({ role: 'hostStaff', countyAdcode: '331102' }), '331102'],
    ['a county’s auditor', caller({ role: 'auditor', countyAdcode: '331102' }), '331102'],
    ['a county’s token', caller({ kind: 'token', role: 'integration', scopes: ['audit.read'] }), '330782'],
  ])('gives %s the own chain only', async (_who, who, own) => {
    const { listAudit } = createAuditUseCases({ auditStore: await filled() }, who);
    const page = await listAudit({ chain: null }, null, 10);
    expect(page.items.map(({ chain, position }) => [chain, position])).toEqual([
      [own, 2],
      [own, 1],
    ]);
    expect(await listAudit({ chain: own }, null, 10)).toEqual(page);
    for (const chain of [...CHAINS.filter((other) => other !== own), '999999']) {
      const notFound = { code: 'notFound', params: { what: 'chain' }, issues: [] };
      await expect(listAudit({ chain }, null, 10)).rejects.toMatchObject(notFound);
    }
    // An object's id does not open another county's chain.
    expect((await listAudit({ chain: null, objectId: 'of-999999' }, null, 10)).items).toEqual([]);
  });

  it.each([
    ['the coordinator', SYSTEM_CALLER],
    ['the province’s auditor', caller({ role: 'auditor', countyAdcode: null })],
  ])('gives %s every chain, the province’s where none is named', async (_who, who) => {
    const { listAudit } = createAuditUseCases({ auditStore: await filled() }, who);
    for (const chain of CHAINS) {
      const { items } = await listAudit({ chain, type: 'need.submitted' }, null, 10);
      expect(items.map((entry) => [entry.chain, entry.position])).toEqual([[chain, 1]]);
    }
    expect((await listAudit({ chain: null }, null, 1)).items[0]?.chain).toBe(PROVINCE_CHAIN);
  });
});

describe('verifyAudit', () => {
  const digest = testDigest;

  it('checks every chain, longer ones than it reads at once too', async () => {
    const auditStore = await filled();
    const many = Array.from({ length: 1_100 }, (_, index) => makeChange(index + 1));
    await auditStore.append('330782', many);
    const verdicts = await verifyAudit({ auditStore, digest });
    expect(verdicts.map(({ chain, entries, fault }) => [chain, entries, fault])).toEqual([
      [PROVINCE_CHAIN, 2, null],
      ['330782', 1_102, null],
      ['331102', 2, null],
    ]);
  });

  it('looks behind a gap longer than it reads at once', async () => {
    const auditStore = await filled();
    await auditStore.append(
      '330782',
      Array.from({ length: 1_100 }, (_, index) => makeChange(index + 1)),
    );
    const read = auditStore.read.bind(auditStore);
    auditStore.read = async (chain, from, limit) =>
      (await read(chain, from, limit)).filter(({ position }) => position < 3 || position > 1_050);
    const [, verdict] = await verifyAudit({ auditStore, digest });
    expect(verdict).toMatchObject({ entries: 54, fault: { position: 3, kind: 'missing' } });
  });

  it('is not misled by entries appended while it looks, nor by a head that comes a moment later', async () => {
    const auditStore = await filled();
    const head = auditStore.head.bind(auditStore);
    let looks = 0;
    auditStore.head = async (chain) => {
      looks += 1;
      if (looks === 1) return null;
      const seen = await head(chain);
      await auditStore.append(chain, [makeChange(looks)]);
      return seen;
    };
    for (const { fault } of await verifyAudit({ auditStore, digest })) expect(fault).toBeNull();
  });

  it('misses a chain that is gone altogether by the heads kept elsewhere', async () => {
    const auditStore = await filled();
    const kept = { chain: '330483', position: 3, hash: 'a'.repeat(64) };
    const verdicts = await verifyAudit({ auditStore, digest }, [kept]);
    expect(verdicts.find(({ chain }) => chain === '330483')).toEqual({
      chain: '330483',
      entries: 0,
      head: null,
      fault: { position: 1, kind: 'cut' },
    });
  });
});
