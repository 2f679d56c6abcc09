import { syntheticNeeds, syntheticParks, syntheticReference, TODAY } from '../../bench/support/synthetic.js';
import type { Need } from '../../src/domain/need.js';
import type { Park, ParkInventory } from '../../src/domain/park.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { type CompiledNeed, compileNeed, type TextNumbers } from '../../src/matching/compile-need.js';
import { evaluate } from '../../src/matching/evaluate.js';
import { compileFrame } from '../../src/matching/frame.js';
import { compileSnapshot, type Snapshot } from '../../src/matching/snapshot.js';
import { createWorkspace, type Workspace } from '../../src/matching/workspace.js';

/** A small made-up province for tests. */
export const reference: ReferenceData = syntheticReference(11, 20, 6);

export function madeParks(count: number, seed: number): Park[] {
  return syntheticParks(reference, count, seed);
}

export function madeNeed(seed: number): Need {
  const [need] = syntheticNeeds(reference, 1, seed);
  if (need === undefined) throw new Error('no need made');
  return need;
}

export function snapshotOf(parks: readonly Park[], data: ReferenceData = reference): Snapshot {
  return compileSnapshot(compileFrame(data, parks, TODAY), parks, 'test');
}

export function noText(snapshot: Snapshot): TextNumbers {
  return {
    links: new Float64Array(snapshot.frame.graph.links.length),
    counties: new Float64Array(snapshot.frame.counties.length),
  };
}

/** Evaluates a need and hands back all that tests look at. */
export function evaluated(
  parks: readonly Park[],
  need: Need,
  data: ReferenceData = reference,
): { snapshot: Snapshot; compiled: CompiledNeed; work: Workspace } {
  const snapshot = snapshotOf(parks, data);
  const compiled = compileNeed(snapshot.frame, need, noText(snapshot));
  const work = createWorkspace(snapshot.size);
  evaluate(snapshot, compiled, work);
  return { snapshot, compiled, work };
}

export function withInventory(park: Park, change: Partial<ParkInventory>): Park {
  return { ...park, inventory: { ...park.inventory, ...change } };
}
