import type { SmaaOutcome } from '../../../domain/robustness.js';
import { RANK_COUNTS_CODE } from './rank-counts-code.js';

/** What this uses of WebAssembly, which the language's own library does not describe. */
declare const WebAssembly: {
  readonly Memory: new (size: {
    readonly initial: number;
  }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** What the kernel gives, see `assembly/rank-counts.ts`. */
interface Kernel {
  count(task: number): void;
  free(): number;
}

/** Weightings the kernel has in hand at once, and parks it scores side by side. */
const LANES = 4;
const ABREAST = 2;
/** Criteria it has room for. */
const CRITERIA_MAX = 16;
const PAGE = 65_536;
const DOUBLE = 8;
const WORD = 4;
/** Numbers of a task, in the order of the kernel's `Task`. */
const TASK_WORDS = 13;
/** Columns of variates kept from problem to problem: those of four profiles. */
const COLUMNS_KEPT = 4 * CRITERIA_MAX;

/** Parks that stand together under every weighting: `before` others stand before them and leave `depth` ranks. */
export interface RankGroup {
  readonly before: number;
  readonly depth: number;
  /** Parks, in whatever order; where those likely to be first come first, counting takes less time. */
  readonly parks: readonly number[];
}

/** Parks to be ranked under weightings. */
export interface RankProblem {
  /** Variates by criterion, a column each; columns are not changed once they were used. */
  readonly columns: readonly Float64Array[];
  readonly samples: number;
  /** The profile's weights, by criterion. */
  readonly weights: Float64Array;
  /** Utilities times weights, park by park. */
  readonly rows: Float64Array;
  readonly groups: readonly RankGroup[];
}

/** Counts ranks. */
export type RankCounter = (problem: RankProblem) => SmaaOutcome;

/** The next place that pairs of lanes can be read from at once. */
const aligned = (place: number): number => (place + 15) & ~15;

/** Gives places for things that are laid down one after the other, from `start` on. */
function placesFrom(start: number) {
  let end = start;
  return {
    room(bytes: number): number {
      const place = aligned(end);
      end = place + bytes;
      return place;
    },
    end: () => end,
  };
}

/**
 * Makes a counter with memory of its own. Parks are scored under all weightings, four at a time by instructions of two
 * lanes (WebAssembly SIMD); the sums are those of the same order in JavaScript, to the bit.
 * The counter throws RangeError where there are more than `CRITERIA_MAX` criteria.
 */
export function createRankCounter(): RankCounter {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Buffer.from(RANK_COUNTS_CODE, 'base64'));
  // The exports are those of the code above.
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;
  const start = aligned(kernel.free());
  /** Places of the columns that were laid down, in slots of one size. */
  let placeOf = new Map<Float64Array, number>();
  let slot = 0;
  let slots = 0;

  function reach(end: number): void {
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  }

  /** Places of a problem's columns. */
  function laidColumns(columns: readonly Float64Array[], samples: number): readonly number[] {
    const bytes = Math.ceil(samples / LANES) * LANES * DOUBLE;
    const news = new Set(columns.filter((column) => !placeOf.has(column)));
    if (bytes !== slot || placeOf.size + news.size > slots) {
      placeOf = new Map();
      slot = bytes;
      slots = Math.max(COLUMNS_KEPT, columns.length);
      reach(start + slots * slot);
    }
    return columns.map((column) => {
      const known = placeOf.get(column);
      if (known !== undefined) return known;
      const place = start + placeOf.size * slot;
      new Float64Array(memory.buffer, place, samples).set(column.subarray(0, samples));
      placeOf.set(column, place);
      return place;
    });
  }

  return ({ columns, samples, weights, rows, groups }) => {
    const width = columns.length;
    if (width > CRITERIA_MAX) throw new RangeError(`${width} criteria, at most ${CRITERIA_MAX}`);
    const parks = width === 0 ? 0 : rows.length / width;
    const places = laidColumns(columns, samples);
    const layout = placesFrom(start + slots * slot);
    const most = Math.max(0, ...groups.map((group) => group.parks.length)) + ABREAST;
    const at = {
      task: layout.room(TASK_WORDS * WORD),
      columns: layout.room(width * WORD),
      weights: layout.room(width * DOUBLE),
      rows: layout.room(most * width * DOUBLE),
      ids: layout.room(most * WORD),
      first: layout.room(parks * WORD),
      firstThree: layout.room(parks * WORD),
      sums: layout.room(parks * width * DOUBLE),
    };
    reach(layout.end());
    const words = (place: number, count: number) => new Int32Array(memory.buffer, place, count);
    const doubles = (place: number, count: number) => new Float64Array(memory.buffer, place, count);
    words(at.columns, width).set(places);
    doubles(at.weights, width).set(weights);
    const [first, firstThree] = [words(at.first, parks).fill(0), words(at.firstThree, parks).fill(0)];
    const sums = doubles(at.sums, parks * width).fill(0);
    for (const { parks: members, before, depth } of groups) {
      const even = Math.ceil(members.length / ABREAST) * ABREAST;
      const [own, ids] = [doubles(at.rows, even * width), words(at.ids, even)];
      members.forEach((park, place) => {
        own.set(rows.subarray(park * width, (park + 1) * width), place * width);
        ids[place] = park;
      });
      // Stands in for a park where their number is odd: behind all, and counted for nobody.
      own.fill(-1, members.length * width);
      ids.fill(parks, members.length);
      words(at.task, TASK_WORDS).set([
        ...[at.columns, width, samples, at.rows, at.ids, even, parks, depth, before],
        ...[at.weights, at.first, at.firstThree, at.sums],
      ]);
      kernel.count(at.task);
    }
    return { first: first.slice(), firstThree: firstThree.slice(), weightSums: sums.slice() };
  };
}
