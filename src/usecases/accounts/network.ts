/** The 16-bit groups of one side of `::`. */
const groups = (side: string): string[] => (side === '' ? [] : side.split(':'));

/**
 * What attempts are counted by: an IPv4 address, also one written as IPv6 (`::ffff:10.0.0.1`), or the /64 network of an
 * IPv6 address, which is what one subscriber has at least (RFC 6177).
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.toLowerCase().split('%');
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
