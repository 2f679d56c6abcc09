import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ReceiverCounts, ReceiverQuestion } from './webhook-receiver.js';

/** A receiver in a process of its own, on a loopback port; it answers every POST with 204. */
export interface ReceiverProcess {
  readonly url: string;
  readonly pid: number;
  counts(): Promise<ReceiverCounts>;
  /** Forgets what it saw. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a receiver. */
export async function openReceiverProcess(): Promise<ReceiverProcess> {
  const child = fork(fileURLToPath(new URL('./webhook-receiver.js', import.meta.url)));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const ask = async (question: ReceiverQuestion): Promise<unknown> => {
    const answered = once(child, 'message');
    child.send(question);
    const [answer] = await answered;
    return answer;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    counts: async () => (await ask({ ask: 'counts' })) as ReceiverCounts,
    reset: async () => void (await ask({ ask: 'reset' })),
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
