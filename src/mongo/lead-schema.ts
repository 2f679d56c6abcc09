import { type Connection, type Model, Schema } from 'mongoose';
import { NEVER } from '../domain/hold.js';
import { LEAD_STAGES, type Lead } from '../domain/lead.js';
import { wasPushed } from '../ports/lead-store.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

/** A lead as it stands in the collection `leads`, with two fields made from it for filters and order. */
export interface LeadDocument extends Omit<Lead, 'id'>, OutboxDocument {
  /** Whether its host county may see it. */
  readonly pushed: boolean;
  /** `waitsFor.dueAt`, with the last moment there is for none. */
  readonly dueOrder: string;
}

const optionalText = { type: String, default: null };

const schema = new Schema<LeadDocument>(
  {
    _id: { type: String, required: true },
    needId: { type: String, required: true },
    needVersion: { type: Number, required: true, min: 1 },
    sourceAdcode: { type: String, required: true },
    hostAdcode: { type: String, required: true },
    parkId: { type: String, required: true },
    scheme: { type: String, required: true },
    reportId: { type: String, required: true },
    gbt: { type: String, required: true },
    chainId: optionalText,
    investWan: { type: Number, required: true },
    stage: { type: String, required: true, enum: LEAD_STAGES },
    disclosedAt: optionalText,
    transferAgreedAt: optionalText,
    // Made by the state machine, never by a request; casting them again would only cost time.
    claim: { type: Schema.Types.Mixed, default: null },
    history: { type: [Schema.Types.Mixed], required: true },
    clocks: { type: [Schema.Types.Mixed], required: true },
    waitsFor: { type: Schema.Types.Mixed, default: null },
    nextClockAt: optionalText,
    createdAt: { type: String, required: true },
    updatedAt: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    pushed: { type: Boolean, required: true },
    dueOrder: { type: String, required: true },
    outbox: OUTBOX_FIELD,
  },
  { collection: 'leads', strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ needId: 1 });
schema.index({ createdAt: -1, _id: -1 });
schema.index({ sourceAdcode: 1, createdAt: -1, _id: -1 });
schema.index({ hostAdcode: 1, pushed: 1, createdAt: -1, _id: -1 });
schema.index({ 'waitsFor.party': 1, 'waitsFor.adcode': 1, dueOrder: 1, _id: 1 });
schema.index({ stage: 1, needId: 1 });
schema.index({ nextClockAt: 1, _id: 1 });
schema.index({ 'claim.state': 1, 'claim.at': 1 });

/** The model of the collection on this connection. */
export function leadModel(connection: Connection): Model<LeadDocument> {
  return connection.model<LeadDocument>('Lead', schema);
}

/** The document of a lead, without its outbox. */
export function fromLead(lead: Lead): LeadDocument {
  const { id, ...rest } = lead;
  return { _id: id, ...rest, pushed: wasPushed(lead), dueOrder: lead.waitsFor?.dueAt ?? NEVER };
}

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of a lead.
 */
export function toLead(document: LeadDocument): Lead {
  const { _id, pushed: _pushed, dueOrder: _dueOrder, outbox: _outbox, ...lead } = document;
  const whole =
    Number.isInteger(lead.version) &&
    typeof lead.needId === 'string' &&
    typeof lead.sourceAdcode === 'string' &&
    typeof lead.hostAdcode === 'string' &&
    LEAD_STAGES.includes(lead.stage) &&
    Array.isArray(lead.history) &&
    Array.isArray(lead.clocks) &&
    typeof lead.createdAt === 'string';
  if (!whole) throw malformed('leads', _id);
  return { id: _id, ...lead };
}
