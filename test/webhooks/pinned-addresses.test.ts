import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRules } from '../../src/webhooks/address-rules.js';
import { CheckedAddresses } from '../../src/webhooks/checked-addresses.js';
import { pinnedConnector } from '../../src/webhooks/pinned-connector.js';
import { realClock, until } from '../support/real-clock.js';
import { closeAll, fakeResolver, listenHttp, listening, type Receiver, senderFor } from './support/receiver.js';

afterEach(closeAll);

const name = 'hooks.lishui.gov.cn';
const send = (sender: ReturnType<typeof senderFor>, url: string) => sender.send({ url, body: '{}', headers: {} });

/** A receiver that keeps connections, or ends each with its answer. */
async function receiverThat(keeps: boolean): Promise<Receiver & { readonly hosts: (string | undefined)[] }> {
  const hosts: (string | undefined)[] = [];
  const receiver = await listenHttp((request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(200, keeps ? {} : { connection: 'close' }).end();
  });
  return { ...receiver, hosts };
}

describe('a name', () => {
  it.each([
    ['public and private', ['8.8.8.8', '10.0.0.1']],
    ['allowed and private', ['127.0.0.1', '192.168.0.1']],
    ['loopback by IPv6', ['::1']],
    ['allowed and mapped', ['127.0.0.1', '::ffff:127.0.0.1']],
    ['mapped public', ['::ffff:8.8.8.8']],
    ['link-local with a zone', ['fe80::1%eth0']],
    ['metadata', ['169.254.169.254']],
    ['metadata of Alibaba Cloud', ['100.100.100.200']],
    ['metadata by IPv6', ['fd00:ec2::254']],
    ['carrier-grade NAT', ['100.64.1.1']],
    ['unspecified', ['0.0.0.0']],
    ['multicast', ['239.1.1.1']],
    ['NAT64 of loopback', ['64:ff9b::7f00:1']],
    ['6to4', ['2002:7f00:1::']],
    ['Teredo', ['2001:0:4136:e378:8000:63bf:80ff:fffe']],
    ['documentation', ['203.0.113.7']],
    ['not an address', ['localhost']],
    ['short form', ['127.1']],
  ])('that stands for an address that is refused is not connected to: %s', async (_what, answers) => {
    const receiver = await receiverThat(true);
    const sender = senderFor({ resolve: fakeResolver({ [name]: [answers] }) });
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({
      status: null,
      error: 'refusedAddress',
    });
    expect(receiver.connections()).toBe(0);
  });

  it('whose second answer leads elsewhere is connected to by the first, which was checked', async () => {
    const receiver = await receiverThat(false);
    const resolve = fakeResolver({ [name]: [['127.0.0.1'], ['10.0.0.1']] });
    const sender = senderFor({ resolve, keepAddressesMs: 0 });
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ status: 200 });
    expect([resolve.asked, receiver.hosts]).toEqual([[name], [`${name}:${receiver.port}`]]);
    // The next connection asks again, and is refused by what is true then.
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ error: 'refusedAddress' });
    expect([resolve.asked.length, receiver.connections()]).toEqual([2, 1]);
  });

  it('is not asked for again while a connection is kept', async () => {
    const receiver = await receiverThat(true);
    const resolve = fakeResolver({ [name]: [['127.0.0.1'], ['10.0.0.1']] });
    const sender = senderFor({ resolve, keepAddressesMs: 0 });
    for (let sent = 0; sent < 10; sent += 1) {
      expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ status: 200 });
    }
    expect([resolve.asked.length, receiver.connections()]).toEqual([1, 1]);
  });

  it('is asked for again once a connection has served its time', async () => {
    const receiver = await receiverThat(true);
    const resolve = fakeResolver({ [name]: [['127.0.0.1'], ['10.0.0.1']] });
    const sender = senderFor({ resolve, keepAddressesMs: 0, connectionTtlMs: 20 });
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ status: 200 });
    await realClock.sleep(60);
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ error: 'refusedAddress' });
  });

  it('is asked for once by a burst of connections, and after a failure again', async () => {
    const receiver = await receiverThat(false);
    const resolve = fakeResolver({ [name]: [[], ['127.0.0.1']] });
    const sender = senderFor({ resolve });
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ error: 'dns' });
    const burst = Array.from({ length: 10 }, () => send(sender, `http://${name}:${receiver.port}/`));
    expect((await Promise.all(burst)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect([resolve.asked.length, receiver.connections()]).toEqual([2, 10]);
  });

  it('goes on to the next address where nobody listens at the first', async () => {
    const receiver = await receiverThat(true);
    const sender = senderFor({ resolve: fakeResolver({ [name]: [['127.77.0.1', '127.0.0.1']] }) });
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ status: 200 });
  });

  it('that can not be resolved, or not in time, is told apart', async () => {
    const sender = senderFor({ resolve: fakeResolver({}) });
    expect(await send(sender, `http://${name}/`)).toMatchObject({ status: null, error: 'dns' });
    const silent = senderFor({ resolve: () => new Promise(() => {}), timeoutMs: 100 });
    expect(await send(silent, `http://${name}/`)).toMatchObject({ status: null, error: 'timeout' });
  });

  it('that is resolved after the message was called off is sent nothing', async () => {
    const receiver = await receiverThat(true);
    let answer = (): void => {};
    const resolve = () =>
      new Promise<readonly string[]>((done) => {
        answer = () => done(['127.0.0.1']);
      });
    const sender = senderFor({ resolve });
    const calledOff = new AbortController();
    const body = 'called off';
    const sending = sender.send({ url: `http://${name}:${receiver.port}/`, body, headers: {} }, calledOff.signal);
    calledOff.abort();
    expect(await sending).toMatchObject({ status: null, error: 'aborted' });
    answer();
    await until(() => receiver.connections() === 1);
    expect(await send(sender, `http://${name}:${receiver.port}/`)).toMatchObject({ status: 200 });
    expect(receiver.hosts).toHaveLength(1);
  });

  it('is what TLS and Host are told, never the address', async () => {
    const names: string[] = [];
    const receiver = await listening(
      createTlsServer({
        SNICallback: (servername, done) => {
          names.push(servername);
          done(new Error('no certificate'));
        },
      }),
    );
    const sender = senderFor({ resolve: fakeResolver({ [name]: [['127.0.0.1']] }) });
    expect(await send(sender, `https://${name}:${receiver.port}/`)).toMatchObject({ status: null });
    await until(() => names.length > 0);
    expect(names).toEqual([name]);
  });
});

