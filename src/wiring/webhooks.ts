import type { Config } from '../config.js';
import type { SecretBox, WebhookSender, WebhookSigner } from '../ports/webhook-sender.js';
import { systemClock } from '../system.js';
import type { DeliverySettings } from '../usecases/webhooks/delivery-settings.js';
import { DELIVERY_SETTINGS } from '../usecases/webhooks/delivery-settings.js';
import { createSecretBox } from '../webhooks/aes-secret-box.js';
import { createSafeSender } from '../webhooks/safe-sender.js';
import { StandardSigner } from '../webhooks/standard-signer.js';

/** What signs, seals and sends. The sender opens no connection before it sends. */
export function openWebhooks(config: Config): {
  readonly signer: WebhookSigner;
  readonly secretBox: SecretBox;
  readonly sender: WebhookSender;
} {
  return {
    signer: new StandardSigner(),
    secretBox: createSecretBox(config.WEBHOOK_KEY),
    sender: createSafeSender({
      clock: systemClock,
      allowHttp: config.WEBHOOK_ALLOW_HTTP,
      allowCidrs: config.WEBHOOK_ALLOW_CIDRS,
      timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    }),
  };
}

/** How messages are sent in this deployment. */
export function deliverySettings(config: Config): DeliverySettings {
  return {
    ...DELIVERY_SETTINGS,
    ...(config.WEBHOOK_RETRY_S === undefined ? {} : { retryS: config.WEBHOOK_RETRY_S }),
    concurrency: config.WEBHOOK_CONCURRENCY,
    perSecond: config.WEBHOOK_PER_SECOND,
  };
}
