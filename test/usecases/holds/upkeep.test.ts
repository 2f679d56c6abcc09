import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { expireHolds, expirePark } from '../../../src/usecases/holds/expire-holds.js';
import { promoteWaitlist } from '../../../src/usecases/holds/promote.js';
import { reconcileHolds } from '../../../src/usecases/holds/reconcile-holds.js';
import { settleClaims } from '../../../src/usecases/holds/settle-claims.js';
import { trusted } from '../../matching/tiny.js';
import { pushedStep } from '../../support/conformance/lead-records.js';
import { HOST, type HoldWorld, host, makeHoldWorld, mu, OTHER_HOST, otherHost, SOURCE } from './hold-world.js';

async function held(world: HoldWorld, leadId: string, kind: 'soft' | 'firm' = 'soft') {
  const outcome = await world.place(leadId, { kind });
  if (outcome.status !== 'held') throw new Error('not held');
  return outcome.hold;
}

async function wait(world: HoldWorld, leadId: string) {
  const outcome = await world.place(leadId, { wait: true });
  if (outcome.status !== 'waiting') throw new Error('not waiting');
  return outcome;
}

const story = async (world: HoldWorld) => (await world.changes()).map(({ type }) => type);
const holders = async (world: HoldWorld) => (await world.park()).capacity.holds.map(({ leadId }) => leadId);
const waiters = async (world: HoldWorld) => (await world.park()).capacity.waitlist.map(({ leadId }) => leadId);

/** Every sweep there is, until nothing is left to do. */
async function sweep(world: HoldWorld): Promise<void> {
  await world.clock.advance(11_000);
  for (let rounds = 0; rounds < 3; rounds += 1) {
    await settleClaims(world.deps);
    await reconcileHolds(world.deps);
    await expireHolds(world.deps);
  }
}

/** Every hold is claimed by its lead and the other way round. */
async function expectInOrder(world: HoldWorld, leadIds: readonly string[]): Promise<void> {
  const { capacity } = await world.park();
  for (const id of leadIds) {
    const { claim } = await world.read(id);
    const own = capacity.holds.filter(({ leadId }) => leadId === id).map((hold) => hold.id);
    const waiting = capacity.waitlist.filter(({ leadId }) => leadId === id).map(({ holdId }) => holdId);
    const expected = claim === null ? [] : [claim.holdId];
    expect(claim?.state === 'waiting' ? waiting : own).toEqual(expected);
    expect([...own, ...waiting]).toEqual(expected);
    expect(claim?.state).not.toBe('placing');
  }
}

describe('the end of a hold', () => {
  it('is told three days before, once, and then takes it out and frees the lead', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const hold = await held(world, id);
    await world.days(26);
    await expireHolds(world.deps);
    expect(await story(world)).toEqual(['hold.placed']);
    await world.days(1);
    await expireHolds(world.deps);
    await expireHolds(world.deps);
    expect(await story(world)).toEqual(['hold.placed', 'hold.expiring']);
    await world.days(3);
    expect(await expirePark(world.deps, 'p1')).toBe('done');
    expect(await expirePark(world.deps, 'p1')).toBe('done');
    expect(await expirePark(world.deps, 'p9')).toBe('missing');
    const changes = await world.changes();
    expect(changes.at(-1)).toMatchObject({
      id: 'p1.c3',
      actor: { kind: 'system' },
      type: 'hold.released',
      chains: [HOST, SOURCE],
      before: { holdId: hold.id, 'parcel:b': 30 },
      after: { holdId: hold.id, leadId: id, reason: 'expired' },
    });
    expect(changes).toHaveLength(3);
    expect((await world.read(id)).claim).toBeNull();
    expect(await holders(world)).toEqual([]);
  });

  it('is left to the next time where it comes while others are being taken out: its claim was not marked', async () => {
    const world = await makeHoldWorld();
    const [first, second] = [await world.lead({ land: { minMu: 10 } }), await world.lead({ land: { minMu: 10 } })];
    await held(world, first);
    await world.clock.advance(1_000);
    await held(world, second);
    await world.days(30);
    await world.clock.advance(-500);
    const update = world.parkStore.updateCapacity.bind(world.parkStore);
    const get = world.parkStore.get.bind(world.parkStore);
    let reads = 0;
    world.parkStore.get = async (id) => {
      reads += 1;
      // Between the first read, in which only the first has run out, and the decision the second runs out too.
      if (reads === 2) await world.clock.advance(1_000);
      return get(id);
    };
    world.parkStore.updateCapacity = async (...given) => {
      const outcome = await update(...given);
      world.leadStore.replace = () => Promise.reject(new AppError('storeUnavailable'));
      return outcome;
    };
    const replace = world.leadStore.replace.bind(world.leadStore);
    await expect(expirePark(world.deps, 'p1')).rejects.toMatchObject({ code: 'storeUnavailable' });
    expect(await holders(world)).toEqual([second]);
    world.parkStore.updateCapacity = update;
    world.leadStore.replace = replace;
    await sweep(world);
    await expectInOrder(world, [first, second]);
    expect(await holders(world)).toEqual([]);
  });

  it('comes later where it was extended: the first job finds nothing to do', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const hold = await held(world, id);
    await world.days(29);
    await world.as(host).extendHold(hold.id, '待批');
    await world.days(1);
    expect(world.holdExpiry.takeDue(world.clock.now())).toEqual([{ parkId: 'p1', holdId: hold.id, at: hold.until }]);
    await expirePark(world.deps, 'p1');
    expect(await holders(world)).toEqual([id]);
    await expectInOrder(world, [id]);
  });

  it('is seen by matching at once, before anybody has swept', async () => {
    const world = await makeHoldWorld();
    await held(world, await world.lead({ land: { minMu: 50 } }));
    const largest = async () => [...(await world.snapshots.current()).snapshot.largestMu];
    expect(await largest()).toEqual([40, 60]);
    const before = await world.snapshots.current();
    expect(await world.snapshots.current()).toBe(before);
    expect(before.stock.map(({ inventory }) => inventory.parcels[0]?.areaMu)).toEqual([60, 60]);
    await world.days(30);
    expect(await largest()).toEqual([60, 60]);
    expect((await world.snapshots.current()).snapshot.id).not.toBe(before.snapshot.id);
  });
});