describe('an address', () => {
  it.each(['http://127.0.0.1:PORT/', 'http://2130706433:PORT/', 'http://localhost:PORT/', 'http://[::1]:PORT/'])(
    'of this machine is not sent to unless it is opened: %s',
    async (pattern) => {
      const receiver = await receiverThat(true);
      const resolve = fakeResolver({});
      const sender = senderFor({ allowCidrs: [], resolve });
      const url = pattern.replace('PORT', String(receiver.port));
      expect(await send(sender, url)).toEqual({
        at: expect.any(String),
        status: null,
        error: 'refusedUrl',
        latencyMs: expect.any(Number),
        answer: '',
        retryAfterMs: null,
      });
      expect(sender.refusalOf(url)).not.toBeNull();
      expect([receiver.connections(), resolve.asked]).toEqual([0, []]);
    },
  );

  it('is asked of no resolver', async () => {
    const receiver = await receiverThat(true);
    const resolve = fakeResolver({});
    expect(await send(senderFor({ resolve }), receiver.url)).toMatchObject({ status: 200 });
    expect(resolve.asked).toEqual([]);
  });
});

describe('pinnedConnector', () => {
  const strict = new AddressRules([]);
  const connected = (hostname: string, port: number) =>
    new Promise<unknown>((resolve) => {
      const checked = new CheckedAddresses(
        async () => ['127.0.0.1'],
        new AddressRules(['127.0.0.0/8']),
        0,
        () => 0,
      );
      const connect = pinnedConnector(checked, strict, 1_000);
      connect({ hostname, host: hostname, protocol: 'http:', port: String(port) }, (error, socket) => {
        resolve(error ?? socket);
      });
    });

  it('connects to no address that is refused, whoever asks', async () => {
    const receiver = await receiverThat(true);
    for (const literal of ['127.0.0.1', '[::1]', '::1']) {
      expect(await connected(literal, receiver.port)).toMatchObject({ reason: 'refusedAddress' });
    }
    expect(receiver.connections()).toBe(0);
  });

  it('gives a connection up that leads where it must not, even if its address passed before', async () => {
    const receiver = await receiverThat(true);
    expect(await connected(name, receiver.port)).toMatchObject({ reason: 'refusedAddress' });
    await until(() => receiver.connections() === 1);
    expect(receiver.hosts).toEqual([]);
  });
});
