import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Express } from 'express';
import { PROBLEM_WORDS } from '../words/problems.js';
import { PROBLEM_STATUS } from './problem.js';

type Socket = IncomingMessage['socket'];

/** How long a client may take to send its headers, and its whole request. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, lets the requests in hand end, and cuts off what is left after `graceMs`. True if nothing was. */
  close(graceMs: number): Promise<boolean>;
}

/** The answer to bytes that are no HTTP request: there is no request to take an id from. */
function brokenRequest(): string {
  const { title, detail } = PROBLEM_WORDS.badRequest;
  const status = PROBLEM_STATUS.badRequest;
  const body = JSON.stringify({ type: 'urn:shanhai:problem:badRequest', title, status, detail, code: 'badRequest' });
  return [
    `HTTP/1.1 ${status} Bad Request`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/**
 * Knows which connections have a request in hand. Node counts a connection that never asked anything (browsers and
 * clients open such ahead of need) as busy, and would wait for it until the limit.
 */
function trackConnections(server: Server): { readonly letGo: () => void } {
  const inHand = new Map<Socket, number>();
  let lettingGo = false;
  const count = (socket: Socket, change: number): void => {
    const before = inHand.get(socket);
    if (before === undefined) return;
    const left = before + change;
    inHand.set(socket, left);
    if (lettingGo && left === 0) socket.destroySoon();
  };
  server.on('connection', (socket: Socket) => {
    inHand.set(socket, 0);
    socket.on('close', () => inHand.delete(socket));
  });
  server.on('request', (req, res) => {
    count(req.socket, 1);
    res.on('close', () => count(req.socket, -1));
  });
  return {
    letGo: () => {
      lettingGo = true;
      for (const socket of [...inHand.keys()]) count(socket, 0);
    },
  };
}

function closeServer(server: Server, letGo: () => void, graceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    let cut = false;
    const timer = setTimeout(() => {
      cut = true;
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve(!cut);
    });
    letGo();
  });
}

/**
 * Listens with the application.
 * @param port 0 for any free one
 * @throws the system's error (EADDRINUSE, EACCES) where the address can't be had
 */
export function startServer(app: Express, host: string, port: number): Promise<RunningServer> {
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, app);
  const { letGo } = trackConnections(server);
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(brokenRequest());
    else socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: (graceMs) => closeServer(server, letGo, graceMs),
      });
    });
  });
}
