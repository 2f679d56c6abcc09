import { type Connection, type Model, Schema } from 'mongoose';
import type { Report } from '../domain/report.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

/**
 * A report as it stands in the collection `reports`. Its position is the document's key, so that a position is written
 * once whatever indexes there are.
 */
export interface ReportDocument extends Omit<Report, 'id' | 'position'>, OutboxDocument {
  readonly reportId: string;
}

/** Digits of a position in a key: keys have the order of positions. */
const KEY_DIGITS = 12;

const schema = new Schema<ReportDocument>(
  {
    _id: { type: String, required: true },
    reportId: { type: String, required: true },
    needId: { type: String, required: true },
    sourceAdcode: { type: String, required: true },
    creditCode: { type: String, default: null },
    // Normalised texts may have nothing left; `required` would refuse that.
    firmName: { type: String, default: '' },
    project: { type: String, default: '' },
    investWan: { type: Number, required: true },
    reportedAt: { type: String, required: true },
    protectedUntil: { type: String, required: true },
    scheme: { type: String, required: true },
    standing: { type: String, required: true, enum: ['first', 'candidate', 'displaced'] },
    candidates: { type: [Schema.Types.Mixed], required: true },
    decision: { type: Schema.Types.Mixed, default: null },
    pushes: { type: [String], default: undefined },
    version: { type: Number, required: true, min: 1 },
    outbox: OUTBOX_FIELD,
  },
  { collection: 'reports', strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ reportId: 1 }, { unique: true });
schema.index({ needId: 1 }, { unique: true });
schema.index({ protectedUntil: 1, standing: 1 });
schema.index({ standing: 1, sourceAdcode: 1, _id: 1 });
schema.index({ 'outbox.id': 1 }, { sparse: true });

/** The model of the collection on this connection. */
export function reportModel(connection: Connection): Model<ReportDocument> {
  return connection.model<ReportDocument>('Report', schema);
}

/** The key of a position. */
export function reportKey(position: number): string {
  return String(position).padStart(KEY_DIGITS, '0');
}

/** The document of a report, without its outbox. */
export function fromReport(report: Report): ReportDocument {
  const { id, position, ...rest } = report;
  return { _id: reportKey(position), reportId: id, ...rest };
}

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of a report.
 */
export function toReport(document: ReportDocument): Report {
  const { _id, reportId, outbox: _outbox, ...report } = document;
  const position = Number(_id);
  const whole =
    Number.isInteger(position) &&
    typeof reportId === 'string' &&
    Number.isInteger(report.version) &&
    ['first', 'candidate', 'displaced'].includes(report.standing) &&
    Array.isArray(report.candidates) &&
    typeof report.protectedUntil === 'string';
  if (!whole) throw malformed('reports', _id);
  return { id: reportId, position, ...report };
}
