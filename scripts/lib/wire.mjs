import { connect } from 'node:net';

const pingTimeoutMs = 2_000;

/** Sends `request` to a loopback port and resolves with what `done` makes of the bytes so far, once it is defined. */
function exchange(port, request, done) {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(pingTimeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.write(request));
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      const answer = done(received);
      if (answer !== undefined) end(answer);
    });
  });
}

/** Whether Redis answers PING. It does not while it still loads its append-only file. */
export function pingRedis(port) {
  return exchange(port, '*1\r\n$4\r\nPING\r\n', (bytes) => {
    const text = bytes.toString('latin1');
    return text.includes('\r\n') ? text.startsWith('+PONG') : undefined;
  });
}

const opMsg = 2013;

/** `{ping: 1, $db: "admin"}` as an OP_MSG: header, flags, one section of kind 0 with the BSON document. */
function pingMessage() {
  const body = Buffer.concat([
    Buffer.from('\x10ping\0\x01\0\0\0', 'latin1'),
    Buffer.from('\x02$db\0\x06\0\0\0admin\0', 'latin1'),
    Buffer.from([0]),
  ]);
  const message = Buffer.alloc(16 + 4 + 1 + 4);
  message.writeInt32LE(message.length + body.length, 0);
  message.writeInt32LE(1, 4);
  message.writeInt32LE(opMsg, 12);
  message.writeInt32LE(4 + body.length, 21);
  return Buffer.concat([message, body]);
}

/** Whether a reply document says `ok: 1`, as a double or as an integer. */
function saysOk(reply) {
  const asDouble = reply.indexOf(Buffer.from('\x01ok\0', 'latin1'));
  if (asDouble >= 0 && reply.length >= asDouble + 12) return reply.readDoubleLE(asDouble + 4) === 1;
  const asInteger = reply.indexOf(Buffer.from('\x10ok\0', 'latin1'));
  return asInteger >= 0 && reply.length >= asInteger + 8 && reply.readInt32LE(asInteger + 4) === 1;
}

/** Whether a MongoDB-protocol server answers `ping`. */
export function pingMongo(port) {
  return exchange(port, pingMessage(), (bytes) => {
    if (bytes.length < 4 || bytes.length < bytes.readInt32LE(0)) return undefined;
    return saysOk(bytes);
  });
}