describe('the waitlist', () => {
  it('is joined in the order of asking, all or nothing, and answers a repeated request the same', async () => {
    const world = await makeHoldWorld();
    const [first, second, third] = [
      await world.lead({ land: { minMu: 50 } }),
      await world.lead({ land: { minMu: 55 } }),
      await world.lead({ land: { minMu: 60 } }),
    ];
    await held(world, first);
    const joined = await wait(world, second);
    expect(joined).toMatchObject({ position: 1, parkId: 'p1', entry: { leadId: second, amounts: mu(55) } });
    expect((await wait(world, third)).position).toBe(2);
    expect(await wait(world, second)).toMatchObject({ position: 1, entry: joined.entry });
    expect((await world.read(second)).claim).toMatchObject({ holdId: joined.entry.holdId, state: 'waiting' });
    await expect(world.as(host).extendHold(joined.entry.holdId, '急')).rejects.toMatchObject({
      issues: [{ code: 'waits' }],
    });
    expect(await story(world)).toEqual(['hold.placed', 'hold.waiting', 'hold.waiting']);
    await expectInOrder(world, [first, second, third]);
  });

  it('is not overtaken by who asks for the same later, fits or not; others are not kept back', async () => {
    const world = await makeHoldWorld();
    await held(world, await world.lead({ land: { minMu: 50 } }));
    const waiting = await world.lead({ land: { minMu: 55 } });
    await wait(world, waiting);
    const later = await world.lead();
    await expect(world.place(later, { amounts: mu(5) })).rejects.toMatchObject({
      code: 'holdRefused',
      issues: [{ field: 'park', code: 'othersWait', limit: 1 }],
    });
    expect((await world.read(later)).claim).toBeNull();
    expect((await world.place(later, { amounts: mu(5, 'b') })).status).toBe('held');
  });

  it('is not joined for more than there is at all', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead({ land: { minMu: 61 } });
    await expect(world.place(id, { wait: true })).rejects.toMatchObject({
      code: 'capacityShort',
      issues: [{ field: 'amounts.parcel:a', limit: 60 }],
    });
    expect((await world.read(id)).claim).toBeNull();
  });

  it('is served in order once there is room; who does not fit keeps those behind waiting', async () => {
    const world = await makeHoldWorld();
    const ids = [];
    for (const minMu of [50, 45, 55, 42]) ids.push(await world.lead({ land: { minMu } }));
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const { id } = await held(world, first);
    for (const waiting of [second, third, fourth]) await wait(world, waiting);
    await world.as(host).releaseHold(id);
    for (const { parkId } of world.holdExpiry.takeDue(world.clock.now())) await expirePark(world.deps, parkId);
    expect(await holders(world)).toEqual([second]);
    expect(await waiters(world)).toEqual([third, fourth]);
    const promoted = (await world.changes()).at(-1);
    expect(promoted).toMatchObject({
      type: 'hold.placed',
      actor: { kind: 'system' },
      before: { 'parcel:a': 45 },
      after: { leadId: second, kind: 'soft', until: '2026-03-31T00:00:00.000Z', promoted: true },
    });
    expect(world.holdExpiry.waiting().map(({ at }) => at)).toContain('2026-03-31T00:00:00.000Z');
    await expectInOrder(world, ids);
    await world.days(30);
    await expireHolds(world.deps);
    expect(await holders(world)).toEqual([third]);
    await expectInOrder(world, ids);
  });

  it('drops who can no longer use it: a lead that is closed, a need that a gate decides against', async () => {
    const ban = {
      ...{ id: 'ban', level: 'ban' as const, adcodes: [HOST], gbtPrefixes: ['26'], text: '禁', provenance: trusted() },
    };
    const world = await makeHoldWorld({ accessRules: [ban] });
    const first = await world.lead({ land: { minMu: 50 } });
    const { id } = await held(world, first);
    const closed = await world.lead({ land: { minMu: 41 } });
    const banned = await world.lead({ land: { minMu: 42 }, gbt: '2614' });
    const fits = await world.lead({ land: { minMu: 43 } });
    for (const waiting of [closed, banned, fits]) await wait(world, waiting);
    await world.edit(closed, { stage: 'ended' });
    await world.as(host).releaseHold(id);
    await expireHolds(world.deps);
    expect(await holders(world)).toEqual([fits]);
    expect(await waiters(world)).toEqual([]);
    const dropped = (await world.changes()).filter(({ type }) => type === 'hold.dropped');
    expect(dropped.map(({ after }) => [after?.['leadId'], after?.['reason'], after?.['gates']])).toEqual([
      [closed, 'leadClosed', undefined],
      [banned, 'gatesFail', ['accessRule']],
    ]);
    await expectInOrder(world, [first, closed, banned, fits]);
  });

  it('drops nobody whom another worker has placed while the gates were asked', async () => {
    const world = await makeHoldWorld();
    const [first, second] = [await world.lead({ land: { minMu: 50 } }), await world.lead({ land: { minMu: 55 } })];
    const { id } = await held(world, first);
    await wait(world, second);
    await world.as(host).releaseHold(id);
    let asked = 0;
    const current: typeof world.snapshots.current = async () => {
      asked += 1;
      // The snapshot this worker gets has the room taken already: by the very hold it is about to place.
      if (asked === 1) await promoteWaitlist(world.deps, 'p1');
      return world.snapshots.current();
    };
    await promoteWaitlist({ ...world.deps, snapshots: { current } }, 'p1');
    expect(asked).toBe(1);
    expect(await holders(world)).toEqual([second]);
    await expectInOrder(world, [first, second]);
    expect(await reconcileHolds(world.deps)).toBe(0);
  });

  it('is left by who gives up its place', async () => {
    const world = await makeHoldWorld();
    await held(world, await world.lead({ land: { minMu: 50 } }));
    const id = await world.lead({ land: { minMu: 55 } });
    const { entry } = await wait(world, id);
    await world.as(host).releaseHold(entry.holdId);
    expect(await waiters(world)).toEqual([]);
    await expectInOrder(world, [id]);
  });
});

