import { FACTORS, type Factor, POLLUTANTS } from '../domain/factors.js';
import type { HoldAmounts } from '../domain/hold.js';
import type { Need } from '../domain/need.js';
import type { Park } from '../domain/park.js';
import { fromMillionths, normalAmounts, toMillionths } from './amounts.js';
import { availableInventory } from './available.js';

/** What a need asks of a factor, in the factor's unit. */
function asked(need: Need, factor: Factor): number {
  const pollutant = POLLUTANTS.find((name) => name === factor);
  if (pollutant !== undefined) return need.emissions?.[pollutant] ?? 0;
  switch (factor) {
    case 'energyTce':
      return need.energyTce ?? 0;
    case 'powerKva':
      return need.powerKva ?? 0;
    case 'waterM3PerDay':
      return need.waterM3PerDay ?? 0;
    default:
      return need.workshopM2 ?? 0;
  }
}

interface Room {
  readonly id: string;
  free: number;
}

/** Asked for where a park has no parcel at all: it is short of it. */
const NO_PARCEL = '-';

const bySize = (a: Room, b: Room): number => a.free - b.free || (a.id < b.id ? -1 : 1);

/**
 * Land for each piece, the largest piece first, each on the smallest parcel that has room for it whole; equal parcels go
 * by id. A piece for which none has room now is asked of the smallest parcel that could hold it were nothing held, else
 * of the largest: there the answer says what is lacking, and there a lead that waits has its turn.
 */
function placeLand(pieces: readonly number[], park: Park, now: string): HoldAmounts['parcels'] {
  const roomsOf = (parcels: Park['inventory']['parcels']): Room[] =>
    parcels.map(({ id, areaMu }) => ({ id, free: toMillionths(areaMu) })).sort(bySize);
  const rooms = roomsOf(availableInventory(park, now).parcels);
  const whole = roomsOf(park.inventory.parcels);
  return [...pieces]
    .map(toMillionths)
    .sort((a, b) => b - a)
    .map((piece) => {
      const room =
        rooms.sort(bySize).find(({ free }) => free >= piece) ??
        whole.find(({ free }) => free >= piece) ??
        whole[whole.length - 1];
      if (room !== undefined && rooms.includes(room)) room.free -= piece;
      return { parcelId: room?.id ?? NO_PARCEL, mu: fromMillionths(piece) };
    });
}

/**
 * What a lead asks for where nobody says: the need's least land, phase by phase where it has phases (the first takes what
 * the phases leave of it), and every factor the need asks for whose stock the park knows. Factors nobody knows the stock
 * of can't be set aside; the gate that is open for them says so.
 */
export function defaultAmounts(need: Need, park: Park, now: string): HoldAmounts {
  const { minMu, phases = [] } = need.land;
  const phased = phases.reduce((sum, { mu }) => sum + toMillionths(mu), 0);
  const beyond = toMillionths(minMu) - phased;
  const pieces = phases.map(({ mu }, index) => (index === 0 && beyond > 0 ? mu + fromMillionths(beyond) : mu));
  if (phases.length === 0 && minMu > 0) pieces.push(minMu);
  const factors: Partial<Record<Factor, number>> = {};
  for (const factor of FACTORS) {
    if (asked(need, factor) > 0 && park.inventory.factors[factor].value !== null) factors[factor] = asked(need, factor);
  }
  return normalAmounts({ parcels: placeLand(pieces, park, now), factors });
}
