import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A server's address that can be cut off and restored, so that a test can take a server away without ending it. */
export interface TcpProxy {
  readonly port: number;
  /** Drops every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Keeps connections but lets nothing through: a server that hangs. */
  freeze(): void;
  /** Takes connections again, on the same port. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Opens a way to `target` on a free loopback port. */
export async function openProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const make = (): Server =>
    createServer((near) => {
      const far = dial(target.port, target.host);
      track(near);
      track(far);
      near.on('data', (data) => frozen || far.write(data));
      far.on('data', (data) => frozen || near.write(data));
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
  let server = make();
  const port = await listen(server, 0);
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    cut,
    freeze() {
      frozen = true;
    },
    async restore() {
      frozen = false;
      if (!server.listening) {
        server = make();
        await listen(server, port);
      }
    },
    close: async () => {
      if (server.listening) await cut();
    },
  };
}