/** Makes the nth write of a store fail: before it is done, or after (nobody hears of it). */
function breakWrites(world: HoldWorld, store: 'park' | 'lead', nth: number, when: 'before' | 'after'): void {
  let writes = 0;
  const failing = async <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes !== nth) return write();
    if (when === 'after') await write();
    throw new AppError('storeUnavailable');
  };
  if (store === 'park') {
    const update = world.parkStore.updateCapacity.bind(world.parkStore);
    world.parkStore.updateCapacity = (...given) => failing(() => update(...given));
  } else {
    const replace = world.leadStore.replace.bind(world.leadStore);
    world.leadStore.replace = (...given) => failing(() => replace(...given));
  }
}

const BREAKS = (['park', 'lead'] as const).flatMap((store) =>
  [1, 2, 3].flatMap((nth) => (['before', 'after'] as const).map((when) => [store, nth, when] as const)),
);

describe('a process that ends in between', () => {
  it.each(BREAKS)('while placing (%s, write %i, %s) leaves nothing that the sweeps do not mend', async (...at) => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    breakWrites(world, ...at);
    const answer = await world.place(id).catch((error: unknown) => error);
    await sweep(world);
    await expectInOrder(world, [id]);
    // What was acknowledged is there.
    if (!(answer instanceof AppError)) expect(await holders(world)).toEqual([id]);
    expect((await world.place(id)).status).toBe('held');
    expect(await holders(world)).toEqual([id]);
  });

  it.each(BREAKS)('while joining the waitlist (%s, write %i, %s), too', async (...at) => {
    const world = await makeHoldWorld();
    await held(world, await world.lead({ land: { minMu: 50 } }));
    const id = await world.lead({ land: { minMu: 55 } });
    breakWrites(world, ...at);
    const answer = await world.place(id, { wait: true }).catch((error: unknown) => error);
    await sweep(world);
    await expectInOrder(world, [id]);
    if (!(answer instanceof AppError)) expect(await waiters(world)).toEqual([id]);
  });

  it.each(BREAKS)('while releasing (%s, write %i, %s), too', async (...at) => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const hold = await held(world, id);
    breakWrites(world, ...at);
    const answer = await world
      .as(host)
      .releaseHold(hold.id)
      .catch((error: unknown) => error);
    await sweep(world);
    await expectInOrder(world, [id]);
    if (!(answer instanceof AppError)) expect(await holders(world)).toEqual([]);
  });

  it.each(BREAKS)('while expiring and promoting (%s, write %i, %s), too', async (...at) => {
    const world = await makeHoldWorld();
    const [first, second] = [await world.lead({ land: { minMu: 50 } }), await world.lead({ land: { minMu: 55 } })];
    await held(world, first);
    await wait(world, second);
    await world.days(30);
    breakWrites(world, ...at);
    await expirePark(world.deps, 'p1').catch(() => undefined);
    await sweep(world);
    await expectInOrder(world, [first, second]);
    expect(await holders(world)).toEqual([second]);
  });
});

