import { createServer, type IncomingMessage, type Server } from 'node:http';
import { parseArgs } from 'node:util';
import { messageBlock } from './message-block.js';
import { type CheckFault, type CheckKey, type MessageHeaders, messageFault, readCheckKey } from './message-check.js';

const USAGE = `用法: npm run webhook:listen -- [--port 4000] [--secret whsec_...] [--answer 204]
  --port N      在 127.0.0.1 的哪个端口接收, 默认 4000
  --secret S    推送地址的密钥 whsec_..., 或公钥 whpk_...; 也可放在环境变量 WEBHOOK_SECRET 里
  --answer N    一律答复的状态码, 默认 204; 如 500, 可看怎样重试
Ctrl-C 结束`;

/** How the command ends. */
export const LISTEN_EXIT = { ended: 0, badInput: 2, portTaken: 3 } as const;

const BODY_MAX = 64 * 1024;
const HOST = '127.0.0.1';
/** Ids that are told as repeats. */
const SEEN_MAX = 10_000;

/** What the command needs of the machine. */
export interface ListenIo {
  print(text: string): void;
  complain(line: string): void;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Aborts on Ctrl-C. */
  readonly ending: AbortSignal;
}

interface Asked {
  readonly port: number;
  readonly answer: number;
  readonly key: CheckKey | null;
}

/** A whole number within bounds; NaN for anything else. */
function whole(text: string, min: number, max: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : Number.NaN;
}

function readArguments(args: readonly string[], secret: string | undefined): Asked | null {
  try {
    const options = {
      port: { type: 'string', default: '4000' },
      secret: { type: 'string' },
      answer: { type: 'string', default: '204' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const port = whole(values.port, 0, 65_535);
    const answer = whole(values.answer, 200, 599);
    const text = values.secret ?? secret ?? '';
    const key = text === '' ? null : readCheckKey(text);
    if (Number.isNaN(port) || Number.isNaN(answer) || (text !== '' && key === null)) return null;
    return { port, answer, key };
  } catch {
    return null;
  }
}

/** The body; null where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): MessageHeaders {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { id: one('webhook-id'), timestamp: one('webhook-timestamp'), signature: one('webhook-signature') };
}

/** Counts how often an id came, forgetting the oldest. */
function counter(): (id: string) => number {
  const seen = new Map<string, number>();
  return (id) => {
    const times = (seen.get(id) ?? 0) + 1;
    seen.delete(id);
    seen.set(id, times);
    const [oldest] = seen.keys();
    if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest);
    return times;
  };
}

function receiver({ key, answer }: Asked, io: ListenIo): Server {
  const timesOf = counter();
  const take = async (request: IncomingMessage): Promise<number> => {
    if (request.method !== 'POST') return 405;
    const body = await bodyOf(request);
    if (body === null) {
      io.complain(`一条消息超过 ${BODY_MAX / 1024} kB, 没有接收`);
      return 413;
    }
    const headers = headersOf(request);
    const verdict: CheckFault | 'noKey' | null =
      key === null ? 'noKey' : messageFault(key, headers, body, io.nowMs() / 1_000);
    const times = headers.id === undefined ? 1 : timesOf(headers.id);
    io.print(messageBlock({ headers, body, verdict, times, answer, receivedAt: new Date(io.nowMs()).toISOString() }));
    return answer;
  };
  const server = createServer((request, response) => {
    take(request).then(
      (status) => {
        // What is left of a body that was too long is not waited for.
        if (status === 413) response.setHeader('Connection', 'close');
        response.writeHead(status).end();
      },
      () => response.destroy(),
    );
  });
  server.requestTimeout = 30_000;
  return server;
}

/** Resolves with the port once the server listens; null where the port can't be had. */
function listening(server: Server, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/**
 * Receives webhook messages on loopback and prints each, until it is ended. Whatever is received is answered alike,
 * verified or not: it is for looking on, not an example of a receiver.
 * @param secret The endpoint's secret or public key, where `--secret` does not name it.
 * @returns the exit code, one of LISTEN_EXIT.
 */
export async function webhookListen(
  args: readonly string[],
  secret: string | undefined,
  io: ListenIo,
): Promise<number> {
  const asked = readArguments(args, secret);
  if (asked === null) {
    io.complain(USAGE);
    return LISTEN_EXIT.badInput;
  }
  const server = receiver(asked, io);
  const port = await listening(server, asked.port);
  if (port === null) {
    io.complain(`端口 ${asked.port} 用不了; 请用 --port 换一个`);
    return LISTEN_EXIT.portTaken;
  }
  const keyWord = { v1: '核对签名', v1a: '用公钥核对签名' };
  io.print(
    `在 http://${HOST}:${port} 接收消息, ${asked.key === null ? '没有密钥, 不核对签名' : keyWord[asked.key.scheme]}; Ctrl-C 结束\n`,
  );
  await new Promise<void>((resolve) => {
    if (io.ending.aborted) resolve();
    io.ending.addEventListener('abort', () => resolve(), { once: true });
  });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return LISTEN_EXIT.ended;
}
