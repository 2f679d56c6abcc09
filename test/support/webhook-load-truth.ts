import mongoose from 'mongoose';
import type { Change } from '../../src/domain/change.js';
import type { EventType } from '../../src/domain/webhook.js';

/** An event that must have been told of, as the audit trail knows it. */
export interface DueEvent {
  readonly type: EventType;
  /** What it is about, so that no other event has the same: a version of a lead, or a hold. */
  readonly subject: string;
  /** The lead, or the park, whose changes the sequence numbers count. */
  readonly stream: string;
  readonly counties: readonly string[];
  readonly at: string;
}

/** What the stores say has happened. */
export interface Truth {
  readonly due: readonly DueEvent[];
  /** Versions of leads and of parks' capacities that no entry of the trail tells of, or twice. */
  readonly gaps: readonly string[];
  /** Documents in whose outbox something stands. */
  readonly waiting: number;
}

type Stored = Readonly<Record<string, unknown>> & { readonly _id: string };

/** Collections whose documents have an outbox that the load writes to. */
const WITH_OUTBOX = ['leads', 'parks', 'needs', 'reports'];

/** Which changes are events; written down here apart from the product's own table, so that a line lost there is missed. */
const EVENT_OF = new Map<string, EventType>([
  ['lead.pushed', 'lead.pushed'],
  ['lead.transferred', 'lead.pushed'],
  ['lead.accepted', 'lead.stage_changed'],
  ['lead.declined', 'lead.stage_changed'],
  ['hold.placed', 'hold.placed'],
  ['hold.released', 'hold.released'],
]);

function dueOf(change: Change): DueEvent | null {
  const type = EVENT_OF.get(change.type);
  if (type === undefined) return null;
  const { kind, id, version } = change.object;
  return {
    ...{ type, stream: id, counties: change.chains, at: change.at },
    subject: kind === 'lead' ? `${id}@${version}` : String(change.after?.['holdId']),
  };
}

/** Numbers from 1 that are missing or stand twice. */
function gapsIn(name: string, told: readonly number[], last: number): readonly string[] {
  const counts = new Map<number, number>();
  for (const version of told) counts.set(version, (counts.get(version) ?? 0) + 1);
  return Array.from({ length: last }, (_, index) => index + 1).flatMap((version) =>
    counts.get(version) === 1 ? [] : [`${name} version ${version}: told of ${counts.get(version) ?? 0} times`],
  );
}

/** Reads the trail of every county and holds it against the documents themselves. */
export async function readTruth(mongoUri: string): Promise<Truth> {
  const connection = await mongoose.createConnection(mongoUri).asPromise();
  try {
    const all = async (name: string, fields: Readonly<Record<string, 1>>): Promise<readonly Stored[]> =>
      connection.collection<Stored>(name).find({}, { projection: fields }).toArray();
    const entries = await all('auditEntries', { change: 1 });
    const changes = new Map(
      entries.map(({ change }) => {
        const known = change as Change;
        return [known.id, known];
      }),
    );
    const versions = new Map<string, number[]>();
    for (const { object } of changes.values()) {
      const known = versions.get(object.id);
      if (known === undefined) versions.set(object.id, [object.version]);
      else known.push(object.version);
    }
    const leads = await all('leads', { version: 1 });
    const parks = await all('parks', { 'capacity.version': 1 });
    const waiting = await Promise.all(WITH_OUTBOX.map(async (name) => all(name, { 'outbox.id': 1 })));
    const gaps = [
      ...leads.flatMap(({ _id, version }) => gapsIn(_id, versions.get(_id) ?? [], Number(version))),
      ...parks.flatMap(({ _id, capacity }) => {
        const last = Number((capacity as { version?: number } | undefined)?.version ?? 0);
        // One update of a park may tell of several things.
        return gapsIn(_id, [...new Set(versions.get(_id) ?? [])], last);
      }),
    ];
    return {
      due: [...changes.values()].flatMap((change) => dueOf(change) ?? []),
      gaps,
      waiting: waiting.flat().filter(({ outbox }) => Array.isArray(outbox) && outbox.length > 0).length,
    };
  } finally {
    await connection.close();
  }
}
