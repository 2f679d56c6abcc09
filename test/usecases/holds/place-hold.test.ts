import { describe, expect, it } from 'vitest';
import { NEVER } from '../../../src/domain/hold.js';
import {
  auditor,
  coordinator,
  HOST,
  type HoldWorld,
  host,
  makeHoldWorld,
  mu,
  OTHER_HOST,
  otherHost,
  program,
  SOURCE,
  source,
} from './hold-world.js';

const issueOf = (field: string, code: string) => ({ code: 'holdRefused', issues: [{ field, code }] });

async function held(world: HoldWorld, leadId: string, kind: 'soft' | 'firm' = 'soft') {
  const outcome = await world.place(leadId, { kind });
  if (outcome.status !== 'held') throw new Error('not held');
  return outcome.hold;
}

describe('placing a hold', () => {
  it('sets aside what the need asks for, for the days of the scheme, and says so on the lead', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead({ land: { minMu: 50 }, energyTce: 200, emissions: { codT: 1.5, noxT: 2 } });
    const outcome = await world.place(id);
    const hold = {
      id: expect.stringMatching(/^hold_[a-z0-9]{24}$/),
      ...{ leadId: id, kind: 'soft', placedAt: '2026-03-01T00:00:00.000Z', until: '2026-03-31T00:00:00.000Z' },
      amounts: { parcels: [{ parcelId: 'a', mu: 50 }], factors: { energyTce: 200, codT: 1.5 } },
      ...{ expiringToldAt: null, extensions: [] },
    };
    expect(outcome).toMatchObject({ status: 'held', hold, parkId: 'p1', lead: { id, version: 3 } });
    const { capacity } = await world.park();
    expect(capacity).toEqual({ version: 1, holds: [hold], waitlist: [], fenced: [] });
    const lead = await world.read(id);
    expect(lead.claim).toMatchObject({ holdId: capacity.holds[0]?.id, parkId: 'p1', state: 'placed' });
    expect(world.holdExpiry.waiting()).toEqual([{ parkId: 'p1', holdId: lead.claim?.holdId, at: hold.until }]);
    expect(world.signalled).toEqual([`lead ${id}`, 'park p1', `lead ${id}`]);
  });

  it('writes what happened into both documents: ids and numbers, nothing of the firm', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead({ land: { minMu: 50 }, emissions: { codT: 1.5 } });
    const { id: holdId } = await held(world, id);
    const [placed, ...others] = await world.changes();
    expect(others).toEqual([]);
    expect(placed).toEqual({
      id: 'p1.c1',
      at: '2026-03-01T00:00:00.000Z',
      actor: { kind: 'user', id: `user_hostStaff_${HOST}`, role: 'hostStaff', countyAdcode: HOST },
      requestId: 'request-1',
      type: 'hold.placed',
      object: { kind: 'park', id: 'p1', version: 1 },
      chains: [HOST, SOURCE],
      before: null,
      after: {
        ...{ holdId, leadId: id, kind: 'soft', until: '2026-03-31T00:00:00.000Z', extensions: 0 },
        ...{ 'parcel:a': 50, codT: 1.5 },
      },
      scheme: 'zj-pairing@1',
    });
    const claims = await world.changes('lead');
    expect(claims.map(({ id, type, after }) => [id, type, after?.['claim']])).toEqual([
      [`${id}.2`, 'lead.claim_changed', 'placing'],
      [`${id}.3`, 'lead.claim_changed', 'placed'],
    ]);
    expect(JSON.stringify([placed, claims, world.lines])).not.toContain('不可外传');
  });

  it('gives all or nothing: what is short is named, and the lead is free again', async () => {
    const world = await makeHoldWorld();
    await held(world, await world.lead({ land: { minMu: 50 } }));
    const id = await world.lead({ land: { minMu: 0 } });
    const amounts = {
      parcels: [
        { parcelId: 'a', mu: 11 },
        { parcelId: 'b', mu: 40 },
      ],
      factors: { noxT: 1, codT: 10 },
    };
    await expect(world.place(id, { amounts })).rejects.toMatchObject({
      code: 'capacityShort',
      issues: [
        { field: 'amounts.parcel:a', code: 'capacityShort', value: 11, limit: 10 },
        { field: 'amounts.noxT', code: 'unknownStock', value: 1 },
      ],
    });
    expect((await world.park()).capacity.holds).toHaveLength(1);
    expect((await world.read(id)).claim).toBeNull();
    const { factors: _, ...rest } = amounts;
    expect(
      (await world.place(id, { amounts: { ...rest, parcels: [{ parcelId: 'b', mu: 40 }], factors: {} } })).status,
    ).toBe('held');
  });

  it.each([
    [{ parcels: [{ parcelId: 'x', mu: 1 }], factors: {} }, 'amounts.parcels[0].parcelId', 'unknownParcel'],
    [{ parcels: [{ parcelId: 'a', mu: 0 }], factors: {} }, 'amounts.parcels[0].mu', 'tooSmall'],
    [{ parcels: [{ parcelId: 'a', mu: Number.NaN }], factors: {} }, 'amounts.parcels[0].mu', 'tooSmall'],
    [{ parcels: [], factors: { codT: -1 } }, 'amounts.factors.codT', 'tooSmall'],
    [{ parcels: [], factors: {} }, 'amounts', 'required'],
  ])('refuses amounts that say nothing: %j', async (amounts, field, code) => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    await expect(world.place(id, { amounts })).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field, code }],
    });
    expect((await world.read(id)).claim).toBeNull();
  });

  it('answers a repeated request with the hold that is there', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const first = await held(world, id);
    expect(await held(world, id)).toEqual(first);
    expect((await world.place(id, { amounts: mu(30, 'b') })).status).toBe('held');
    await expect(world.place(id, { amounts: mu(31, 'b') })).rejects.toMatchObject(issueOf('lead', 'hasHold'));
    expect((await world.park()).capacity.version).toBe(1);
  });

  it('gives one hold to a lead that is asked for by 20 at once', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead({ land: { minMu: 10 } });
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => world.place(id)));
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(issueOf('lead', 'claimPending'));
    }
    expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await world.park()).capacity.holds).toHaveLength(1);
    expect((await world.read(id)).claim?.state).toBe('placed');
  });

  it('sells nothing twice to 30 leads at once', async () => {
    const world = await makeHoldWorld();
    const ids = [];
    for (let made = 0; made < 30; made += 1) ids.push(await world.lead({ land: { minMu: 9 } }));
    const answers = await Promise.allSettled(ids.map((id) => world.place(id)));
    const won = ids.filter((_, index) => answers[index]?.status === 'fulfilled');
    // Six on 60 mu, four on 40.
    expect(won).toHaveLength(10);
    const { capacity } = await world.park();
    expect(capacity.holds.map(({ leadId }) => leadId).sort()).toEqual(won.sort());
    for (const id of ids) expect((await world.read(id)).claim?.state ?? null).toBe(won.includes(id) ? 'placed' : null);
  });
});