it('says of no hold that it is placed once another process has begun to take it out, and then ended', async () => {
  const world = await makeHoldWorld();
  const id = await world.lead();
  const replace = world.leadStore.replace.bind(world.leadStore);
  let writes = 0;
  world.leadStore.replace = async (lead, ...rest) => {
    writes += 1;
    // The placer is about to confirm its claim: the hold is expired before, by a worker that ends before it clears it.
    if (writes === 2) {
      await world.days(30);
      await expirePark(world.deps, 'p1').catch(() => undefined);
    }
    if (writes === 4) throw new AppError('storeUnavailable');
    return replace(lead, ...rest);
  };
  expect((await world.place(id)).status).toBe('held');
  expect((await world.read(id)).claim?.state).toBe('placing');
  await sweep(world);
  await expectInOrder(world, [id]);
  expect(await holders(world)).toEqual([]);
});

it('takes no other hold of the lead out once its own claim was given up', async () => {
  const world = await makeHoldWorld();
  const id = await world.lead();
  const get = world.parkStore.get.bind(world.parkStore);
  let reads = 0;
  world.parkStore.get = async (parkId) => {
    reads += 1;
    if (reads === 2) {
      // The placer has claimed and sleeps so long that the claim is given up, and somebody else places another hold.
      await world.clock.advance(11_000);
      await settleClaims(world.deps);
      await world.place(id);
    }
    return get(parkId);
  };
  await expect(world.place(id)).rejects.toMatchObject({ issues: [{ code: 'claimGivenUp' }] });
  expect(await holders(world)).toEqual([id]);
  await expectInOrder(world, [id]);
});

it('is taken out by the sweep of claims if its time is over: a slow worker may still do so', async () => {
  const world = await makeHoldWorld();
  const id = await world.lead();
  await held(world, id);
  await world.days(30);
  const update = world.parkStore.updateCapacity.bind(world.parkStore);
  const replace = world.leadStore.replace.bind(world.leadStore);
  let slow = true;
  world.parkStore.updateCapacity = async (...given) => {
    if (!slow) return update(...given);
    slow = false;
    await world.clock.advance(11_000);
    expect(await settleClaims(world.deps)).toBe(1);
    expect((await world.read(id)).claim).toBeNull();
    // The worker ends before it comes to the lead.
    world.leadStore.replace = () => Promise.reject(new AppError('storeUnavailable'));
    return update(...given);
  };
  await expirePark(world.deps, 'p1').catch(() => undefined);
  world.leadStore.replace = replace;
  await expectInOrder(world, [id]);
  expect(await holders(world)).toEqual([]);
});

