import type { CompiledNeed } from '../compile-need.js';
import { GATE_FACTS, gateTurns, hasLand, type RowChange, readsOf, thresholdsOf } from './facts.js';

/** Which facts each need reads, with the thresholds of its gates and the parks that are in, by slot. */
export interface ReadTable {
  /** Writes a need at a slot. @param live a bit for each park row that is in. */
  set(slot: number, need: CompiledNeed, live: Uint32Array): void;
  /** Empties a slot: it reads nothing. */
  clear(slot: number): void;
  /** The slots, ascending, of the needs that a park's change can matter to. Slots never set read nothing. */
  readers(change: RowChange): readonly number[];
}

/** Doubles until the wanted size fits. */
function grownTo(size: number, least: number): number {
  let grown = Math.max(size, 64);
  while (grown < least) grown *= 2;
  return grown;
}

/**
 * Columns by slot that a change is compared with, one pass over all needs: a few numbers a need and fact. A pass costs
 * less than keeping the thresholds sorted while needs come, go and are put again.
 */
export function createReadTable(parks: number): ReadTable {
  const words = Math.ceil(parks / 32);
  let size = 0;
  let gates = new Int32Array(0);
  let criteria = new Int32Array(0);
  let lives = new Uint32Array(0);
  let thresholds = GATE_FACTS.map(() => new Float64Array(0));

  function grow(least: number): void {
    size = grownTo(size, least);
    const wider = <T extends Int32Array | Uint32Array | Float64Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    gates = wider(new Int32Array(size), gates);
    criteria = wider(new Int32Array(size), criteria);
    lives = wider(new Uint32Array(size * words), lives);
    thresholds = thresholds.map((old) => wider(new Float64Array(size), old));
  }

  function reads(slot: number, { row, facts, gates: moves }: RowChange): boolean {
    const asked = (gates[slot] ?? 0) & facts;
    if (hasLand(asked)) return true;
    for (const move of moves) {
      if ((asked & (1 << move.fact)) !== 0 && gateTurns(move, thresholds[move.fact]?.[slot] ?? Number.NaN)) return true;
    }
    if (((criteria[slot] ?? 0) & facts) === 0) return false;
    return (((lives[slot * words + (row >>> 5)] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  return {
    set(slot, need, live) {
      if (slot >= size) grow(slot + 1);
      const reads = readsOf(need);
      gates[slot] = reads.gates;
      criteria[slot] = reads.criteria;
      lives.set(live, slot * words);
      const asked = thresholdsOf(need);
      thresholds.forEach((column, fact) => {
        column[slot] = asked[fact] ?? Number.NaN;
      });
    },
    clear(slot) {
      gates[slot] = 0;
      criteria[slot] = 0;
    },
    readers(change) {
      const { facts } = change;
      const slots: number[] = [];
      for (let slot = 0; slot < size; slot += 1) {
        if ((((gates[slot] ?? 0) | (criteria[slot] ?? 0)) & facts) !== 0 && reads(slot, change)) slots.push(slot);
      }
      return slots;
    },
  };
}
