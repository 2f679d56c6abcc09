import { type Connection, type Model, Schema } from 'mongoose';
import type { Change } from '../domain/change.js';
import { EMPTY_CAPACITY, type ParkCapacity } from '../domain/hold.js';
import type { Park } from '../domain/park.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD } from './outbox.js';

/** A park as it stands in the collection `parks`. */
export interface ParkDocument extends Omit<Park, 'id' | 'capacity'> {
  readonly _id: string;
  /** Absent in documents written before there were holds. */
  readonly capacity?: ParkCapacity;
  /** The inventory was changed by people, so seeds leave it alone. */
  readonly edited: boolean;
  /** The version of the inventory of which subscribers were told that it is stale. */
  readonly staleToldVersion?: number;
  readonly outbox?: readonly Change[];
}

const schema = new Schema<ParkDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    countyAdcode: { type: String, required: true },
    level: { type: String, required: true, enum: ['national', 'provincial', 'county', 'unknown'] },
    planKm2: { type: Number, default: null },
    provenance: { type: Schema.Types.Mixed, required: true },
    // Checked before it gets here; casting it again would only cost time.
    inventory: { type: Schema.Types.Mixed, required: true },
    version: { type: Number, required: true, min: 1 },
    edited: { type: Boolean, required: true },
    capacity: { type: Schema.Types.Mixed },
    staleToldVersion: { type: Number },
    outbox: OUTBOX_FIELD,
  },
  { collection: 'parks', strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ countyAdcode: 1, _id: 1 });
schema.index({ 'capacity.holds.id': 1 }, { sparse: true });
schema.index({ 'capacity.holds.until': 1 }, { sparse: true });
schema.index({ 'capacity.waitlist.holdId': 1 }, { sparse: true });

/** The model of the collection on this connection. */
export function parkModel(connection: Connection): Model<ParkDocument> {
  return connection.model<ParkDocument>('Park', schema);
}

/** The document of a park. */
export function fromPark(park: Park, edited: boolean): ParkDocument {
  const { id, ...rest } = park;
  return { _id: id, ...rest, edited };
}

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of a park.
 */
export function toPark(document: ParkDocument): Park {
  const { _id, name, countyAdcode, level, planKm2, provenance, inventory, version } = document;
  const capacity = document.capacity ?? EMPTY_CAPACITY;
  const whole =
    typeof name === 'string' &&
    typeof countyAdcode === 'string' &&
    Number.isInteger(version) &&
    typeof provenance?.source === 'string' &&
    Array.isArray(inventory?.parcels) &&
    typeof inventory.factors === 'object' &&
    Number.isInteger(capacity.version) &&
    Array.isArray(capacity.holds) &&
    Array.isArray(capacity.waitlist) &&
    Array.isArray(capacity.fenced);
  if (!whole) throw malformed('parks', _id);
  return { id: _id, name, countyAdcode, level, planKm2: planKm2 ?? null, provenance, inventory, version, capacity };
}