describe('making a hold firm', () => {
  it('is done in its place from the first talk on, for the firm days', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const soft = await held(world, id);
    await expect(world.place(id, { kind: 'firm' })).rejects.toMatchObject({
      code: 'holdRefused',
      issues: [{ field: 'lead', code: 'wrongStage', value: 'accepted', mend: ['firstTalk', 'signed'] }],
    });
    await world.edit(id, { stage: 'firstTalk' });
    await world.days(10);
    const firm = await held(world, id, 'firm');
    expect(firm).toEqual({ ...soft, kind: 'firm', until: '2026-09-07T00:00:00.000Z' });
    expect(await held(world, id, 'firm')).toEqual(firm);
    expect(
      (await world.changes()).map(({ id, type, before, after }) => [id, type, before?.['kind'], after?.['kind']]),
    ).toEqual([
      ['p1.c1', 'hold.placed', undefined, 'soft'],
      ['p1.c2', 'hold.firm', 'soft', 'firm'],
    ]);
    await expect(world.place(id)).rejects.toMatchObject(issueOf('lead', 'hasHold'));
    expect(world.holdExpiry.waiting().map(({ at }) => at)).toEqual([soft.until, firm.until]);
  });

  it('takes other amounts if they fit beside the others, else stays soft', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead({ land: { minMu: 50 } }, { stage: 'firstTalk' });
    const soft = await held(world, id);
    await expect(world.place(id, { kind: 'firm', amounts: mu(61) })).rejects.toMatchObject({
      code: 'capacityShort',
      issues: [{ limit: 60 }],
    });
    expect((await world.park()).capacity.holds).toEqual([soft]);
    const outcome = await world.place(id, { kind: 'firm', amounts: mu(60) });
    expect(outcome).toMatchObject({ status: 'held', hold: { id: soft.id, kind: 'firm', amounts: mu(60) } });
  });

  it('needs no soft one before', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead(undefined, { stage: 'signed' });
    expect((await held(world, id, 'firm')).until).toBe('2026-08-28T00:00:00.000Z');
  });

  it('comes too late for one whose time is over: a new one is placed', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead(undefined, { stage: 'firstTalk' });
    const soft = await held(world, id);
    await world.days(30);
    const firm = await held(world, id, 'firm');
    expect(firm.id).not.toBe(soft.id);
    expect((await world.park()).capacity.holds).toEqual([firm]);
    expect((await world.read(id)).claim).toMatchObject({ holdId: firm.id, state: 'placed' });
    const types = (await world.changes()).map(({ type, after }) => [type, after?.['reason']]);
    expect(types.slice(1)).toEqual([
      ['hold.released', 'expired'],
      ['hold.placed', undefined],
    ]);
  });
});

