import type { Dispatcher } from 'undici';
import { AnswerText } from './answer-text.js';
import type { Endable, ExchangeLimits } from './exchange-limits.js';
import { type SendError, SendFailure, sendErrorOf } from './send-failure.js';

/** What came of one exchange. */
export interface Exchanged {
  readonly status: number | null;
  readonly error: SendError | null;
  readonly answer: string;
  readonly retryAfter: string | undefined;
}

/** After its first kB an answer may go on this far, so that the connection can be kept; a longer one costs it. */
const DRAIN_BYTES = 65_536;

/**
 * One request and its answer, within one time limit for everything: resolving, connecting, headers, body. Ends exactly
 * once; where it ends before the answer does, what still comes is dropped.
 */
export class Exchange implements Dispatcher.DispatchHandler, Endable {
  readonly #settle: (exchanged: Exchanged) => void;
  readonly #limits: ExchangeLimits;
  readonly #signal: AbortSignal | undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #status: number | null = null;
  #retryAfter: string | undefined;
  #answer: AnswerText | null = null;
  #settled = false;
  #over = false;

  constructor(limits: ExchangeLimits, signal: AbortSignal | undefined, settle: (exchanged: Exchanged) => void) {
    this.#settle = settle;
    this.#limits = limits;
    this.#signal = signal;
    limits.watch(this, signal);
  }

  expire(): void {
    this.#cut(this.#status === null ? 'timeout' : 'tooSlow');
  }

  callOff(): void {
    this.#cut('aborted');
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It ended while the connection was made: nothing of it may be sent any more.
    if (this.#over) controller.abort(new SendFailure('aborted'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#retryAfter = first(headers['retry-after']);
    const encoding = first(headers['content-encoding']);
    this.#answer = new AnswerText(encoding !== undefined && encoding !== 'identity');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const answer = this.#answer;
    if (answer === null) return;
    answer.add(chunk);
    if (answer.isFull) this.#end(null);
    if (answer.bytes > DRAIN_BYTES) this.#cut(null);
  }

  onResponseEnd(): void {
    this.#finish();
    // undici frees the connection by an immediate that it asks for after this call: whoever sends as soon as this one
    // ends should find the connection free instead of opening another.
    queueMicrotask(() => setImmediate(endWell, this));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(sendErrorOf(error, this.#controller !== null));
    this.#finish();
  }

  /** Ends it after a whole answer. */
  endWell(): void {
    this.#end(null);
  }

  /** Ends it and gives the connection up. */
  #cut(error: SendError | null): void {
    this.#end(error);
    this.#finish();
    this.#controller?.abort(new SendFailure('aborted'));
  }

  #end(error: SendError | null): void {
    if (this.#settled) return;
    this.#settled = true;
    const status = this.#status;
    const redirected = error === null && status !== null && status >= 300 && status < 400;
    this.#settle({
      status,
      error: redirected ? 'redirect' : error,
      answer: this.#answer?.text() ?? '',
      retryAfter: this.#retryAfter,
    });
  }

  #finish(): void {
    this.#over = true;
    this.#limits.release(this, this.#signal);
  }
}

function endWell(exchange: Exchange): void {
  exchange.endWell();
}

function first(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
