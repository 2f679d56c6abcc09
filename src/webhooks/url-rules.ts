import { isIP, isIPv4 } from 'node:net';
import type { AddressRules } from './address-rules.js';
import { BAD_PORTS } from './bad-ports.js';

/** Why an address of an endpoint is refused without asking the network; issue codes of the field `url`. */
export const URL_REFUSALS = [
  /** Not a whole URL, or with blanks, control characters or backslashes that readers of URLs take differently. */
  'malformed',
  /** Over 2,048 characters. */
  'tooLong',
  /** Neither https nor, where allowed, http. */
  'scheme',
  /** A name or password stands before the host. */
  'userInfo',
  /** Empty, or not plain ASCII letters, digits, hyphens and full stops, or with a full stop at its end. */
  'host',
  /** An IPv4 address in another form than four decimal numbers. */
  'hostNumber',
  /** A name of this machine or of a local network. */
  'hostName',
  /** A port of another protocol. */
  'port',
  /** An address that is loopback, private, link-local, reserved or otherwise not public, and not opened. */
  'address',
] as const;
export type UrlRefusal = (typeof URL_REFUSALS)[number];

const MAX_LENGTH = 2_048;

/** Scheme, what stands before the host, host and port as they were written, before any reader of URLs mends them. */
const WRITTEN = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^\]/?#@]*\]|[^/?#@:[\]]*)(?::([^/?#@]*))?(?=[/?#]|$)/i;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Top-level domains are letters, or `xn--` with what stands for other letters. */
const TOP_LEVEL = /\.(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** RFC 6761, 6762, 7686, 8375, 9476; ICANN's `internal`; and what local networks and clusters are wont to use. */
const LOCAL_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'svc',
  'consul',
  'home.arpa',
  'arpa',
  'test',
  'example',
  'invalid',
  'onion',
  'alt',
];

/** What a deployment allows beyond https to public addresses. */
export interface UrlAllowances {
  readonly allowHttp: boolean;
  readonly allowPorts: ReadonlySet<number>;
  readonly addresses: AddressRules;
}

/** Says why a URL must not be sent to, as far as its text tells; null if nothing speaks against it. */
export function urlRefusal(text: string, allowed: UrlAllowances): UrlRefusal | null {
  if (text.length > MAX_LENGTH) return 'tooLong';
  if (hasOddCharacter(text)) return 'malformed';
  const [, scheme = '', userInfo, host = '', port] = WRITTEN.exec(text) ?? [];
  if (scheme === '') return 'malformed';
  if (!/^https?$/i.test(scheme) || (!allowed.allowHttp && scheme.toLowerCase() === 'http')) return 'scheme';
  if (userInfo !== undefined) return 'userInfo';
  const refusal = hostRefusal(host, allowed) ?? (portIsRefused(port, allowed) ? 'port' : null);
  // What was judged must be what Node's reader of URLs sees.
  return refusal ?? (hostRead(text) === hostRead(`http://${host}/`) ? null : 'malformed');
}

function hostRefusal(host: string, allowed: UrlAllowances): UrlRefusal | null {
  const bracketed = host.startsWith('[');
  if (!bracketed && !(host.length <= 253 && host.split('.').every((label) => LABEL.test(label)))) return 'host';
  // A number that is no IPv4 address makes the whole URL unreadable, and so does a bad port: take the host alone.
  const read = hostRead(`http://${host}/`);
  if (read === null) return 'host';
  const address = bracketed ? read.slice(1, -1) : read;
  if (isIP(address) === 0) return isLocalName(read) ? 'hostName' : TOP_LEVEL.test(read) ? null : 'host';
  if (isIPv4(address) && host !== address) return 'hostNumber';
  if (allowed.addresses.refuses(address)) return 'address';
  return null;
}

function hostRead(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}

function isLocalName(name: string): boolean {
  return !name.includes('.') || LOCAL_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));
}

function portIsRefused(port: string | undefined, allowed: UrlAllowances): boolean {
  if (port === undefined) return false;
  const number = /^[0-9]{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) return true;
  return BAD_PORTS.has(number) && !allowed.allowPorts.has(number);
}

/** Blanks, control characters and the backslash, which the URL standard drops or takes for a slash. */
function hasOddCharacter(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text);
}
