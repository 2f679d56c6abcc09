import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the receiver is asked over the channel to its parent. */
export type ReceiverQuestion = { readonly ask: 'posts' | 'counts' | 'reset' };

/** What it saw since the last reset. Times are milliseconds since 1970, with fractions. */
export interface ReceiverCounts {
  readonly posts: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** From the time in the payload to the first arrival of each message, ms, rounded up to whole ones by the payload. */
  readonly delaysMs: readonly number[];
  /** The first messages as they came, to verify. */
  readonly samples: readonly {
    readonly path: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  }[];
}

const SAMPLES = 20;
const TIMESTAMP = '"timestamp":"';
const ISO_LENGTH = 24;

const nowMs = (): number => performance.timeOrigin + performance.now();

let seen = new Set<string>();
let counts = {
  posts: 0,
  firstMs: 0,
  lastMs: 0,
  delaysMs: [] as number[],
  samples: [] as ReceiverCounts['samples'][number][],
};

function reset(): void {
  seen = new Set();
  counts = { posts: 0, firstMs: 0, lastMs: 0, delaysMs: [], samples: [] };
}

function count(request: IncomingMessage, body: Buffer): void {
  const at = nowMs();
  if (counts.posts === 0) counts.firstMs = at;
  counts.lastMs = at;
  counts.posts += 1;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers;
  const key = `${request.url} ${String(id)}`;
  if (seen.has(key)) return;
  seen.add(key);
  const stated = body.indexOf(TIMESTAMP);
  if (stated >= 0) {
    const from = stated + TIMESTAMP.length;
    counts.delaysMs.push(at - Date.parse(body.toString('latin1', from, from + ISO_LENGTH)));
  }
  if (counts.samples.length < SAMPLES) {
    counts.samples.push({
      path: request.url ?? '',
      body: body.toString('utf8'),
      headers: {
        'webhook-id': String(id),
        'webhook-timestamp': String(timestamp),
        'webhook-signature': String(signature),
      },
    });
  }
}

/** Each port is an origin of its own, as every county's receiver is. */
async function listen(): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only] = chunks;
      count(request, chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
      response.writeHead(204).end();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ports = await Promise.all(Array.from({ length: Number(process.argv[2] ?? 1) }, listen));
process.send?.({ ports });
process.on('message', (question: ReceiverQuestion) => {
  if (question.ask === 'reset') {
    reset();
    process.send?.({ done: true });
  } else if (question.ask === 'posts') {
    process.send?.(counts.posts);
  } else {
    process.send?.(counts satisfies ReceiverCounts);
  }
});
process.on('disconnect', () => process.exit());
