import type { Change } from '../../../src/domain/change.js';

/** The nth change of an object, `need_1` unless told. */
export function makeChange(version: number, overrides: Partial<Change> & { readonly objectId?: string } = {}): Change {
  const { objectId = 'need_1', ...rest } = overrides;
  return {
    id: `${objectId}.${version}`,
    at: new Date(Date.UTC(2026, 2, 1, 8, 0, version)).toISOString(),
    actor: { kind: 'user', id: 'user_a', role: 'sourceStaff', countyAdcode: '330782' },
    requestId: `request-${version}`,
    type: version === 1 ? 'need.submitted' : 'need.revised',
    object: { kind: 'need', id: objectId, version },
    chains: ['330782'],
    before: version === 1 ? null : { version: version - 1 },
    after: { version, changedFields: ['land.minMu', 'title'], ready: false, note: null, share: 0.25 },
    scheme: null,
    ...rest,
  };
}
