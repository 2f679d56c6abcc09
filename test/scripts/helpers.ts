import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A folder of its own that goes when the test file is done; every child started from here is ended first. */
export function workshop(): {
  folder: string;
  run: (script: string, args: readonly string[], env?: Record<string, string>) => RunningScript;
  clean: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'shanhai-scripts-'));
  const children: ChildProcessWithoutNullStreams[] = [];
  return {
    folder,
    run(script, args, env = {}) {
      const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } });
      children.push(child);
      return new RunningScript(child);
    },
    clean() {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A script under test: its output so far, its lines, and how it ended. */
export class RunningScript {
  readonly pid: number;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.pid = child.pid ?? -1;
    child.stdin.end();
    child.stdout.on('data', (part) => {
      this.stdout += String(part);
    });
    child.stderr.on('data', (part) => {
      this.stderr += String(part);
    });
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The next line of standard output that `wanted` accepts. */
  async line(wanted: (line: string) => boolean = () => true): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`ended before the line came\n${this.stdout}\n${this.stderr}`);
      if (wanted(value)) return value;
    }
  }
}

/** Path of a script in test/scripts/fixtures. */
export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Waits until `isTrue` holds; false when it does not within the limit. */
export async function eventually(isTrue: () => boolean, limitMs = 5_000): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    if (isTrue()) return true;
    await sleep(20);
  }
  return isTrue();
}
