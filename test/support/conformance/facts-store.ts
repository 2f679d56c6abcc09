import { describe, expect, it } from 'vitest';
import type { FactsStore, SnapshotFacts } from '../../../src/ports/facts-store.js';
import { DIFFICULT_TEXT, makePark, makeReference } from './records.js';

/** Facts of a snapshot over so many parks. */
export function makeFacts(snapshotId: string, parks = 2, overrides: Partial<SnapshotFacts> = {}): SnapshotFacts {
  return {
    snapshotId,
    edition: 'e1',
    today: '2026-03-01',
    parks: Array.from({ length: parks }, (_, number) => makePark(`p${number}`, { name: DIFFICULT_TEXT })),
    ...overrides,
  };
}

const noteOf = (id: string, snapshotId: string, resultIds: readonly string[] = [`${id}:1:x@1:${snapshotId}`]) => ({
  ...{ id, snapshotId, resultIds },
});

/** What every FactsStore must do. `makeStore` gives an empty store each time. */
export function describeFactsStoreConformance(name: string, makeStore: () => Promise<FactsStore>): void {
  describe(`FactsStore: ${name}`, () => {
    it('gives back facts and editions, every character and number of them', async () => {
      const store = await makeStore();
      const facts = makeFacts('2026-03-01.aa', 120);
      const numbers = makeFacts('2026-03-01.bb', 1, {
        parks: [makePark('p', { planKm2: 0.1 + 0.2, version: 2 ** 40 }), makePark('a')],
      });
      await store.putEdition('e1', makeReference('甲', 50));
      await store.putFacts(facts);
      await store.putFacts(numbers);
      expect(await store.facts(facts.snapshotId)).toEqual(facts);
      expect(await store.facts(numbers.snapshotId)).toEqual(numbers);
      expect(await store.edition('e1')).toEqual(makeReference('甲', 50));
    });

    it('gives facts back whole that were put on a base, for as long as they stay', async () => {
      const store = await makeStore();
      const base = makeFacts('s1', 40);
      const parks = base.parks.map((park, row) => (row % 15 === 7 ? makePark(park.id, { name: '乙' }) : park));
      const later = { ...base, snapshotId: 's2', today: '2026-03-02', parks };
      await store.putFacts(base);
      await store.putFacts(later, base);
      await store.putFacts({ ...base, snapshotId: 's3' }, base);
      expect(await store.facts('s2')).toEqual(later);
      await store.note(noteOf('n1', 's2'));
      await store.tidy([]);
      expect(await store.facts('s2')).toEqual(later);
      expect(await store.facts('s3')).toBeNull();
      await store.settled('n1');
      await store.tidy(['s1']);
      expect(await store.facts('s1')).toEqual(base);
      expect(await store.facts('s2')).toBeNull();
    });

    it('knows nothing of what was not put', async () => {
      const store = await makeStore();
      expect(await store.facts('2026-03-01.aa')).toBeNull();
      expect(await store.edition('e1')).toBeNull();
      expect(await store.notes(10)).toEqual([]);
      await store.settled('none');
      expect(await store.tidy([])).toBe(0);
    });

    it('keeps the first under each name', async () => {
      const store = await makeStore();
      await store.putEdition('e1', makeReference('甲'));
      await store.putEdition('e1', makeReference('乙'));
      expect(await store.edition('e1')).toEqual(makeReference('甲'));
      const [first, second] = [makeFacts('s1', 1), makeFacts('s1', 3)];
      await store.putFacts(first);
      await store.putFacts(second);
      expect(await store.facts('s1')).toEqual(first);
      await store.note(noteOf('n1', 's1', ['a']));
      await store.note(noteOf('n1', 's2', ['b']));
      expect(await store.notes(10)).toEqual([noteOf('n1', 's1', ['a'])]);
    });

    it('keeps one of several that are put at the same time', async () => {
      const store = await makeStore();
      const marks = ['甲', '乙', '丙', '丁'];
      await Promise.all([
        ...marks.map((mark) => store.putEdition('e1', makeReference(mark))),
        ...marks.map((mark) => store.putFacts(makeFacts('s1', 1, { edition: mark }))),
        ...marks.map((mark) => store.note(noteOf('n1', mark))),
      ]);
      expect(marks.map((mark) => makeReference(mark))).toContainEqual(await store.edition('e1'));
      expect(marks).toContain((await store.facts('s1'))?.edition);
      expect(await store.notes(10)).toHaveLength(1);
    });

    it('gives notes oldest first, up to the limit, until they are settled', async () => {
      const store = await makeStore();
      const ids = ['n9', 'n1', 'n5', 'n3', 'n7'];
      for (const id of ids) await store.note(noteOf(id, 's1', [`${id}.a`, `${id}.b`]));
      expect(await store.notes(10)).toEqual(ids.map((id) => noteOf(id, 's1', [`${id}.a`, `${id}.b`])));
      expect((await store.notes(2)).map(({ id }) => id)).toEqual(['n9', 'n1']);
      await store.settled('n9');
      await store.settled('n5');
      await store.settled('n5');
      expect((await store.notes(10)).map(({ id }) => id)).toEqual(['n1', 'n3', 'n7']);
    });

    it('forgets facts that no note names, but for those to be kept', async () => {
      const store = await makeStore();
      await store.putEdition('e1', makeReference('甲'));
      for (const snapshotId of ['s1', 's2', 's3', 's4']) await store.putFacts(makeFacts(snapshotId, 1));
      await store.note(noteOf('n1', 's1'));
      await store.note(noteOf('n2', 's3'));
      expect(await store.tidy(['s4', 'unknown'])).toBe(1);
      const there = async () =>
        (await Promise.all(['s1', 's2', 's3', 's4'].map((id) => store.facts(id)))).map((facts) => facts !== null);
      expect(await there()).toEqual([true, false, true, true]);
      expect(await store.tidy(['s4'])).toBe(0);
      await store.settled('n1');
      expect(await store.tidy([])).toBe(2);
      expect(await there()).toEqual([false, false, true, false]);
      expect(await store.edition('e1')).not.toBeNull();
    });

    it('forgets editions that no facts name, but for the newest', async () => {
      const store = await makeStore();
      const there = async () =>
        (await Promise.all(['e1', 'e2', 'e3'].map((name) => store.edition(name)))).map((data) => data !== null);
      for (const edition of ['e1', 'e2', 'e3']) await store.putEdition(edition, makeReference(edition));
      await store.putFacts(makeFacts('s1', 1, { edition: 'e1' }));
      await store.note(noteOf('n1', 's1'));
      expect(await store.tidy([])).toBe(1);
      expect(await there()).toEqual([true, false, true]);
      // Put in force again: its facts are still to come.
      await store.settled('n1');
      await store.putEdition('e1', makeReference('other'));
      expect(await store.tidy([])).toBe(2);
      expect(await there()).toEqual([true, false, false]);
      expect(await store.edition('e1')).toEqual(makeReference('e1'));
    });

    it('is not changed by what callers do to objects they handed in or got', async () => {
      const store = await makeStore();
      const [facts, data, note] = [makeFacts('s1', 1), makeReference('甲'), noteOf('n1', 's1', ['a'])];
      await store.putFacts(facts);
      await store.putEdition('e1', data);
      await store.note(note);
      const spoil = async () => {
        Object.assign((await store.facts('s1'))?.parks[0] ?? {}, { name: 'other' });
        Object.assign((await store.edition('e1')) ?? {}, { counties: [] });
        Object.assign((await store.notes(1))[0] ?? {}, { snapshotId: 'other' });
      };
      Object.assign(facts.parks[0] ?? {}, { name: 'other' });
      Object.assign(data, { counties: [] });
      Object.assign(note, { snapshotId: 'other' });
      await spoil();
      expect(await store.facts('s1')).toEqual(makeFacts('s1', 1));
      expect(await store.edition('e1')).toEqual(makeReference('甲'));
      expect(await store.notes(1)).toEqual([noteOf('n1', 's1', ['a'])]);
    });
  });
}
