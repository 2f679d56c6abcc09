import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Hold, HoldAmounts } from '../../src/domain/hold.js';
import { realClock } from './real-clock.js';

/** One thing asked of holds. */
export interface HoldsRequest {
  readonly number: number;
  readonly op: 'place' | 'extend' | 'release' | 'transfer';
  readonly leadId: string;
  readonly holdId?: string;
  readonly kind?: 'soft' | 'firm';
  readonly wait?: boolean;
  readonly amounts?: HoldAmounts;
  readonly parkId?: string;
}

export type HoldsAnswer = { readonly number: number; readonly parkId?: string } & (
  | { readonly status: 'held' | 'extended'; readonly hold: Hold }
  | { readonly status: 'waiting'; readonly holdId: string }
  | { readonly status: 'released' | 'moved' | 'stale' }
  | { readonly status: 'refused'; readonly code: string; readonly issue: string | null }
);

const script = fileURLToPath(new URL('./hold-runner.mjs', import.meta.url));

/** A process that is asked things; killed, it is started again and asked once more what it had not answered. */
export class HoldsRunner {
  readonly #env: Readonly<Record<string, string>>;
  readonly #open = new Map<number, { readonly request: HoldsRequest; answered(answer: HoldsAnswer): void }>();
  #child: ChildProcess | null = null;
  #restarting: Promise<void> = Promise.resolve();
  #log = '';
  kills = 0;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  get log(): string {
    return this.#log;
  }

  /** Starts the process; resolves when it takes requests. */
  async start(): Promise<void> {
    const env = { PATH: process.env['PATH'] ?? '', ...this.#env };
    const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    // A killed process leaves its pipe broken; what it did not answer is asked again.
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`runner ended with ${code}: ${this.#log.slice(-2_000)}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const answer = JSON.parse(line) as HoldsAnswer & { readonly ready?: true };
        if (answer.ready === true) return resolve();
        this.#open.get(answer.number)?.answered(answer);
        this.#open.delete(answer.number);
      });
    });
    for (const { request } of this.#open.values()) this.#write(request);
  }

  #write(request: HoldsRequest): void {
    this.#child?.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  ask(request: HoldsRequest): Promise<HoldsAnswer> {
    return new Promise((answered) => {
      this.#open.set(request.number, { request, answered });
      this.#write(request);
    });
  }

  /** Ends it as a crash would, and starts it again; one that is being started is waited for first. */
  killAndRestart(): Promise<void> {
    const again = this.#restarting.then(async () => {
      await this.#end('SIGKILL');
      this.kills += 1;
      await this.start();
    });
    this.#restarting = again.catch(() => undefined);
    return again;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    await this.#restarting;
    await this.#end('SIGKILL');
  }
}

/** Does each step once so many requests have been answered; resolves when all are done. */
export async function atProgress(
  answered: () => number,
  total: number,
  steps: readonly { readonly after: number; run(): Promise<void> }[],
): Promise<void> {
  const running: Promise<void>[] = [];
  for (const { after, run } of [...steps].sort((a, b) => a.after - b.after)) {
    while (answered() < Math.min(after, total)) await realClock.sleep(5);
    const step = run();
    // Raised at the end; until then nobody listens.
    step.catch(() => undefined);
    running.push(step);
  }
  await Promise.all(running);
}