describe('stages', () => {
  it.each([
    'registered',
    'pushed',
    'declined',
    'signed',
    'landSupplied',
    'construction',
    'completed',
    'production',
    'ended',
  ] as const)('refuse a soft hold in %s', async (stage) => {
    const world = await makeHoldWorld();
    const id = await world.lead(undefined, { stage });
    await expect(world.place(id)).rejects.toMatchObject(issueOf('lead', 'wrongStage'));
  });
});

describe('who may', () => {
  it('the host county, its programs and the province', async () => {
    const world = await makeHoldWorld();
    for (const who of [host, coordinator, program(HOST, 'hold.write')]) {
      const id = await world.lead({ land: { minMu: 5 } });
      const outcome = await world.place(id, {}, who);
      if (outcome.status !== 'held') throw new Error('not held');
      expect((await world.as(who).extendHold(outcome.hold.id, '待批')).extensions).toHaveLength(1);
      await world.as(who).releaseHold(outcome.hold.id);
    }
  });

  it('nobody else: who sees the lead is told so, to others there is none', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const { id: holdId } = await held(world, id);
    const forbidden = { code: 'forbidden', params: { action: 'hold.write' } };
    const hidden = { code: 'notFound' };
    for (const [who, refusal] of [
      [source, forbidden],
      [program(SOURCE, 'hold.write'), forbidden],
      [program(HOST, 'lead.read'), forbidden],
      [auditor, forbidden],
      [otherHost, hidden],
      [program(OTHER_HOST, 'hold.write'), hidden],
    ] as const) {
      await expect(world.place(id, {}, who)).rejects.toMatchObject(refusal);
      await expect(world.as(who).extendHold(holdId, '待批')).rejects.toMatchObject(refusal);
      await expect(world.as(who).releaseHold(holdId)).rejects.toMatchObject(refusal);
    }
    await expect(world.place('lead_none', {}, otherHost)).rejects.toEqual(
      await world.place(id, {}, otherHost).catch((error: unknown) => error),
    );
    await expect(world.as(otherHost).releaseHold('hold_none')).rejects.toEqual(
      await world
        .as(otherHost)
        .releaseHold(holdId)
        .catch((error: unknown) => error),
    );
    // A lead that was only registered is not the host's to see yet.
    const early = await world.lead(undefined, { stage: 'registered', history: [] });
    await expect(world.place(early)).rejects.toMatchObject(hidden);
    expect((await world.park()).capacity.version).toBe(1);
  });
});

