import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRules } from '../../src/webhooks/address-rules.js';

const strict = new AddressRules([]);

/** IANA IPv4 special-purpose registry and 224/4, 240/4: what is not globally reachable, plus anycast relays. */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

describe('AddressRules', () => {
  it('refuses exactly the special ranges of IPv4, told by another reader of ranges', () => {
    const special = new BlockList();
    for (const [network, bits] of SPECIAL_V4) special.addSubnet(network, bits, 'ipv4');
    special.addAddress('168.63.129.16', 'ipv4');
    const edges = SPECIAL_V4.flatMap(([network, bits]) => {
      const first = numberOf(network);
      const last = first + 2 ** (32 - bits) - 1;
      return [first - 1, first, last, last + 1].map((value) => dotted(value >>> 0));
    });
    for (const address of edges) expect([address, strict.refuses(address)]).toEqual([address, special.check(address)]);
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(strict.refuses(address)).toBe(special.check(address));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses all of IPv6 but global unicast and the well-known NAT64 form', () => {
    const global = new BlockList();
    global.addSubnet('2000::', 3, 'ipv6');
    global.addSubnet('64:ff9b::', 96, 'ipv6');
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(isIP(address) === 6);
        if (!global.check(address, 'ipv6')) expect(strict.refuses(address)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses every IPv4 address in mapped, compatible, 6to4 and NAT64 form that it refuses plain', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const value = numberOf(address);
        const hex = `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
        expect(strict.refuses(`::ffff:${hex}`)).toBe(true);
        expect(strict.refuses(`::${hex}`)).toBe(true);
        expect(strict.refuses(`2002:${hex}::1`)).toBe(true);
        expect(strict.refuses(`64:ff9b::${hex}`)).toBe(strict.refuses(address));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', 'localhost', '127.1', '0177.0.0.1', '8.8.8.8/32', '8.8.8.8 ', '2400:3200::1%eth0', '[2400:3200::1]'])(
    'refuses what is no plain address: %j',
    (text) => {
      expect(strict.refuses(text)).toBe(true);
    },
  );

  it('never opens metadata services, mapped forms, nor where nothing or everything listens', () => {
    const open = new AddressRules(['0.0.0.0/0', '::/0']);
    for (const address of ['127.0.0.1', '10.0.0.1', '100.100.100.201', '::1', 'fd00::1', 'fe80::1']) {
      expect(open.refuses(address)).toBe(false);
    }
    const never = ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254', '0.0.0.0', '::'];
    for (const address of [...never, '224.0.0.1', '255.255.255.255', 'ff02::1', '::ffff:127.0.0.1']) {
      expect([address, open.refuses(address)]).toEqual([address, true]);
    }
  });

  it('opens an allowed range to its edges', () => {
    const open = new AddressRules(['10.20.0.0/16']);
    expect(['10.19.255.255', '10.20.0.0', '10.20.255.255', '10.21.0.0'].map((one) => open.refuses(one))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it.each(['10.20.0.0', '10.20.0.0/33', '10.20/16', 'fd00::/129', 'intranet', '', '0x0a.0.0.0/8'])(
    'takes no allowed range that is none: %j',
    (cidr) => {
      expect(() => new AddressRules(['10.0.0.0/8', cidr])).toThrow(
        expect.objectContaining({ code: 'internal', params: { reason: 'badCidr', index: 1 } }),
      );
    },
  );
});
