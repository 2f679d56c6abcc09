/** A deterministic source of numbers for sample data; never for secrets or ids. */
export interface SampleRandom {
  /** In [0, 1). */
  next(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** In [low, high), small numbers as likely as large ones on a logarithmic scale; `low` above zero. */
  logBetween(low: number, high: number): number;
  /** A whole number in low..high, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
}

/** 32-bit FNV-1a over UTF-16 units: turns a name into a seed. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The same name gives the same stream on every machine and Node version.
 * Method: mulberry32 (Tommy Ettinger, public domain), a 32-bit counter put through a mixing function.
 */
export function sampleRandom(name: string): SampleRandom {
  let state = seedOf(name);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + (high - low) * next();
  return {
    next,
    between,
    logBetween: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
  };
}
