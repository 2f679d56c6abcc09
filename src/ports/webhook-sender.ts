import type { DeliveryAttempt } from '../domain/webhook.js';

/** Sends one signed message to one address, once. Never raises: what went wrong is in the attempt. */
export interface WebhookSender {
  send(
    message: { readonly url: string; readonly body: string; readonly headers: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<DeliveryAttempt & { readonly retryAfterMs: number | null }>;
  /** Says whether an address may be sent to at all, as far as that can be told without asking the network. */
  refusalOf(url: string): string | null;
  close(): Promise<void>;
}

/** Signs as Standard Webhooks 1.0 says, and makes keys. */
export interface WebhookSigner {
  /** `whsec_` + base64 of 32 random bytes. */
  newSecret(): string;
  /** `private`: PKCS #8 base64; `public`: `whpk_` + base64 of the 32 bytes. */
  newKeyPair(): { readonly privateKey: string; readonly publicKey: string };
  /** Value of `webhook-signature`: one signature for each key, separated by a space. */
  sign(
    keys: readonly { readonly scheme: 'v1' | 'v1a'; readonly key: string }[],
    message: { readonly id: string; readonly timestampS: number; readonly body: string },
  ): string;
}

/** Seals secrets for storing (AES-256-GCM) with the deployment's key. */
export interface SecretBox {
  seal(plain: string): string;
  /** @throws AppError `internal` where the text was sealed under another key or changed. */
  open(sealed: string): string;
}

/** Wakes a worker for an endpoint. Best effort: a sweep finds what is due. */
export interface DeliverySignal {
  /** Now, or at a time; calls for the same endpoint fold into one. */
  wake(endpointId: string, at?: string): Promise<void>;
}
