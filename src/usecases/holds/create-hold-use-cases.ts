import type { Caller } from '../../domain/access.js';
import type { LeadUseCases } from '../lead-use-cases.js';
import type { HoldDeps } from './deps.js';
import { extendHold } from './extend-hold.js';
import { placeHold } from './place-hold.js';
import { readCapacity } from './read-capacity.js';
import { releaseHold } from './release-hold.js';

export type HoldUseCases = Pick<LeadUseCases, 'placeHold' | 'extendHold' | 'releaseHold' | 'readCapacity'>;

/** The use cases of holds as this caller may use them. */
export function createHoldUseCases(deps: HoldDeps, caller: Caller): HoldUseCases {
  return {
    placeHold: (leadId, request) => placeHold(deps, caller, leadId, request),
    extendHold: (holdId, reason) => extendHold(deps, caller, holdId, reason),
    releaseHold: (holdId) => releaseHold(deps, caller, holdId),
    readCapacity: (parkId) => readCapacity(deps, caller, parkId),
  };
}
