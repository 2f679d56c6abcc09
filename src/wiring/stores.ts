import type { Config } from '../config.js';
import { MongoAccountStore, mongoAccountOutbox } from '../mongo/account-store.js';
import { MongoAuditStore } from '../mongo/audit-store.js';
import { MongoConnection } from '../mongo/connection.js';
import { MongoDeliveryStore } from '../mongo/delivery-store.js';
import { WEBHOOK_ENDPOINTS } from '../mongo/endpoint-schema.js';
import { MongoEndpointStore } from '../mongo/endpoint-store.js';
import { MongoFactsStore } from '../mongo/facts-store.js';
import { MongoHistoryStore } from '../mongo/history-store.js';
import { MongoLeadStore } from '../mongo/lead-store.js';
import { MongoNeedStore } from '../mongo/need-store.js';
import { MongoOutbox } from '../mongo/outbox.js';
import { MongoParkStore } from '../mongo/park-store.js';
import { MongoReferenceStore } from '../mongo/reference-store.js';
import { MongoRematchRunStore, mongoRematchOutbox } from '../mongo/rematch-run-store.js';
import { MongoReportOutbox, MongoReportStore } from '../mongo/report-store.js';
import { MongoResultStore } from '../mongo/result-store.js';
import { MongoSchemeStore, mongoSchemeOutbox } from '../mongo/scheme-store.js';
import type { Log } from '../ports/log.js';
import { systemClock, systemIds } from '../system.js';
import { type ChangeSink, createRelay, type Relay } from '../usecases/relay-outbox.js';

/** How long a process waits for its first connection before it goes on and answers 503. */
const FIRST_CONNECTION_MS = 5_000;

/** Waits for the first connection and declares the indexes. A server that is away is no reason not to start. */
async function prepareStore(mongo: MongoConnection, log: Log): Promise<void> {
  try {
    if (await mongo.ready(FIRST_CONNECTION_MS)) await mongo.ensureIndexes();
  } catch (error) {
    log.warn({ error }, 'indexes not declared, store away');
  }
}

/** The connection to MongoDB, every store over it, and the relay from their outboxes to the audit trail. */
export interface Stores {
  readonly mongo: MongoConnection;
  readonly needStore: MongoNeedStore;
  readonly parkStore: MongoParkStore;
  readonly referenceStore: MongoReferenceStore;
  /** Whole results only: see `completingResults`. */
  readonly resultStore: MongoResultStore;
  readonly factsStore: MongoFactsStore;
  readonly leadStore: MongoLeadStore;
  readonly reportStore: MongoReportStore;
  readonly schemeStore: MongoSchemeStore;
  readonly accounts: MongoAccountStore;
  readonly auditStore: MongoAuditStore;
  readonly historyStore: MongoHistoryStore;
  readonly runStore: MongoRematchRunStore;
  readonly endpointStore: MongoEndpointStore;
  readonly deliveryStore: MongoDeliveryStore;
  readonly relay: Relay;
  /** Carries on what the relay still has, then closes the connection. */
  close(): Promise<void>;
}

/** Stores that sinks of the relay write to. */
export type WebhookStores = Pick<Stores, 'endpointStore' | 'deliveryStore'>;

/** `sinksOver` makes what gets every change besides the audit trail. */
export async function openStores(
  config: Pick<Config, 'MONGODB_URI'>,
  log: Log,
  sinksOver: (stores: WebhookStores) => readonly ChangeSink[] = () => [],
): Promise<Stores> {
  const mongo = new MongoConnection({ uri: config.MONGODB_URI, log, clock: systemClock });
  const { connection } = mongo;
  const auditStore = new MongoAuditStore(connection, systemIds);
  const stores = {
    mongo,
    needStore: new MongoNeedStore(connection),
    parkStore: new MongoParkStore(connection),
    referenceStore: new MongoReferenceStore(connection),
    resultStore: new MongoResultStore(connection),
    factsStore: new MongoFactsStore(connection),
    leadStore: new MongoLeadStore(connection),
    reportStore: new MongoReportStore(connection),
    schemeStore: new MongoSchemeStore(connection),
    accounts: new MongoAccountStore(connection),
    auditStore,
    historyStore: new MongoHistoryStore(connection),
    runStore: new MongoRematchRunStore(connection),
    endpointStore: new MongoEndpointStore(connection),
    deliveryStore: new MongoDeliveryStore(connection),
  };
  const relay = createRelay({
    outboxes: {
      need: new MongoOutbox(connection, 'needs'),
      lead: new MongoOutbox(connection, 'leads'),
      park: new MongoOutbox(connection, 'parks'),
      report: new MongoReportOutbox(connection),
      account: mongoAccountOutbox(connection),
      scheme: mongoSchemeOutbox(connection),
      endpoint: new MongoOutbox(connection, WEBHOOK_ENDPOINTS),
      rematch: mongoRematchOutbox(connection),
    },
    auditStore,
    sinks: sinksOver(stores),
    clock: systemClock,
    log,
  });
  await prepareStore(mongo, log);
  return {
    ...stores,
    relay,
    async close() {
      await relay.close();
      await mongo.close();
    },
  };
}
