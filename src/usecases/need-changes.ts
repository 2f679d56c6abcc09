import type { Caller } from '../domain/access.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Change } from '../domain/change.js';
import type { Need, StoredNeed } from '../domain/need.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of the fields in which two versions differ, as paths, in order; never what stands in them. */
export function changedFields(before: unknown, after: unknown, path = ''): string[] {
  if (!isRecord(before) || !isRecord(after)) {
    return canonicalJson(before ?? null) === canonicalJson(after ?? null) ? [] : [path];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => changedFields(before[name], after[name], path === '' ? name : `${path}.${name}`));
}

/** The change that leads to the need's current version; `before` is the need of the version before, null for the first. */
export function needChange({ actor, requestId }: Caller, stored: StoredNeed, before: Need | null): Change {
  const { id, version, need, updatedAt } = stored;
  const { kind, role, countyAdcode } = actor;
  const counties = [need.firm.countyAdcode, ...(before === null ? [] : [before.firm.countyAdcode])];
  return {
    id: `${id}.${version}`,
    at: updatedAt,
    actor: { kind, id: actor.id, role, countyAdcode },
    requestId,
    type: before === null ? 'need.submitted' : 'need.revised',
    object: { kind: 'need', id, version },
    // A need that moves to another county is in the trail of both.
    chains: [...new Set(counties)],
    before: before === null ? null : { version: version - 1 },
    after: { version, changedFields: before === null ? [] : changedFields(before, need) },
    scheme: null,
  };
}
