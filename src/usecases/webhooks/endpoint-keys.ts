import type { EndpointKey, SignatureScheme, WebhookEndpoint } from '../../domain/webhook.js';
import type { SecretBox, WebhookSigner } from '../../ports/webhook-sender.js';

/** How long the key before signs beside a new one, ms. */
export const OVERLAP_MS = 24 * 3_600_000;

export interface KeyDeps {
  readonly signer: WebhookSigner;
  readonly secretBox: SecretBox;
}

/** Makes a key; `secret` is what the receiver needs and nobody is shown again, null where the public key is enough. */
export function newKey(
  { signer, secretBox }: KeyDeps,
  scheme: SignatureScheme,
  now: string,
): { readonly key: EndpointKey; readonly secret: string | null } {
  if (scheme === 'v1') {
    const secret = signer.newSecret();
    return { key: { sealed: secretBox.seal(secret), publicKey: null, createdAt: now, validUntil: null }, secret };
  }
  const { privateKey, publicKey } = signer.newKeyPair();
  return { key: { sealed: secretBox.seal(privateKey), publicKey, createdAt: now, validUntil: null }, secret: null };
}

/** Keys that sign at a moment, newest first. */
export function validKeys({ keys }: Pick<WebhookEndpoint, 'keys'>, now: string): readonly EndpointKey[] {
  return keys.filter(({ validUntil }) => validUntil === null || validUntil > now);
}

/** The keys with a new one in front: the present one goes on signing for a day, older ones are dropped. */
export function rotated(keys: readonly EndpointKey[], key: EndpointKey, now: string): readonly EndpointKey[] {
  const until = new Date(Date.parse(now) + OVERLAP_MS).toISOString();
  return [key, ...keys.slice(0, 1).map((present) => ({ ...present, validUntil: until }))];
}
