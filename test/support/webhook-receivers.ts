import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

/** What a receiver does instead of answering 204. In `lostAnswer` it has taken the message, and nobody is told. */
export const FAULTS = ['error', 'busy', 'redirect', 'reset', 'lostAnswer', 'silence'] as const;
export type Fault = (typeof FAULTS)[number];

/** Of a hundred faults, so many are of each kind. */
const FAULT_WEIGHTS: Readonly<Record<Fault, number>> = {
  error: 45,
  busy: 15,
  redirect: 10,
  reset: 15,
  lostAnswer: 12,
  silence: 3,
};

/** A message fails no more often than this, so that no run depends on luck with the last attempt. */
const FAULTS_IN_A_ROW = 6;

const payloadSchema = z.strictObject({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type WebhookPayload = z.infer<typeof payloadSchema>;

/** A message as it was taken the first time. */
export interface Taken {
  readonly id: string;
  readonly payload: WebhookPayload;
  /** SHA-256 of the bytes. */
  readonly digest: string;
  /** Of `performance.now()`. */
  readonly atMs: number;
}

export interface ReceiverSettings {
  /** Another seed, other faults. */
  readonly seed: number;
  /** Share of attempts that fail. */
  readonly failShare: number;
  /** What it takes before each answer, ms. */
  readonly slowMs: number;
}

/** A number in [0, 1) made from a text. */
function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function faultAt(share: number): Fault {
  const total = Object.values(FAULT_WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  let rest = share * total;
  return (
    FAULTS.find((fault) => {
      rest -= FAULT_WEIGHTS[fault];
      return rest < 0;
    }) ?? 'error'
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/**
 * A county's system on loopback: verifies every attempt with the official library, fails a seeded share of them, keeps
 * each message once by its `webhook-id`.
 */
export class WebhookReceiver {
  readonly #settings: ReceiverSettings;
  readonly #server: Server;
  readonly #secrets: Webhook[] = [];
  readonly #attemptsById = new Map<string, number>();
  readonly #digests = new Map<string, string>();
  #now = 0;

  /** Messages by id, in the order of their first arrival. */
  readonly taken = new Map<string, Taken>();
  /** What must not have come: unsigned, changed, followed redirects. */
  readonly violations: string[] = [];
  readonly faults: Record<Fault, number> = { error: 0, busy: 0, redirect: 0, reset: 0, lostAnswer: 0, silence: 0 };
  attempts = 0;
  verified = 0;
  /** Arrivals of messages that had been taken before. */
  duplicates = 0;
  /** Most attempts that were here at the same time. */
  mostAtOnce = 0;

  constructor(settings: ReceiverSettings) {
    this.#settings = settings;
    this.#server = createServer((request, response) => {
      this.#receive(request, response).catch((error: unknown) => {
        // A sender that was killed in the middle of a request.
        if (!request.complete) return;
        this.violations.push(`receiver: ${String(error)}`);
      });
    });
    this.#server.keepAliveTimeout = 30_000;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`;
  }

  /** A secret whose signatures are good here. */
  trust(secret: string): void {
    this.#secrets.push(new Webhook(secret));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The payload, if any trusted secret signed it. */
  #verify(id: string, body: string, headers: Record<string, string>): WebhookPayload | null {
    const failures: string[] = [];
    for (const secret of this.#secrets) {
      try {
        const payload = payloadSchema.parse(secret.verify(body, headers));
        this.verified += 1;
        return payload;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    this.violations.push(`${id}: ${failures.join('; ') || 'no secret yet'}`);
    return null;
  }

  #nextFault(id: string): Fault | null {
    const before = this.#attemptsById.get(id) ?? 0;
    this.#attemptsById.set(id, before + 1);
    const { seed, failShare } = this.#settings;
    if (before >= FAULTS_IN_A_ROW || shareOf(`${seed}:${id}:${before}`) >= failShare) return null;
    return faultAt(shareOf(`${seed}:${id}:${before}:kind`));
  }

  #take(id: string, body: string, payload: WebhookPayload): void {
    if (this.taken.has(id)) this.duplicates += 1;
    else this.taken.set(id, { id, payload, digest: this.#digests.get(id) ?? '', atMs: performance.now() });
    if (Buffer.byteLength(body) >= 20_000) this.violations.push(`${id}: ${Buffer.byteLength(body)} bytes`);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#now += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#now);
    response.once('close', () => {
      this.#now -= 1;
    });
    const body = await bodyOf(request);
    const headers = headersOf(request);
    const id = headers['webhook-id'] ?? 'no id';
    this.attempts += 1;
    if (request.url !== '/hooks' || request.method !== 'POST') {
      this.violations.push(`${id}: ${request.method} ${request.url}`);
    }
    const payload = this.#verify(id, body, headers);
    const digest = createHash('sha256').update(body).digest('base64');
    const known = this.#digests.get(id);
    if (known !== undefined && known !== digest) this.violations.push(`${id}: other bytes under the same id`);
    this.#digests.set(id, digest);
    const fault = this.#nextFault(id);
    if (fault !== null) this.faults[fault] += 1;
    if (payload !== null && (fault === null || fault === 'lostAnswer')) this.#take(id, body, payload);
    if (this.#settings.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#settings.slowMs));
    this.#answer(request, response, fault);
  }

  #answer(request: IncomingMessage, response: ServerResponse, fault: Fault | null): void {
    switch (fault) {
      case null:
        response.writeHead(204).end();
        return;
      case 'error':
        response.writeHead(500, { 'content-type': 'text/plain' }).end('out of order');
        return;
      case 'busy':
        response.writeHead(503, { 'retry-after': '1' }).end();
        return;
      case 'redirect':
        response.writeHead(307, { location: this.url.replace('/hooks', '/followed') }).end();
        return;
      case 'reset':
      case 'lostAnswer':
        request.socket.resetAndDestroy();
        return;
      case 'silence':
        return;
    }
  }
}

/** So many receivers, all listening. */
export async function openReceivers(settings: readonly ReceiverSettings[]): Promise<readonly WebhookReceiver[]> {
  const receivers = settings.map((one) => new WebhookReceiver(one));
  await Promise.all(receivers.map((receiver) => receiver.listen()));
  return receivers;
}
