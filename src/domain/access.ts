import type { Adcode } from './county.js';

/**
 * Who may use the service: 省级协调员 coordinator, staff of a source county (工业大县), staff of a host county (山区县),
 * 审计 auditor (read only), and programs with a token.
 */
export const ROLES = ['coordinator', 'sourceStaff', 'hostStaff', 'auditor', 'integration'] as const;
export type Role = (typeof ROLES)[number];

/** What a route asks the right to. An API token carries some of these as its scopes. */
export const ACTIONS = [
  'self',
  'reference.read',
  'park.read',
  'park.write',
  'need.read',
  'need.write',
  'lead.read',
  'lead.write',
  'hold.write',
  'inbox.read',
  'funnel.read',
  'audit.read',
  'scheme.write',
  'report.decide',
  'user.manage',
  'token.manage',
  'webhook.manage',
  'rematch.manage',
  'operation.read',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What a token may be given; the rest is for people. */
export const TOKEN_SCOPES = [
  'reference.read',
  'park.read',
  'park.write',
  'need.read',
  'need.write',
  'lead.read',
  'lead.write',
  'hold.write',
  'inbox.read',
  'funnel.read',
  'audit.read',
  'webhook.manage',
] as const satisfies readonly Action[];

const READING: readonly Action[] = [
  'self',
  'reference.read',
  'park.read',
  'need.read',
  'lead.read',
  'inbox.read',
  'funnel.read',
];

/** What each role may ask for at all; whose objects it reaches is told by its county. Integrations have their scopes. */
export const ROLE_ACTIONS: Readonly<Record<Exclude<Role, 'integration'>, readonly Action[]>> = {
  coordinator: ACTIONS,
  sourceStaff: [...READING, 'need.write', 'lead.write', 'audit.read', 'token.manage', 'webhook.manage'],
  hostStaff: [...READING, 'park.write', 'lead.write', 'hold.write', 'audit.read', 'token.manage', 'webhook.manage'],
  auditor: [...READING, 'audit.read', 'operation.read'],
};

/** Who acts: a person, a program or the service itself. */
export interface Actor {
  readonly kind: 'user' | 'token' | 'system';
  /** `user_…`, `token_…` or `system`; never a name. */
  readonly id: string;
  readonly role: Role;
  /** Null: the whole province. */
  readonly countyAdcode: Adcode | null;
  /** Of a token; empty for people, whose role says it. */
  readonly scopes: readonly Action[];
}

/** An actor with the request it acts by, for the audit trail. */
export interface Caller {
  readonly actor: Actor;
  /** Null outside a request. */
  readonly requestId: string | null;
}

/** The service itself: clocks, expiries, promotions. */
export const SYSTEM_CALLER: Caller = {
  actor: { kind: 'system', id: 'system', role: 'coordinator', countyAdcode: null, scopes: [] },
  requestId: null,
};

/** True if the actor's role or scopes hold the right to the action. */
export function may(actor: Pick<Actor, 'role' | 'scopes'>, action: Action): boolean {
  return actor.role === 'integration' ? actor.scopes.includes(action) : ROLE_ACTIONS[actor.role].includes(action);
}

/** True if the county's own needs and leads are the actor's to see. */
export function seesCounty(actor: Pick<Actor, 'countyAdcode'>, adcode: Adcode): boolean {
  return actor.countyAdcode === null || actor.countyAdcode === adcode;
}
