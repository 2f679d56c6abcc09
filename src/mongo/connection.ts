import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import type { Clock } from '../ports/clock.js';
import type { HealthProbe } from '../ports/health.js';
import type { Log } from '../ports/log.js';
import { guarded } from './errors.js';

/** What the caller decides about a connection. */
export interface MongoSettings {
  readonly uri: string;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Sockets at most. */
  readonly maxPoolSize?: number;
}

const RECONNECT_EVERY_MS = 500;

function driverOptions(maxPoolSize: number): ConnectOptions {
  return {
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 10_000,
    waitQueueTimeoutMS: 2_000,
    // A server that comes back is seen within a second.
    heartbeatFrequencyMS: 1_000,
    maxPoolSize,
    minPoolSize: 1,
    w: 'majority',
    journal: true,
    readConcernLevel: 'majority',
    ignoreUndefined: true,
    promoteBuffers: true,
    appName: 'shanhai-match',
  };
}

/** Code of an error, without its message: messages may hold what was stored. */
function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/**
 * The connection to MongoDB. It never gives up: while the server is away each operation raises `storeUnavailable`, and
 * when it is back operations work again, also if it was away from the beginning.
 */
export class MongoConnection {
  readonly connection: Connection = mongoose.createConnection();
  readonly #settings: MongoSettings;
  readonly #closing = new AbortController();
  readonly #connected: Promise<void>;

  constructor(settings: MongoSettings) {
    this.#settings = settings;
    this.connection.on('error', (error: unknown) =>
      settings.log.debug({ code: codeOf(error) }, 'mongo connection error'),
    );
    this.connection.on('disconnected', () => settings.log.warn({}, 'mongo disconnected'));
    this.connection.on('connected', () => settings.log.info({}, 'mongo connected'));
    this.#connected = this.#connect();
  }

  async #connect(): Promise<void> {
    const { uri, clock, log, maxPoolSize } = this.#settings;
    let told = false;
    while (!this.#closing.signal.aborted) {
      try {
        await this.connection.openUri(uri, driverOptions(maxPoolSize ?? 20));
        return;
      } catch (error) {
        if (!told) log.warn({ code: codeOf(error) }, 'mongo not reachable, trying on');
        told = true;
        await clock.sleep(RECONNECT_EVERY_MS, this.#closing.signal);
      }
    }
  }

  /** Resolves with true once the first connection stands, with false if that takes longer than `timeoutMs`. */
  async ready(timeoutMs: number): Promise<boolean> {
    const waiting = new AbortController();
    const stood = this.#connected.then(() => this.connection.readyState === mongoose.ConnectionStates.connected);
    const late = this.#settings.clock.sleep(timeoutMs, waiting.signal).then(() => false);
    const result = await Promise.race([stood, late]);
    waiting.abort();
    return result;
  }

  /** Creates the declared indexes of every model registered so far. @throws AppError `storeUnavailable`. */
  async ensureIndexes(): Promise<void> {
    await guarded(async () => {
      for (const model of Object.values(this.connection.models)) await model.createIndexes();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connected;
    await this.connection.close();
  }
}

/** Readiness of MongoDB: a `ping` answered within the time. */
export class MongoHealthProbe implements HealthProbe {
  readonly name = 'mongo' as const;
  readonly #mongo: MongoConnection;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(mongo: MongoConnection, clock: Pick<Clock, 'sleep'>) {
    this.#mongo = mongo;
    this.#clock = clock;
  }

  async check(timeoutMs: number): Promise<boolean> {
    const { db, readyState } = this.#mongo.connection;
    if (db === undefined || readyState !== mongoose.ConnectionStates.connected) return false;
    const waiting = new AbortController();
    const answered = db.command({ ping: 1 }).then(
      () => true,
      () => false,
    );
    const late = this.#clock.sleep(timeoutMs, waiting.signal).then(() => false);
    const result = await Promise.race([answered, late]);
    waiting.abort();
    return result;
  }
}
