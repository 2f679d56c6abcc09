import { describe, expect, it } from 'vitest';
import { TOKEN_SCOPES } from '../../../src/domain/access.js';
import { LIANDU, makeBench, refusal, YIWU } from './bench.js';

const INPUT = { name: ' 数据中台 ', scopes: ['need.read'], expiresInDays: 30, countyAdcode: null } as const;

async function people() {
  const bench = makeBench();
  const yiwu = bench.as(await bench.addUser('yiwu'));
  const liandu = bench.as(await bench.addUser('liandu', { role: 'hostStaff', countyAdcode: LIANDU }));
  const province = bench.as(await bench.addUser('lead', { role: 'coordinator', countyAdcode: null }));
  const auditor = bench.as(await bench.addUser('auditor', { role: 'auditor', countyAdcode: null }));
  return { bench, yiwu, liandu, province, auditor };
}

describe('a token', () => {
  it('is made for the own county, shown once, kept as a digest, and noted without its name', async () => {
    const { bench, yiwu } = await people();
    const { token, secret } = await yiwu.createToken(INPUT);
    expect(token).toMatchObject({
      ...{ name: '数据中台', countyAdcode: YIWU, scopes: ['need.read'], revokedAt: null },
      ...{ createdAt: '2026-03-01T00:00:00.000Z', expiresAt: '2026-03-31T00:00:00.000Z' },
    });
    expect(secret).toMatch(new RegExp(`^shm_${token.id}_[A-Za-z0-9_-]{43}$`));
    const kept = JSON.stringify(await bench.accounts.getToken(token.id));
    expect(kept).not.toContain(secret.slice(-43));
    const changes = await bench.changesOf(token.id);
    expect(changes).toMatchObject([
      { id: `${token.id}.1`, type: 'token.created', chains: [YIWU], after: { scopes: ['need.read'] } },
    ]);
    expect(JSON.stringify(changes)).not.toContain('数据中台');
  });

  it('gets no scope that its maker has not', async () => {
    const { yiwu, liandu, province } = await people();
    const ask = (who: typeof yiwu, scopes: readonly (typeof TOKEN_SCOPES)[number][]) =>
      refusal(who.createToken({ ...INPUT, scopes }));
    expect(await ask(yiwu, ['need.write', 'lead.write'])).toBe('done');
    expect(await ask(yiwu, ['need.read', 'hold.write'])).toBe('invalidInput scopes[1]: notAllowed');
    expect(await ask(liandu, ['hold.write', 'park.write'])).toBe('done');
    expect(await ask(liandu, ['need.write'])).toBe('invalidInput scopes[0]: notAllowed');
    expect(await ask(province, TOKEN_SCOPES)).toBe('done');
    const beyond = { ...INPUT, scopes: ['user.manage'] as const };
    expect(await refusal(province.createToken(beyond))).toBe('invalidInput scopes[0]: notAllowed');
  });

  it.each([
    [{ name: ' ' }, 'name: empty'],
    [{ name: 'x'.repeat(61) }, 'name: tooLong'],
    [{ scopes: [] }, 'scopes: tooFew'],
    [{ scopes: ['need.read', 'need.read'] }, 'scopes[1]: duplicate'],
    [{ expiresInDays: 0 }, 'expiresInDays: tooSmall'],
    [{ expiresInDays: 367 }, 'expiresInDays: tooLarge'],
    [{ expiresInDays: 1.5 }, 'expiresInDays: notWhole'],
    [{ countyAdcode: LIANDU }, 'countyAdcode: notYours'],
    [{ countyAdcode: '999999' }, 'countyAdcode: notYours'],
  ] as const)('is refused: %o', async (wrong, issue) => {
    const { yiwu } = await people();
    expect(await refusal(yiwu.createToken({ ...INPUT, ...wrong }))).toBe(`invalidInput ${issue}`);
    expect((await yiwu.listTokens(null, 10)).items).toEqual([]);
  });

  it('may be for any county or for all, from the province', async () => {
    const { province } = await people();
    const made = (countyAdcode: string | null) => province.createToken({ ...INPUT, countyAdcode });
    expect((await made(LIANDU)).token.countyAdcode).toBe(LIANDU);
    expect((await made(null)).token.countyAdcode).toBeNull();
    expect(await refusal(made('999999'))).toBe('invalidInput countyAdcode: unknownCounty');
  });

  it('of another county, or of the province, is as if it were not there', async () => {
    const { bench, yiwu, liandu, province } = await people();
    const { token: theirs } = await liandu.createToken({ ...INPUT, scopes: ['need.read'] });
    const { token: provinces } = await province.createToken(INPUT);
    const { token: own } = await yiwu.createToken(INPUT);
    expect((await yiwu.listTokens(null, 10)).items).toEqual([own]);
    for (const id of [theirs.id, provinces.id, 'token_none'])
      expect(await refusal(yiwu.revokeToken(id))).toBe('notFound');
    expect((await bench.accounts.getToken(theirs.id))?.revokedAt).toBeNull();
    expect((await province.listTokens(null, 10)).items).toHaveLength(3);
    expect((await province.revokeToken(theirs.id)).revokedAt).toBe(bench.clock.now());
  });

  it('is managed neither by auditors nor by tokens', async () => {
    const { bench, auditor, province } = await people();
    const { token, secret } = await province.createToken({ ...INPUT, scopes: TOKEN_SCOPES });
    const signedIn = await bench.authenticator.byToken(secret);
    if (signedIn === null) throw new Error('no token');
    const program = bench.asCaller({ actor: signedIn.actor, requestId: null });
    for (const who of [auditor, program]) {
      expect(await refusal(who.listTokens(null, 10))).toBe('forbidden');
      expect(await refusal(who.createToken(INPUT))).toBe('forbidden');
      expect(await refusal(who.revokeToken(token.id))).toBe('forbidden');
      expect(await refusal(who.listUsers(null, 10))).toBe('forbidden');
    }
  });
});
