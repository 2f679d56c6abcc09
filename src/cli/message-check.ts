import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';

/** How far a message's time may be off, seconds; Standard Webhooks 1.0 leaves it to the receiver. */
const TOLERANCE_S = 300;
/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo. */
const ED25519_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** What a receiver checks with: the shared secret of `v1`, or the public key of `v1a`. */
export type CheckKey =
  | { readonly scheme: 'v1'; readonly secret: Buffer }
  | { readonly scheme: 'v1a'; readonly publicKey: KeyObject };

/** Reads `whsec_…` or `whpk_…`; null for anything else. */
export function readCheckKey(text: string): CheckKey | null {
  const [, prefix, encoded = ''] = /^(whsec|whpk)_([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (prefix === 'whsec' && bytes.length >= 24 && bytes.length <= 64) return { scheme: 'v1', secret: bytes };
  if (prefix !== 'whpk' || bytes.length !== 32) return null;
  const der = Buffer.concat([ED25519_HEAD, bytes]);
  return { scheme: 'v1a', publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** The three headers of a message; undefined where one is missing. */
export interface MessageHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

export type CheckFault = 'missingHeader' | 'badTimestamp' | 'timestampOff' | 'noSignatureFits';

function fits(key: CheckKey, content: Buffer, signature: string): boolean {
  const comma = signature.indexOf(',');
  if (signature.slice(0, comma) !== key.scheme) return false;
  const given = Buffer.from(signature.slice(comma + 1), 'base64');
  if (key.scheme === 'v1a') return given.length === 64 && verify(null, content, key.publicKey, given);
  const expected = createHmac('sha256', key.secret).update(content).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * What speaks against a message being genuine; null if nothing does. As Standard Webhooks 1.0: one of the signatures in
 * the header must be that of `<id>.<timestamp>.<body>`, and the time no more than five minutes off.
 * @param nowS Seconds since 1970.
 */
export function messageFault(key: CheckKey, headers: MessageHeaders, body: Buffer, nowS: number): CheckFault | null {
  const { id, timestamp, signature } = headers;
  if (!id || !timestamp || !signature) return 'missingHeader';
  if (!/^\d{1,12}$/.test(timestamp)) return 'badTimestamp';
  if (Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) return 'timestampOff';
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return signature.split(' ').some((one) => fits(key, content, one)) ? null : 'noSignatureFits';
}