describe('a move that gave the hold up and did not get to the park', () => {
  it('leaves no second hold: the first goes before the next is placed, in the same park or another', async () => {
    const world = await makeHoldWorld();
    const pushed = [pushedStep(HOST, { parkId: 'p1' })];
    const [stays, goes] = [
      await world.lead(undefined, { history: pushed }),
      await world.lead(undefined, { history: pushed }),
    ];
    const [first, second] = [await held(world, stays), await held(world, goes)];
    await world.edit(stays, { claim: null });
    const away = [...pushed, pushedStep(OTHER_HOST, { move: 'transfer', parkId: 'p2' })];
    await world.edit(goes, { claim: null, parkId: 'p2', hostAdcode: OTHER_HOST, history: away });
    expect((await world.place(stays)).status).toBe('held');
    expect((await world.place(goes, {}, otherHost)).status).toBe('held');
    expect(await holders(world)).toEqual([stays]);
    expect((await world.park('p2')).capacity.holds).toMatchObject([{ leadId: goes }]);
    const released = (await world.changes()).filter(({ type }) => type === 'hold.released');
    expect(released.map(({ after }) => [after?.['holdId'], after?.['reason']])).toEqual([
      [first.id, 'orphaned'],
      [second.id, 'orphaned'],
    ]);
    expect(await reconcileHolds(world.deps)).toBe(0);
  });
});

describe('the sweeps', () => {
  it('leave a claim alone that is being placed just now', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    breakWrites(world, 'park', 1, 'before');
    await expect(world.place(id)).rejects.toMatchObject({ code: 'storeUnavailable' });
    await world.clock.advance(9_000);
    expect(await settleClaims(world.deps)).toBe(0);
    await expect(world.place(id)).rejects.toMatchObject({ issues: [{ code: 'claimPending' }] });
    await world.clock.advance(2_000);
    expect(await settleClaims(world.deps)).toBe(1);
    expect(await settleClaims(world.deps)).toBe(0);
  });

  it('fence what they give up, so that a slow writer comes too late', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const update = world.parkStore.updateCapacity.bind(world.parkStore);
    let slow = true;
    world.parkStore.updateCapacity = async (...given) => {
      if (!slow) return update(...given);
      slow = false;
      // The writer sleeps while the sweep decides that it is gone.
      await world.clock.advance(11_000);
      await settleClaims(world.deps);
      return update(...given);
    };
    await expect(world.place(id)).rejects.toMatchObject({ code: 'holdRefused', issues: [{ code: 'claimGivenUp' }] });
    expect((await world.park()).capacity).toMatchObject({ version: 1, holds: [] });
    expect((await world.park()).capacity.fenced).toHaveLength(1);
    expect((await world.read(id)).claim).toBeNull();
    expect((await world.place(id)).status).toBe('held');
  });

  it('release what no lead claims, and what a lead that ended holds', async () => {
    const world = await makeHoldWorld();
    const [orphan, ended, declined, live] = [
      await world.lead({ land: { minMu: 10 } }),
      await world.lead({ land: { minMu: 10 } }),
      await world.lead({ land: { minMu: 10 } }),
      await world.lead({ land: { minMu: 10 } }),
    ];
    for (const id of [orphan, ended, declined, live]) await held(world, id);
    await world.edit(orphan, { claim: null });
    await world.edit(ended, { stage: 'ended' });
    await world.edit(declined, { stage: 'declined' });
    expect(await reconcileHolds(world.deps)).toBe(3);
    expect(await reconcileHolds(world.deps)).toBe(0);
    expect(await holders(world)).toEqual([live]);
    const reasons = (await world.changes()).flatMap(({ type, after }) =>
      type === 'hold.released' ? [after?.['reason']] : [],
    );
    expect(reasons).toEqual(['orphaned', 'ended', 'declined']);
    await expectInOrder(world, [orphan, ended, declined, live]);
  });

  it('make used what a landed lead still holds firmly', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead(undefined, { stage: 'signed' });
    await held(world, id, 'firm');
    await world.edit(id, { stage: 'landSupplied' });
    expect(await reconcileHolds(world.deps)).toBe(1);
    expect((await world.park()).capacity.holds).toMatchObject([{ kind: 'used' }]);
    await world.days(1_000);
    await sweep(world);
    expect(await holders(world)).toEqual([id]);
  });
});

describe('what moves of a lead do to its hold', () => {
  it('reads the hold, gives it back, and bars a placement that is still under way', async () => {
    const world = await makeHoldWorld();
    const id = await world.lead();
    const hold = await held(world, id);
    const lead = await world.read(id);
    expect(await world.effects.holdOf(lead)).toEqual({ kind: 'soft', until: hold.until });
    await world.edit(id, { stage: 'ended', claim: null });
    await world.effects.release(await world.read(id), hold.id, 'p1', 'ended', host);
    await world.effects.release(await world.read(id), hold.id, 'p1', 'ended', host);
    expect(await world.effects.holdOf(lead)).toBeNull();
    expect(await world.effects.holdOf(await world.read(id))).toBeNull();
    expect((await world.park()).capacity).toMatchObject({ holds: [], fenced: [hold.id] });
  });
});
