import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Answered, call, needOf, postNeed } from './api-client.js';
import { EXAMPLES } from './example-needs.js';

const leadSchema = z.object({
  id: z.string(),
  needId: z.string(),
  stage: z.string(),
  sourceAdcode: z.string(),
  hostAdcode: z.string(),
  parkId: z.string(),
  claim: z.object({ holdId: z.string(), parkId: z.string(), state: z.string() }).nullable(),
  version: z.number(),
});
type ShownLead = z.infer<typeof leadSchema>;
const leadViewSchema = z.object({ lead: leadSchema });
const registeredSchema = z.object({ report: z.object({ standing: z.string() }), leads: z.array(leadViewSchema) });
const tokenSchema = z.object({ secret: z.string() });

/** Host counties and the park in each that leads go to. */
export type Hosts = ReadonlyMap<string, string>;

/** Keys of a program of each county, by adcode. */
export type CountyKeys = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** @throws Error with what was answered, where it is not the status that was expected. */
export function expectStatus(answer: Answered, status: number): Answered {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/** A token for each county, made by whoever is signed in: the province. */
export async function openCountyKeys(api: string, adcodes: readonly string[]): Promise<CountyKeys> {
  const keys = new Map<string, Readonly<Record<string, string>>>();
  for (const countyAdcode of adcodes) {
    const body = { name: `chaos ${countyAdcode}`, scopes: ['lead.read', 'lead.write', 'hold.write'] };
    const answer = await call(`${api}/api/v1/tokens`, {
      method: 'POST',
      body: { ...body, expiresInDays: 1, countyAdcode },
    });
    const { secret } = tokenSchema.parse(expectStatus(answer, 201).body);
    keys.set(countyAdcode, { authorization: `Bearer ${secret}`, cookie: '' });
  }
  return keys;
}

/** Words nobody else has: first reports compare names and projects. */
function ownWords(random: () => number, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(0x4e00 + Math.floor(random() * 0x5000))).join('');
}

/** A need of a firm of its own in the county, large enough to be passed on. */
function needIn(countyAdcode: string, random: () => number): unknown {
  const example = EXAMPLES[Math.floor(random() * EXAMPLES.length)];
  return {
    ...example,
    firm: { name: `${ownWords(random, 8)}有限公司`, countyAdcode },
    title: ownWords(random, 12),
    description: ownWords(random, 60),
    investWan: 20_000,
  };
}

/** Needs of the source counties in turn, each pushed to three of the hosts. Gives at least `count` leads. */
export async function openLeads(
  api: string,
  count: number,
  where: { readonly sources: readonly string[]; readonly hosts: Hosts },
  random: () => number,
): Promise<readonly string[]> {
  const parks = [...where.hosts.values()];
  const ids: string[] = [];
  for (let number = 0; ids.length < count; number += 1) {
    const source = where.sources[number % where.sources.length] ?? '';
    const posted = await postNeed(api, needIn(source, random), `webhook-chaos-${number}`);
    const { id: needId } = needOf(expectStatus(posted, 202));
    const parkIds = [0, 1, 2].map((step) => parks[(number + step) % parks.length]);
    const answer = await call(`${api}/api/v1/leads`, { method: 'POST', body: { needId, parkIds } });
    const { report, leads } = registeredSchema.parse(expectStatus(answer, 201).body);
    if (report.standing !== 'first') throw new Error(`report of need ${number} is ${report.standing}`);
    ids.push(...leads.map(({ lead }) => lead.id));
  }
  return ids;
}

/** Leads on their way through counties, over and over, each step asked for over HTTP. */
export interface LeadLoad {
  /** Events of the steps that were answered with success; those of unanswered ones are not known yet. */
  readonly made: number;
  readonly calls: number;
  /** Steps to which nobody answered, or 503. */
  readonly unanswered: number;
  /** Answers that neither an outage nor the state of the lead explains. */
  readonly odd: readonly string[];
  /** Asks for no more; resolves when what is on its way is answered. */
  stop(): Promise<void>;
}

/** One step that can be asked for, and how many events it makes. */
interface Step {
  readonly path: string;
  readonly method: 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly version?: number;
  readonly as: 'host' | 'province';
  readonly events: number;
}

const CALL_LIMIT_MS = 4_000;
const AGAIN_MS = 200;
/** What a refused step is answered with where an outage had hidden the success of an earlier one. */
const OVERTAKEN: readonly number[] = [404, 409];

/**
 * What is asked for next. Declining and moving on (流转) goes round for ever: pushed, accepted, sometimes with a hold,
 * declined, pushed to the next county.
 */
