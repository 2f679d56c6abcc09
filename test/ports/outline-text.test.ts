import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GATES } from '../../src/domain/match.js';
import type { ResultOutline } from '../../src/domain/rematch.js';
import { ROBUSTNESS_LABELS } from '../../src/domain/robustness.js';
import { outlineText, readOutlineText } from '../../src/ports/outline-text.js';

/** Gates in the order in which they are reported. */
const gates = fc.subarray([...GATES]);
const parkId = fc.string({ minLength: 1, maxLength: 12 });
const outlines: fc.Arbitrary<ResultOutline> = fc
  .array(fc.record({ parkId, status: fc.constantFrom('eligible' as const, 'conditional' as const), open: gates }), {
    maxLength: 25,
  })
  .chain((ranked) =>
    fc.record({
      needId: fc.constant('need_1'),
      version: fc.nat(),
      profile: fc.constant('default@1'),
      snapshot: fc.constant('2026-01-01.0'),
      generatedAt: fc.constant('2026-01-01T00:00:00.000Z'),
      outcome: fc.record({
        ranked: fc.constant(ranked.map((park, at) => ({ ...park, rank: at + 1 }))),
        rankedTotal: fc.nat(),
        excluded: fc.array(fc.record({ parkId, failing: gates }), { maxLength: 30 }),
        excludedTotal: fc.nat(),
        label: fc.option(fc.constantFrom(...ROBUSTNESS_LABELS)),
      }),
      scores: fc.array(
        fc.integer({ min: 0, max: 102_400 }).map((units) => units / 1_024),
        {
          minLength: ranked.length,
          maxLength: ranked.length,
        },
      ),
    }),
  );

it('reads back every outline', () => {
  fc.assert(
    fc.property(outlines, (outline) => {
      expect(readOutlineText(outlineText(outline))).toEqual(outline);
    }),
  );
});

it('reads gates by the names that stand beside them, not by their present places', () => {
  const text = JSON.parse(
    outlineText({
      ...{ needId: 'n', version: 1, profile: 'p@1', snapshot: 's', generatedAt: '2026-01-01T00:00:00.000Z' },
      outcome: {
        ...{ ranked: [], rankedTotal: 0, excludedTotal: 1, label: null },
        excluded: [{ parkId: 'a', failing: ['land'] }],
      },
      scores: [],
    }),
  );
  const swapped = { ...text, gates: ['land', 'date'], outcome: [null, 0, 1, [], [['a', 1]]] };
  expect(readOutlineText(JSON.stringify(swapped))?.outcome.excluded).toEqual([{ parkId: 'a', failing: ['land'] }]);
});

it.each(['', '{}', '[]', 'null', '{"gates":[],"scores":[],"outcome":{}}', '{"gates":[],"scores":{},"outcome":[]}'])(
  'takes %s for no outline',
  (text) => {
    expect(readOutlineText(text)).toBeNull();
  },
);
