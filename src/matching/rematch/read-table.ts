import type { CompiledNeed } from '../compile-need.js';
import { GATE_FACTS, gateTurns, hasLand, type RowChange, readsOf, thresholdsOf, withoutLand } from './facts.js';
import { landMayRise, landTurns, type PlainLand } from './land-change.js';

/** A bit for each park row. */
export type RowBits = Uint32Array;

/** Which facts each need reads, with what its gates ask and the parks that count, by slot. */
export interface ReadTable {
  /**
   * Writes a need at a slot.
   * @param live parks that are in.
   * @param falling parks of those by whose utilities' falling, gates answering as before, something may change; null: all.
   */
  set(slot: number, need: CompiledNeed, live: RowBits, falling: RowBits | null): void;
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

/** Land asked for by a need without phases; nobody knows that of one with phases, and the others ask for none. */
function plainLand({ land }: CompiledNeed): PlainLand {
  if (land === null || land.phased) return { minMu: Number.NaN, lastDay: Number.NaN, targetMu: Number.NaN };
  return land;
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
  let fallings = new Uint32Array(0);
  let lands = { minMu: new Float64Array(0), lastDay: new Float64Array(0), targetMu: new Float64Array(0) };
  let thresholds = GATE_FACTS.map(() => new Float64Array(0));

  function grow(least: number): void {
    size = grownTo(size, least);
    const wider = <T extends Int32Array | Uint32Array | Float64Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    const numbers = (old: Float64Array) => {
      const next = new Float64Array(size);
      next.set(old);
      return next;
    };
    gates = wider(new Int32Array(size), gates);
    criteria = wider(new Int32Array(size), criteria);
    lives = wider(new Uint32Array(size * words), lives);
    fallings = wider(new Uint32Array(size * words), fallings);
    lands = { minMu: numbers(lands.minMu), lastDay: numbers(lands.lastDay), targetMu: numbers(lands.targetMu) };
    thresholds = thresholds.map(numbers);
  }

  const has = (bits: RowBits, slot: number, row: number) =>
    (((bits[slot * words + (row >>> 5)] ?? 0) >>> (row & 31)) & 1) === 1;

  function landOf(slot: number): PlainLand {
    const { minMu, lastDay, targetMu } = lands;
    return { minMu: minMu[slot] ?? 0, lastDay: lastDay[slot] ?? 0, targetMu: targetMu[slot] ?? 0 };
  }

  function reads(slot: number, { row, facts, rising, gates: moves, land }: RowChange): boolean {
    const asked = (gates[slot] ?? 0) & facts;
    let raised = rising;
    if (hasLand(asked) && land !== null) {
      const own = landOf(slot);
      if (Number.isNaN(own.minMu) || landTurns(land, own)) return true;
      if (!landMayRise(land, own)) raised = withoutLand(raised);
    }
    for (const move of moves) {
      if ((asked & (1 << move.fact)) !== 0 && gateTurns(move, thresholds[move.fact]?.[slot] ?? Number.NaN)) return true;
    }
    const read = (criteria[slot] ?? 0) & facts;
    if (read === 0) return false;
    return has((read & raised) === 0 ? fallings : lives, slot, row);
  }

  return {
    set(slot, need, live, falling) {
      if (slot >= size) grow(slot + 1);
      const own = readsOf(need);
      gates[slot] = own.gates;
      criteria[slot] = own.criteria;
      lives.set(live, slot * words);
      fallings.set(falling ?? live, slot * words);
      const { minMu, lastDay, targetMu } = plainLand(need);
      lands.minMu[slot] = minMu;
      lands.lastDay[slot] = lastDay;
      lands.targetMu[slot] = targetMu;
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
