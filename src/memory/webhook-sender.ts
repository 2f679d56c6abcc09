import type { DeliveryAttempt } from '../domain/webhook.js';
import type { WebhookSender } from '../ports/webhook-sender.js';

/** A message as it was sent. */
export interface SentMessage {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a receiver is made to say; what is left out is a quiet success. */
export interface ScriptedAnswer {
  readonly status?: number | null;
  readonly error?: string | null;
  readonly latencyMs?: number;
  readonly answer?: string;
  readonly retryAfterMs?: number | null;
  /** Resolves when the answer comes; the sender's signal ends the wait with the error `aborted`. */
  readonly after?: Promise<void>;
}

const aborted: ScriptedAnswer = { status: null, error: 'aborted' };

/** Sends nothing: keeps what it was given, and answers as it was told. */
export class MemoryWebhookSender implements WebhookSender {
  readonly #now: () => string;
  readonly #sent: SentMessage[] = [];
  readonly #scripts = new Map<string, ScriptedAnswer[]>();
  readonly #always = new Map<string, (message: SentMessage) => ScriptedAnswer>();
  readonly #refused = new Map<string, string>();
  #closed = false;

  /** @param now Time of an attempt, UTC, ISO 8601. */
  constructor(now: () => string) {
    this.#now = now;
  }

  /** Everything sent so far, oldest first; to one address where one is given. */
  sent(url?: string): readonly SentMessage[] {
    return this.#sent.filter((message) => url === undefined || message.url === url);
  }

  /** The next messages to an address are answered with these, one each; then it succeeds again. */
  script(url: string, ...answers: readonly ScriptedAnswer[]): void {
    this.#scripts.set(url, [...(this.#scripts.get(url) ?? []), ...answers]);
  }

  /** Every message to an address that has no script left is answered by this. */
  answerBy(url: string, answer: (message: SentMessage) => ScriptedAnswer): void {
    this.#always.set(url, answer);
  }

  /** From now on the address must not be sent to. */
  refuse(url: string, code: string): void {
    this.#refused.set(url, code);
  }

  get closed(): boolean {
    return this.#closed;
  }

  async send(
    message: SentMessage,
    signal?: AbortSignal,
  ): Promise<DeliveryAttempt & { readonly retryAfterMs: number | null }> {
    const at = this.#now();
    if (this.#refused.has(message.url)) return attempt(at, { status: null, error: 'refusedUrl' });
    if (signal?.aborted === true) return attempt(at, aborted);
    this.#sent.push(message);
    const scripted = this.#scripts.get(message.url)?.shift() ?? this.#always.get(message.url)?.(message) ?? {};
    return attempt(at, (await whenAborted(scripted.after, signal)) ? aborted : scripted);
  }

  refusalOf(url: string): string | null {
    return this.#refused.get(url) ?? null;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

function attempt(at: string, scripted: ScriptedAnswer): DeliveryAttempt & { readonly retryAfterMs: number | null } {
  return {
    at,
    status: scripted.status === undefined ? 204 : scripted.status,
    error: scripted.error ?? null,
    latencyMs: scripted.latencyMs ?? 1,
    answer: scripted.answer ?? '',
    retryAfterMs: scripted.retryAfterMs ?? null,
  };
}

/** Whether the signal came before the answer. */
async function whenAborted(answer: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  if (answer === undefined) return false;
  if (signal === undefined) {
    await answer;
    return false;
  }
  let stop = (): void => {};
  const stopped = new Promise<boolean>((resolve) => {
    stop = () => resolve(true);
    signal.addEventListener('abort', stop, { once: true });
  });
  const first = await Promise.race([answer.then(() => false), stopped]);
  signal.removeEventListener('abort', stop);
  return first;
}
