import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { SetupError } from './errors.mjs';

// Below the range from which the kernel takes ports for outgoing connections: while a server is down, a client that
// tries again must not be given the server's own port.
const lowest = 20_000;
const highest = 32_000;
const handedOut = new Set();

/** Whether 127.0.0.1:`port` can be listened on right now. */
export function isPortFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A loopback port that is free now and that this process has not handed out before. */
export async function freePort() {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(lowest, highest);
    if (handedOut.has(port)) continue;
    if (await isPortFree(port)) {
      handedOut.add(port);
      return port;
    }
  }
  throw new SetupError(`${lowest}-${highest} 之间没有空闲端口 (no free port between ${lowest} and ${highest})`);
}
