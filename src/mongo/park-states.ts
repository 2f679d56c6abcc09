import mongoose, { type Model } from 'mongoose';
import type { ParkStore } from '../ports/park-store.js';
import { malformed } from './errors.js';
import type { ParkDocument } from './park-schema.js';

const { BSON } = mongoose.mongo;

/** More than there are parks: all in one answer. */
const ALL = 10_000;

type ParkState = Awaited<ReturnType<ParkStore['versions']>>[number];
type StateDocument = Pick<ParkDocument, '_id' | 'version' | 'capacity'>;

const isState = (document: unknown): document is StateDocument =>
  typeof document === 'object' && document !== null && '_id' in document && 'version' in document;

function stateIn(bytes: Uint8Array): ParkState {
  const document: unknown = BSON.deserialize(bytes);
  if (!isState(document)) throw malformed('parks', '');
  const { _id, version, capacity } = document;
  return {
    id: _id,
    version,
    capacityVersion: capacity?.version ?? 0,
    holdsUntil: (capacity?.holds ?? []).map(({ until }) => until),
  };
}

/** Reads the versions of all parks; what is byte for byte what it was the last time, as it nearly always is, is not decoded. */
export class ParkStates {
  readonly #model: Model<ParkDocument>;
  #last: readonly { readonly bytes: Buffer; readonly state: ParkState }[] = [];

  constructor(model: Model<ParkDocument>) {
    this.#model = model;
  }

  /** @throws what the driver throws. */
  async read(): Promise<readonly ParkState[]> {
    const projection = { version: 1, 'capacity.version': 1, 'capacity.holds.until': 1 };
    const found = await this.#model.collection
      .find({}, { projection, raw: true, batchSize: ALL })
      .sort({ _id: 1 })
      .toArray();
    const last = this.#last;
    this.#last = found.map((bytes, place) => {
      if (!Buffer.isBuffer(bytes)) throw malformed('parks', '');
      const known = last[place];
      return known?.bytes.equals(bytes) === true ? known : { bytes: Buffer.from(bytes), state: stateIn(bytes) };
    });
    return this.#last.map(({ state }) => state);
  }
}