function nextStep(lead: ShownLead, hosts: Hosts, random: () => number): Step {
  const move = (as: Step['as'], body: unknown, events: number): Step => ({
    ...{ path: `/leads/${lead.id}/moves`, method: 'POST', version: lead.version, as, body, events },
  });
  const decline = (events: number): Step => move('host', { move: 'decline', reason: 'energyShort' }, events);
  switch (lead.stage) {
    case 'registered':
      return move('province', { move: 'push' }, 1);
    case 'pushed':
      return random() < 0.75 ? move('host', { move: 'accept' }, 1) : decline(1);
    case 'accepted': {
      const held = lead.claim?.state === 'placed';
      const next = random();
      if (!held && next < 0.25) {
        const body = { kind: 'soft', amounts: { factors: { energyTce: 1 } } };
        return { path: `/leads/${lead.id}/holds`, method: 'POST', body, as: 'host', events: 1 };
      }
      if (held && next < 0.4) {
        return { path: `/holds/${lead.claim?.holdId}`, method: 'DELETE', as: 'host', events: 1 };
      }
      return decline(held ? 2 : 1);
    }
    case 'declined': {
      const others = [...hosts.entries()].filter(
        ([adcode]) => adcode !== lead.hostAdcode && adcode !== lead.sourceAdcode,
      );
      const [, parkId] = others[Math.floor(random() * others.length)] ?? [];
      return move('province', { move: 'transfer', parkId }, 1);
    }
    default:
      throw new Error(`no way on from ${lead.stage}`);
  }
}

/** Starts `atOnce` lines of steps, each on one lead at a time, until `enough` says so or `stop` is called. */
export function startLeadLoad(
  api: string,
  leadIds: readonly string[],
  settings: {
    readonly hosts: Hosts;
    readonly keys: CountyKeys;
    readonly atOnce: number;
    readonly random: () => number;
    readonly enough: (made: number) => boolean;
  },
): LeadLoad {
  const { hosts, keys, atOnce, random, enough } = settings;
  const load = { made: 0, calls: 0, unanswered: 0, odd: [] as string[] };
  const idle = [...leadIds];
  let stopped = false;

  /** Null where nobody answers. */
  const ask = async (step: Omit<Step, 'events'> & { readonly hostAdcode: string }): Promise<Answered | null> => {
    load.calls += 1;
    try {
      const answer = await call(`${api}/api/v1${step.path}`, {
        method: step.method,
        ...(step.body === undefined ? {} : { body: step.body }),
        headers: {
          ...(step.version === undefined ? {} : { 'if-match': `"${step.version}"` }),
          ...(step.as === 'host' ? keys.get(step.hostAdcode) : {}),
        },
        timeoutMs: CALL_LIMIT_MS,
      });
      if (answer.status !== 503) return answer;
    } catch {
      // Killed, or not up again: the step may have been made or not.
    }
    load.unanswered += 1;
    await sleep(AGAIN_MS);
    return null;
  };

  const read = async (id: string): Promise<ShownLead | null> => {
    try {
      const answer = await call(`${api}/api/v1/leads/${id}`, { timeoutMs: CALL_LIMIT_MS });
      if (answer.status === 200) return leadViewSchema.parse(answer.body).lead;
      if (answer.status !== 503) load.odd.push(`GET ${id}: ${answer.status}`);
    } catch {
      // As above.
    }
    await sleep(AGAIN_MS);
    return null;
  };

  /** A few steps of one lead. */
  const walk = async (id: string): Promise<void> => {
    let lead: ShownLead | null = null;
    for (let steps = 0; steps < 12 && !stopped && !enough(load.made); steps += 1) {
      lead ??= await read(id);
      if (lead === null) continue;
      const step = nextStep(lead, hosts, random);
      const answer = await ask({ ...step, hostAdcode: lead.hostAdcode });
      lead = null;
      if (answer === null) continue;
      if (answer.status >= 200 && answer.status < 300) load.made += step.events;
      else if (!OVERTAKEN.includes(answer.status)) {
        load.odd.push(`${step.method} ${step.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      } else if (step.path.endsWith('/holds')) await sleep(AGAIN_MS);
      // A move and a placed hold answer with the lead as it is now.
      const view = leadViewSchema.safeParse(answer.body);
      if (view.success) lead = view.data.lead;
    }
  };

  const line = async (): Promise<void> => {
    while (!stopped && !enough(load.made)) {
      const id = idle.shift();
      if (id === undefined) return;
      await walk(id);
      idle.push(id);
    }
  };
  const running = Promise.all(Array.from({ length: atOnce }, line));

  return {
    get made() {
      return load.made;
    },
    get calls() {
      return load.calls;
    },
    get unanswered() {
      return load.unanswered;
    },
    odd: load.odd,
    async stop() {
      stopped = true;
      await running;
    },
  };
}
