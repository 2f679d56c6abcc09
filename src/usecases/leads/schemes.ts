import type { Caller } from '../../domain/access.js';
import { type PlainFacts, PROVINCE_CHAIN } from '../../domain/change.js';
import { AppError } from '../../domain/errors.js';
import { type Scheme, schemeRef } from '../../domain/scheme.js';
import { changeBy } from './lead-changes.js';
import type { LeadWritingDeps } from './lead-writing-deps.js';

/**
 * The scheme new leads come under: the newest version that holds by today.
 * @throws AppError `storeUnavailable` where there is none: nothing was seeded.
 */
export async function schemeInForce({
  schemeStore,
  schemeId,
  clock,
}: Pick<LeadWritingDeps, 'schemeStore' | 'schemeId' | 'clock'>): Promise<Scheme> {
  const today = clock.today();
  const found = (await schemeStore.all()).filter(({ id, from }) => id === schemeId && from <= today).at(-1);
  if (found === undefined) throw new AppError('storeUnavailable', { params: { what: 'scheme' } });
  return found;
}

/** Values of the rules, flat, for the audit trail; sources stay in the scheme. */
function factsOf({ from, rules }: Scheme): PlainFacts {
  const values = Object.entries(rules).flatMap(([name, { value }]): [string, string | number | boolean][] =>
    typeof value === 'object'
      ? [
          [`${name}.source`, value.source],
          [`${name}.host`, value.host],
        ]
      : [[name, value]],
  );
  return { from, ...Object.fromEntries(values) };
}

/**
 * See `LeadUseCases.publishScheme`. `expectedVersion` 0 publishes the first version of a new scheme.
 * @throws AppError `notFound`, `versionConflict`, `storeUnavailable`.
 */
export async function publishScheme(
  deps: Pick<LeadWritingDeps, 'schemeStore' | 'clock' | 'changes'>,
  caller: Caller,
  id: string,
  expectedVersion: number,
  next: Pick<Scheme, 'title' | 'from' | 'rules'>,
): Promise<Scheme> {
  const newest = async () => (await deps.schemeStore.all()).filter((scheme) => scheme.id === id).at(-1) ?? null;
  const previous = await newest();
  if (previous === null && expectedVersion !== 0) throw new AppError('notFound', { params: { what: 'scheme' } });
  const conflict = (current: Scheme | null): AppError =>
    new AppError('versionConflict', { params: { currentVersion: current?.version ?? 0 } });
  if ((previous?.version ?? 0) !== expectedVersion) throw conflict(previous);
  const at = deps.clock.now();
  const scheme: Scheme = {
    id,
    version: expectedVersion + 1,
    title: next.title,
    from: next.from,
    rules: next.rules,
    publishedAt: at,
    publishedBy: caller.actor.id,
  };
  const change = changeBy(caller, {
    type: 'scheme.published',
    at,
    object: { kind: 'scheme', id, version: scheme.version },
    chains: [PROVINCE_CHAIN],
    before: previous === null ? null : factsOf(previous),
    after: factsOf(scheme),
    scheme: schemeRef(scheme),
  });
  if (!(await deps.schemeStore.insert(scheme, [change]))) throw conflict(await newest());
  deps.changes.changed('scheme', schemeRef(scheme));
  return scheme;
}
