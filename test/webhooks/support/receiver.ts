import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { WebhookSender } from '../../../src/ports/webhook-sender.js';
import type { Resolver } from '../../../src/webhooks/checked-addresses.js';
import { createSafeSender, type SafeSenderSettings } from '../../../src/webhooks/safe-sender.js';
import { realClock } from '../../support/real-clock.js';

/** A server on loopback that counts its connections. */
export interface Receiver {
  readonly port: number;
  /** `http://127.0.0.1:<port>/hook`. */
  readonly url: string;
  readonly connections: () => number;
  /** Closes the server and every connection of it. */
  readonly close: () => Promise<void>;
}

const open: { close(): Promise<void> }[] = [];

/** Closes every receiver and sender that a test has opened: for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((one) => one.close()));
}

/** Listens as a plain TCP server does what it is told with each connection. */
export async function listenTcp(onSocket: (socket: Socket) => void): Promise<Receiver> {
  return listening(createTcpServer(onSocket));
}

/** Listens as a web server. */
export async function listenHttp(onRequest: RequestListener): Promise<Receiver> {
  return listening(createServer({ keepAliveTimeout: 5_000 }, onRequest));
}

/** Starts a server on a free port of loopback. */
export async function listening(server: Server): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    // A sender that hangs up is part of most tests.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  open.push(receiver);
  return receiver;
}

/** A sender that may go to loopback by http, with a short time limit. */
export function senderFor(settings: Partial<SafeSenderSettings> = {}): WebhookSender {
  const sender = createSafeSender({
    clock: realClock,
    allowHttp: true,
    allowCidrs: ['127.0.0.0/8'],
    timeoutMs: 5_000,
    ...settings,
  });
  open.push(sender);
  return sender;
}

/** Names with the answers they give, one after the other; the last one again and again. */
export function fakeResolver(
  names: Readonly<Record<string, readonly (readonly string[])[]>>,
): Resolver & { readonly asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolver = async (hostname) => {
    const answers = names[hostname];
    if (answers === undefined) throw new Error('ENOTFOUND');
    const turn = asked.filter((name) => name === hostname).length;
    asked.push(hostname);
    return answers[Math.min(turn, answers.length - 1)] ?? [];
  };
  return Object.assign(resolve, { asked });
}

/** All that a request's body holds. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
