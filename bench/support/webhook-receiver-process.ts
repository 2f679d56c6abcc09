import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ReceiverCounts, ReceiverQuestion } from './webhook-receiver.js';

/** Receivers in a process of their own, each on a loopback port; they answer every POST with 204. */
export interface ReceiverProcess {
  readonly urls: readonly string[];
  readonly pid: number;
  counts(): Promise<ReceiverCounts>;
  /** How many came: asked often while much is on its way, it costs next to nothing. */
  posts(): Promise<number>;
  /** Forgets what it saw. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts so many receivers. */
export async function openReceiverProcess(count: number): Promise<ReceiverProcess> {
  const child = fork(fileURLToPath(new URL('./webhook-receiver.js', import.meta.url)), [String(count)]);
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  const ask = async (question: ReceiverQuestion): Promise<unknown> => {
    const answered = once(child, 'message');
    child.send(question);
    const [answer] = await answered;
    return answer;
  };
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    pid: child.pid ?? 0,
    counts: async () => (await ask({ ask: 'counts' })) as ReceiverCounts,
    posts: async () => Number(await ask({ ask: 'posts' })),
    reset: async () => void (await ask({ ask: 'reset' })),
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
