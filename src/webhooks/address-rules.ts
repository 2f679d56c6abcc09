import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../domain/errors.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/**
 * Where clouds tell a machine its own credentials. Not to be opened, not even by an allow-list that holds them (100.64/10
 * is an intranet in some government clouds, and 100.100.100.200 lies in it).
 */
const METADATA = [
  '169.254.169.254/32',
  // Tencent Cloud.
  '169.254.0.23/32',
  // AWS tasks and containers.
  '169.254.170.2/32',
  '169.254.170.23/32',
  // Alibaba Cloud.
  '100.100.100.200/32',
  // Oracle Cloud, of old.
  '192.0.0.192/32',
  // Azure.
  '168.63.129.16/32',
  // AWS and Google by IPv6.
  'fd00:ec2::/32',
  'fd20:ce::254/128',
].map(parsedCidr);

const GLOBAL_UNICAST_V6 = parsedCidr('2000::/3');
const NAT64 = parsedCidr('64:ff9b::/96');

/** Which ranges of the library no allow-list opens: nothing listens there, or everything does. */
const NEVER_OPENED = new Set(['unspecified', 'broadcast', 'multicast', 'ipv4Mapped']);

/** Says which addresses may be connected to: global unicast ones, and what the deployment opens. */
export class AddressRules {
  readonly #open: readonly Range[];

  /**
   * @param allowCidrs Ranges that are opened although they are not public, e.g. `10.20.0.0/16`.
   * @throws AppError `internal` (reason `badCidr`, with its place in the list) for what is no range.
   */
  constructor(allowCidrs: readonly string[]) {
    this.#open = allowCidrs.map((cidr, index) => {
      try {
        return parsedCidr(cidr);
      } catch {
        throw new AppError('internal', { params: { reason: 'badCidr', index } });
      }
    });
  }

  /**
   * Whether an address must not be connected to. Refused is all that the IANA special-purpose registries (RFC 6890) do
   * not call global unicast; mapped, compatible, 6to4 and Teredo forms in any case; NAT64 (RFC 6052) and ISATAP
   * (RFC 5214) forms with a refused IPv4 address inside; and whatever is not an address.
   */
  refuses(address: string): boolean {
    // The library reads `127.1` and octal parts; the system must see the same address as the rules.
    if (isIP(address) === 0 || address.includes('%')) return true;
    const parsed = ipaddr.parse(address);
    if (METADATA.some((range) => holds(range, parsed)) || NEVER_OPENED.has(parsed.range())) return true;
    if (this.#open.some((range) => holds(range, parsed))) return false;
    return !isPublic(parsed);
  }
}

function isPublic(address: Address): boolean {
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast';
  if (holds(NAT64, address)) return isPublicV4(address.parts.slice(6));
  // The library calls unicast what it has no range for: compatible (::/96) and unassigned space too.
  if (!holds(GLOBAL_UNICAST_V6, address) || address.range() !== 'unicast') return false;
  const isatap = ((address.parts[4] ?? 0) & ~0x0200) === 0 && address.parts[5] === 0x5efe;
  return !isatap || isPublicV4(address.parts.slice(6));
}

function isPublicV4(halves: readonly number[]): boolean {
  const v4 = new ipaddr.IPv4(halves.flatMap((half) => [half >> 8, half & 0xff]));
  return v4.range() === 'unicast' && !METADATA.some((range) => holds(range, v4));
}

function holds(range: Range, address: Address): boolean {
  const [network, bits] = range;
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}

function parsedCidr(cidr: string): Range {
  if (isIP(cidr.split('/', 1)[0] ?? '') === 0) throw new RangeError('not an address range');
  return ipaddr.parseCIDR(cidr);
}
