import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/change.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import { makeChange } from './changes.js';

/** An outbox and what puts changes into its documents, as a store would. */
export interface OutboxHarness {
  readonly outbox: Outbox;
  write(documentId: string, changes: readonly Change[]): Promise<void>;
}

/** What every Outbox must do. `make` gives an empty one each time; documents are named by `object.id`. */
export function describeOutboxConformance(name: string, make: () => Promise<OutboxHarness>): void {
  describe(`Outbox: ${name}`, () => {
    it('gives what was written, every character of it, oldest first in each document', async () => {
      const { outbox, write } = await make();
      const [first, second, third] = [1, 2, 3].map((version) => makeChange(version));
      const other = makeChange(1, { objectId: 'need_2', after: { 'land.minMu': '$x', list: [1, 'a'], none: null } });
      if (first === undefined || second === undefined || third === undefined) throw new Error('no changes');
      await write('need_1', [first]);
      await write('need_1', [second, third]);
      await write('need_2', [other]);
      expect(await outbox.of(['need_1'])).toEqual([first, second, third]);
      expect(await outbox.of(['need_2'])).toEqual([other]);
      expect(new Set((await outbox.of(['need_2', 'need_1', 'need_1'])).map(({ id }) => id))).toEqual(
        new Set(['need_1.1', 'need_1.2', 'need_1.3', 'need_2.1']),
      );
      expect(await outbox.of(['need_2', 'need_1'])).toHaveLength(4);
    });

    it('has nothing where nothing was written', async () => {
      const { outbox, write } = await make();
      await write('need_1', []);
      expect(await outbox.of([])).toEqual([]);
      expect(await outbox.of(['need_1', 'need_404'])).toEqual([]);
      expect(await outbox.waiting(10)).toEqual([]);
      await outbox.remove([]);
      await outbox.remove([makeChange(1, { objectId: 'need_404' })]);
    });

    it('names documents in which something waits, so many at most', async () => {
      const { outbox, write } = await make();
      for (const objectId of ['need_1', 'need_2', 'need_3']) await write(objectId, [makeChange(1, { objectId })]);
      await write('need_4', []);
      expect([...(await outbox.waiting(10))].sort()).toEqual(['need_1', 'need_2', 'need_3']);
      expect(await outbox.waiting(2)).toHaveLength(2);
    });

    it('takes out what it is told to, twice too, and leaves what came meanwhile', async () => {
      const { outbox, write } = await make();
      const changes = [1, 2, 3].map((version) => makeChange(version));
      const other = makeChange(1, { objectId: 'need_2' });
      await write('need_1', changes);
      await write('need_2', [other]);
      const late = makeChange(4);
      const seen = await outbox.of(['need_1', 'need_2']);
      await write('need_1', [late]);
      await outbox.remove(seen);
      expect(await outbox.of(['need_1', 'need_2'])).toEqual([late]);
      await outbox.remove(seen);
      expect(await outbox.waiting(10)).toEqual(['need_1']);
      await outbox.remove([late]);
      expect(await outbox.waiting(10)).toEqual([]);
    });
  });
}
