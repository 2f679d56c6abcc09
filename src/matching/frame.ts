import { type County, ENDOWMENTS, type Endowment, holdsOn, type Pairing } from '../domain/county.js';
import type { Park } from '../domain/park.js';
import type { WeightProfile } from '../domain/profile.js';
import type { IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';
import { dayNumber } from '../domain/units.js';
import { BOUNDS, linear } from './bounds.js';
import { type ChainGraph, compileChainGraph } from './chain-graph.js';
import { type ChainColumns, compileChainColumns } from './chain-presence.js';
import { type CountyIndex, compileCountyIndex } from './county-index.js';

/** 万元 in one 亿元. */
const WAN_PER_YI = 10_000;
/** Stands for a product nobody knows: no project is small beside it. */
const UNKNOWN_PRODUCT_YI = 1e-9;

const EARTH_RADIUS_KM = 6_371.0088;

/** Everything of a snapshot that does not change when an inventory does: reference data, places and chains. */
export interface Frame {
  readonly today: IsoDate;
  /** The same as `dayNumber`. */
  readonly todayNumber: number;
  readonly reference: ReferenceData;
  readonly profile: WeightProfile;
  /** Parks in row order (by id), as places only: their inventories are read by `compileSnapshot`. */
  readonly parkIds: readonly string[];
  readonly counties: readonly County[];
  readonly countyRow: ReadonlyMap<string, number>;
  /** Rules and policies of each county, by its row. */
  readonly countyIndex: readonly CountyIndex[];
  /** Row of each park's county. */
  readonly countyOf: Int32Array;
  readonly graph: ChainGraph;
  readonly chains: ChainColumns;
  /** Utility of distance and of pairing for each (origin county row, park row), at `origin * parks + park`. */
  readonly distanceUtility: readonly Float64Array[];
  readonly pairingUtility: readonly Float64Array[];
  /** 1 where the park's county has the endowment. */
  readonly endowments: Readonly<Record<Endowment, Float64Array>>;
  /** Decimal logarithm of the county's product in 万元; far below any county where nobody knows it. */
  readonly logProductWan: Float64Array;
}

/** Great-circle distance by the haversine formula (Sinnott 1984), km. */
export function distanceKm(a: Pick<County, 'lon' | 'lat'>, b: Pick<County, 'lon' | 'lat'>): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

function pairedOn(day: IsoDate, pairings: readonly Pairing[], source: string, host: string): boolean {
  return pairings.some((pair) => pair.sourceAdcode === source && pair.hostAdcode === host && holdsOn(pair, day));
}

/**
 * Compiles the reference data for a set of parks and a day.
 * @throws RangeError if a park's county or the weight profile is missing from the reference data.
 */
export function compileFrame(reference: ReferenceData, parks: readonly Park[], today: IsoDate): Frame {
  const ordered = [...parks].sort((a, b) => (a.id < b.id ? -1 : 1));
  const counties = reference.counties;
  const countyRow = new Map(counties.map((county, row) => [county.adcode, row]));
  const profile = reference.profiles[0];
  if (profile === undefined) throw new RangeError('no weight profile');
  const countyOf = Int32Array.from(ordered, (park) => {
    const row = countyRow.get(park.countyAdcode);
    if (row === undefined) throw new RangeError(`park ${park.id} names county ${park.countyAdcode}, which is unknown`);
    return row;
  });
  const graph = compileChainGraph(
    reference.chains,
    reference.industries.map((industry) => industry.code),
  );
  return {
    today,
    todayNumber: dayNumber(today),
    reference,
    profile,
    parkIds: ordered.map((park) => park.id),
    counties,
    countyRow,
    countyIndex: compileCountyIndex(reference),
    countyOf,
    graph,
    chains: compileChainColumns(graph, ordered, reference.presences),
    endowments: Object.fromEntries(
      ENDOWMENTS.map((kind) => [
        kind,
        Float64Array.from(countyOf, (row) => (counties[row]?.endowments.some((own) => own.kind === kind) ? 1 : 0)),
      ]),
    ) as Record<Endowment, Float64Array>,
    logProductWan: Float64Array.from(countyOf, (row) =>
      Math.log10((counties[row]?.economy?.gdpYi ?? UNKNOWN_PRODUCT_YI) * WAN_PER_YI),
    ),
    distanceUtility: counties.map((origin) =>
      Float64Array.from(countyOf, (row) =>
        linear(distanceKm(origin, counties[row] ?? origin), BOUNDS.distance.at0, BOUNDS.distance.at1),
      ),
    ),
    pairingUtility: counties.map((origin) =>
      Float64Array.from(ordered, (park) =>
        pairedOn(today, reference.pairings, origin.adcode, park.countyAdcode) ? 1 : 0,
      ),
    ),
  };
}
