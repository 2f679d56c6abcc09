import { availableInventory } from '../capacity/available.js';
import type { Park } from '../domain/park.js';
import { compileSnapshot } from '../matching/snapshot.js';
import type { LeadStore } from '../ports/lead-store.js';
import type { CurrentSnapshot } from './current-snapshot.js';

/** What a need may be given: what is free, and what is already held for it. */
export interface OwnHolds {
  /**
   * The parks as if holds for this need's own leads were not there: what is set aside for a need must not keep it out.
   * The current ones themselves where nothing is held for it.
   * @throws AppError `storeUnavailable`.
   */
  viewFor(current: CurrentSnapshot, needId: string): Promise<CurrentSnapshot>;
  /** The needs for which something is held. @throws AppError `storeUnavailable`. */
  needs(current: CurrentSnapshot): Promise<ReadonlySet<string>>;
}

/** A lead belongs to one need for good, so what was read once stays true. */
export function createOwnHolds(leadStore: Pick<LeadStore, 'get'>): OwnHolds {
  const needOfLead = new Map<string, string | null>();
  let known: {
    readonly snapshotId: string;
    readonly needs: ReadonlySet<string>;
    readonly views: Map<string, CurrentSnapshot>;
  } | null = null;

  const leadsIn = (stock: readonly Park[]): string[] => [
    ...new Set(stock.flatMap(({ capacity }) => capacity.holds.map(({ leadId }) => leadId))),
  ];

  async function needsWithHolds(stock: readonly Park[]): Promise<ReadonlySet<string>> {
    const leads = leadsIn(stock);
    const unknown = leads.filter((leadId) => !needOfLead.has(leadId));
    const read = await Promise.all(unknown.map((leadId) => leadStore.get(leadId)));
    for (const [index, leadId] of unknown.entries()) needOfLead.set(leadId, read[index]?.needId ?? null);
    return new Set(leads.flatMap((leadId) => needOfLead.get(leadId) ?? []));
  }

  function withoutOwn(current: CurrentSnapshot, needId: string): CurrentSnapshot {
    const { snapshot, at } = current;
    const stock = current.stock.map((park) => {
      const holds = park.capacity.holds.filter(({ leadId }) => needOfLead.get(leadId) !== needId);
      return { ...park, capacity: { ...park.capacity, holds } };
    });
    const parks = stock.map((park) => ({ ...park, inventory: availableInventory(park, at) }));
    return { ...current, stock, snapshot: compileSnapshot(snapshot.frame, parks, snapshot.id) };
  }

  async function knownFor({ snapshot, stock }: CurrentSnapshot) {
    if (known === null || known.snapshotId !== snapshot.id) {
      known = { snapshotId: snapshot.id, needs: await needsWithHolds(stock), views: new Map() };
    }
    return known;
  }

  return {
    async viewFor(current, needId) {
      const { needs, views } = await knownFor(current);
      if (!needs.has(needId)) return current;
      const view = views.get(needId) ?? withoutOwn(current, needId);
      views.set(needId, view);
      return view;
    },
    async needs(current) {
      return (await knownFor(current)).needs;
    },
  };
}
