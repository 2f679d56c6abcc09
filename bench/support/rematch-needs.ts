import type { Need, StoredNeed } from '../../src/domain/need.js';
import { profileName } from '../../src/domain/profile.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import type { HistoryStep } from '../../src/ports/history-store.js';
import { seeded, syntheticNeeds, TODAY } from './synthetic.js';

/** Needs with words of their own: products of links of the chains, so that each is like other links and counties. */
export function wordedNeeds(reference: ReferenceData, count: number, seed: number): Need[] {
  const random = seeded(seed);
  const links = reference.chains.flatMap((chain) => chain.links);
  const link = () => links[Math.floor(random() * links.length)];
  return syntheticNeeds(reference, count, seed).map((need) => {
    const [own, other] = [link(), link()];
    const words = [...(own?.keywords ?? []), ...(other?.keywords ?? [])].filter(() => random() < 0.3).slice(0, 12);
    return {
      ...need,
      title: `${own?.name ?? ''}扩产项目`,
      description: `新建${own?.name ?? ''}生产线,配套${other?.name ?? ''},产品包括${words.join('、')}。`,
    };
  });
}

/**
 * A need as it stands after an earlier day's match, its first step, whose result is not kept any more: everything is to be
 * stored anew.
 */
export function matchedEarlier(need: Need, number: number, reference: ReferenceData): StoredNeed {
  const id = `need_${number.toString(36).padStart(24, '0')}`;
  const [profile] = reference.profiles;
  if (profile === undefined) throw new Error('no weight profile');
  const at = `${TODAY}T00:00:00.000Z`;
  return {
    id,
    version: 1,
    need,
    history: [{ version: 1, need, at }],
    createdAt: at,
    updatedAt: at,
    matching: {
      status: 'ready',
      resultId: `${id}:1:${profileName(profile, false)}:2025-12-31.0`,
      failure: null,
      previousResultId: null,
      announced: null,
      sequence: 0,
      steps: 1,
    },
    firstBodyDigest: null,
  };
}

/** The step that match left in the history of a need of `matchedEarlier`. */
export function earlierStep({ id, version, createdAt, matching }: StoredNeed): HistoryStep {
  if (matching.resultId === null) throw new Error('no earlier result');
  return {
    needId: id,
    position: 1,
    at: createdAt,
    needVersion: version,
    changes: [],
    changesTotal: 0,
    fromResultId: null,
    toResultId: matching.resultId,
    difference: null,
    announced: null,
    outline: null,
  };
}
