import { SYSTEM_CALLER } from '../../domain/access.js';
import type { Delivery, WebhookEndpoint } from '../../domain/webhook.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { DeliverySignal, SecretBox, WebhookSender, WebhookSigner } from '../../ports/webhook-sender.js';
import type { DeliveryStore, EndpointStore } from '../../ports/webhook-store.js';
import type { DeliverySettings } from './delivery-settings.js';
import { type TurnReport, takeTurn } from './delivery-turn.js';
import { endpointChange } from './endpoint-changes.js';
import { validKeys } from './endpoint-keys.js';
import { createPace, type Pace } from './pace.js';
import { createRecorder } from './recorder.js';

/** After so long a job gives its place to another and asks for the next turn. */
const TURN_MS = 10_000;
/** What deliveries leave behind is cleared this often, and once it is this old, ms. */
const TIDY_EVERY_MS = 30_000;
const TIDY_AGE_MS = 60_000;
/** The next turn comes no sooner where this one could send nothing, ms. */
const PAUSE_MS = 1_000;

export interface DelivererDeps {
  readonly endpointStore: EndpointStore;
  readonly deliveryStore: DeliveryStore;
  readonly deliverySignal: DeliverySignal;
  readonly sender: WebhookSender;
  readonly signer: WebhookSigner;
  readonly secretBox: SecretBox;
  readonly changes: ChangeSignal;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly settings: DeliverySettings;
}

/** What came of a turn: `more` where it goes on in another job. */
export type Turn = 'done' | 'more' | 'notActive' | 'missing';

/** Sends what is due to endpoints. Every step may be done again: a delivery keeps its id, receivers drop repetitions. */
export interface Deliverer {
  /**
   * One turn of an endpoint; of each endpoint one at a time. Begins nothing new once `draining` aborts; what is under way
   * is called off when `signal` does, and sent again another time.
   * @throws AppError `storeUnavailable`: what was not recorded is sent again.
   */
  deliverEndpoint(endpointId: string, signal: AbortSignal, draining?: AbortSignal): Promise<Turn>;
}

export function createDeliverer(deps: DelivererDeps): Deliverer {
  const { endpointStore, deliveryStore, deliverySignal, sender, signer, secretBox, clock, settings } = deps;
  const record = createRecorder(deliveryStore, clock);
  const paces = new Map<string, Pace>();
  let tidiedMs = clock.monotonicMs();

  function paceOf(endpointId: string): Pace {
    const pace = paces.get(endpointId) ?? createPace(clock, settings.perSecond);
    paces.set(endpointId, pace);
    return pace;
  }

  /** Opens sealed keys once in a turn: a key that was rotated meanwhile is another sealed text. */
  function createKeyRing(): (sealed: string) => string {
    const open = new Map<string, string>();
    return (sealed) => {
      const key = open.get(sealed) ?? secretBox.open(sealed);
      open.set(sealed, key);
      return key;
    };
  }

  /** Signs at the moment of sending, so that the timestamp is the attempt's own; the id stays. */
  function createHeaders(): (delivery: Delivery, endpoint: WebhookEndpoint) => Readonly<Record<string, string>> {
    const keyOf = createKeyRing();
    let at = '';
    let of: WebhookEndpoint | null = null;
    let timestampS = 0;
    let keys: Parameters<WebhookSigner['sign']>[0] = [];
    return ({ eventId, payload }, endpoint) => {
      const now = clock.now();
      // Many messages go out within the same moment.
      if (now !== at || endpoint !== of) {
        timestampS = Math.floor(Date.parse(now) / 1_000);
        keys = validKeys(endpoint, now).map(({ sealed }) => ({ scheme: endpoint.signature, key: keyOf(sealed) }));
        at = now;
        of = endpoint;
      }
      return {
        'webhook-id': eventId,
        'webhook-timestamp': String(timestampS),
        'webhook-signature': signer.sign(keys, { id: eventId, timestampS, body: payload }),
      };
    };
  }

  /** Disables the endpoint as it stands now, whatever was edited meanwhile. */
  async function disable(endpointId: string, reason: 'gone' | 'failing'): Promise<void> {
    for (;;) {
      const endpoint = await endpointStore.get(endpointId);
      if (endpoint === null || endpoint.state === 'disabled') break;
      const next: WebhookEndpoint = {
        ...endpoint,
        state: 'disabled',
        disabledReason: reason,
        version: endpoint.version + 1,
      };
      const told = endpointChange(SYSTEM_CALLER, clock.now(), 'endpoint.disabled', next, endpoint);
      if (!(await endpointStore.replace(next, endpoint.version, [told]))) continue;
      deps.changes.changed('endpoint', endpointId);
      deps.log.warn({ endpointId, reason }, 'endpoint disabled');
      break;
    }
    if (reason === 'gone') await deliveryStore.cancel(endpointId);
  }

  /** Draws the conclusions for the endpoint; false where it is sent nothing more. */
  async function conclude(endpoint: WebhookEndpoint, { delivered, failed, gone }: TurnReport): Promise<boolean> {
    if (gone) {
      await disable(endpoint.id, 'gone');
      return false;
    }
    if (delivered > 0) {
      if (endpoint.failingSince !== null) await endpointStore.markFailing(endpoint.id, null);
      return true;
    }
    if (failed === 0) return true;
    const now = clock.now();
    if (endpoint.failingSince === null) await endpointStore.markFailing(endpoint.id, now);
    const failingMs = Date.parse(now) - Date.parse(endpoint.failingSince ?? now);
    if (failingMs < settings.disableAfterMs) return true;
    await disable(endpoint.id, 'failing');
    return false;
  }

  async function tidy(): Promise<void> {
    if (clock.monotonicMs() - tidiedMs < TIDY_EVERY_MS) return;
    tidiedMs = clock.monotonicMs();
    await deliveryStore.tidy(new Date(Date.parse(clock.now()) - TIDY_AGE_MS).toISOString());
  }

  /** Asks for the next turn, when something is due. */
  async function askAgain(endpointId: string, { delivered, failed }: TurnReport): Promise<Turn> {
    const nextAt = await deliveryStore.nextDue(endpointId);
    if (nextAt === null) return 'done';
    const nowMs = Date.parse(clock.now());
    if (Date.parse(nextAt) > nowMs) {
      await deliverySignal.wake(endpointId, nextAt);
      return 'done';
    }
    const idle = delivered + failed === 0;
    await deliverySignal.wake(endpointId, ...(idle ? [new Date(nowMs + PAUSE_MS).toISOString()] : []));
    return 'more';
  }

  return {
    async deliverEndpoint(endpointId, signal, draining = signal) {
      const endpoint = await endpointStore.get(endpointId);
      if (endpoint === null) {
        await deliveryStore.cancel(endpointId);
        paces.delete(endpointId);
        return 'missing';
      }
      if (endpoint.state !== 'active') return 'notActive';
      const headersOf = createHeaders();
      const turn = await takeTurn(
        {
          ...{ endpointStore, deliveryStore, clock, settings, record },
          random: deps.random,
          pace: paceOf(endpointId),
          send: (delivery, present, calledOff) => {
            const headers = headersOf(delivery, present);
            return sender.send({ url: present.url, body: delivery.payload, headers }, calledOff);
          },
        },
        endpoint,
        clock.monotonicMs() + TURN_MS,
        { signal, draining },
      );
      if (!(await conclude(endpoint, turn))) return 'notActive';
      await tidy();
      return askAgain(endpointId, turn);
    },
  };
}