describe('extending', () => {
  it('goes on from now, as often as the scheme says, and keeps the reason from the trail', async () => {
    const world = await makeHoldWorld();
    const { id } = await held(world, await world.lead());
    await world.days(20);
    const first = await world.as(host).extendHold(id, ' 环评未批 ');
    expect(first.until).toBe('2026-04-20T00:00:00.000Z');
    expect(first.extensions).toEqual([
      { at: '2026-03-21T00:00:00.000Z', by: `user_hostStaff_${HOST}`, until: first.until, reason: '环评未批' },
    ]);
    await world.as(host).extendHold(id, '再等');
    await expect(world.as(host).extendHold(id, '三等')).rejects.toMatchObject({
      code: 'holdRefused',
      issues: [{ field: 'hold', code: 'extendedTooOften', limit: 2 }],
    });
    const changes = await world.changes();
    expect(changes.map(({ type, after }) => [type, after?.['hasReason'], after?.['extensions']])).toEqual([
      ['hold.placed', undefined, 0],
      ['hold.extended', true, 1],
      ['hold.extended', true, 2],
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/环评未批|再等/);
    expect(world.holdExpiry.waiting().map(({ at }) => at)).toContain(first.until);
  });

  it('wants a reason, a hold whose time is not over, and a lead that goes on', async () => {
    const world = await makeHoldWorld();
    const lead = await world.lead();
    const { id } = await held(world, lead);
    await expect(world.as(host).extendHold(id, '  ')).rejects.toMatchObject({ code: 'invalidInput' });
    await expect(world.as(host).extendHold(id, '长'.repeat(201))).rejects.toMatchObject({ code: 'invalidInput' });
    await world.edit(lead, { stage: 'ended' });
    await expect(world.as(host).extendHold(id, '待批')).rejects.toMatchObject(issueOf('hold', 'leadClosed'));
    await world.edit(lead, { stage: 'accepted' });
    await world.days(30);
    await expect(world.as(host).extendHold(id, '待批')).rejects.toMatchObject(issueOf('hold', 'runOut'));
  });
});

describe('releasing', () => {
  it('frees the park and the lead, and calls the worker for those who wait', async () => {
    const world = await makeHoldWorld();
    const lead = await world.lead();
    const { id } = await held(world, lead);
    await world.as(host).releaseHold(id);
    expect((await world.read(lead)).claim).toBeNull();
    expect((await world.park()).capacity).toMatchObject({ version: 2, holds: [], fenced: [] });
    const last = (await world.changes()).at(-1);
    expect(last).toMatchObject({
      id: 'p1.c2',
      type: 'hold.released',
      before: { holdId: id, 'parcel:b': 30 },
      after: { holdId: id, leadId: lead, reason: 'withdrawn' },
    });
    expect(world.holdExpiry.waiting()[0]).toEqual({ parkId: 'p1', holdId: id, at: '2026-03-01T00:00:00.000Z' });
    await expect(world.as(host).releaseHold(id)).rejects.toMatchObject({ code: 'notFound' });
    // The lead may be given another, which has another id.
    expect((await held(world, lead)).id).not.toBe(id);
  });

  it('of what a landed project uses counts as recorded', async () => {
    const world = await makeHoldWorld();
    const lead = await world.lead(undefined, { stage: 'signed' });
    const { id } = await held(world, lead, 'firm');
    const claimed = await world.read(lead);
    await world.edit(lead, { stage: 'landSupplied' });
    await world.effects.use(claimed, id, 'p1', host);
    await world.effects.use(claimed, id, 'p1', host);
    expect((await world.park()).capacity).toMatchObject({ version: 2, holds: [{ kind: 'used', until: NEVER }] });
    await expect(world.as(host).extendHold(id, '待批')).rejects.toMatchObject(issueOf('hold', 'leadClosed'));
    await world.as(host).releaseHold(id);
    expect((await world.changes()).map(({ type, after }) => [type, after?.['reason']])).toEqual([
      ['hold.placed', undefined],
      ['hold.used', undefined],
      ['hold.released', 'recorded'],
    ]);
  });
});

describe('the capacity of a park', () => {
  it('shows amounts to everybody, and leads to those who see them', async () => {
    const world = await makeHoldWorld();
    const lead = await world.lead({ land: { minMu: 50 }, emissions: { codT: 1.5 } });
    const hold = await held(world, lead);
    const waiting = await world.lead({ land: { minMu: 20 } });
    await world.place(waiting, { wait: true, amounts: mu(20) });
    const seen = await world.as(host).readCapacity('p1');
    expect(seen).toMatchObject({ parkId: 'p1', version: 1, capacityVersion: 2 });
    expect(seen.parcels).toEqual([
      { parcelId: 'a', areaMu: 60, heldMu: 50, freeMu: 10 },
      { parcelId: 'b', areaMu: 40, heldMu: 0, freeMu: 40 },
    ]);
    expect(seen.factors.filter(({ stock }) => stock !== 0)).toEqual([
      { factor: 'energyTce', stock: 1_000, held: 0, free: 1_000, unit: 'tce/a' },
      { factor: 'codT', stock: 10, held: 1.5, free: 8.5, unit: 't/a' },
      { factor: 'noxT', stock: null, held: 0, free: null, unit: 't/a' },
    ]);
    expect(seen.holds).toEqual([hold]);
    expect(seen.waiting).toMatchObject([{ leadId: waiting, amounts: mu(20) }]);
    const other = await world.as(otherHost).readCapacity('p1');
    expect(other.parcels).toEqual(seen.parcels);
    expect(other.holds).toEqual([{ ...hold, leadId: null }]);
    expect(other.waiting).toMatchObject([{ leadId: null }]);
    expect(JSON.stringify(other)).not.toContain(lead);
    await expect(world.as(host).readCapacity('p9')).rejects.toMatchObject({ code: 'notFound' });
    await world.days(30);
    expect((await world.as(host).readCapacity('p1')).holds).toEqual([]);
  });
});
