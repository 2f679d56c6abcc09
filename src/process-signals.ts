import process from 'node:process';
import type { Log } from './ports/log.js';

/**
 * Ties a process's end to its signals: the first SIGTERM or SIGINT stops it in order and exits 0, or 1 if work was cut
 * off; a second one, or a fault that nobody handled, exits 1 at once.
 */
export function exitOnSignals(stop: () => Promise<boolean>, log: Log): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn({ signal }, 'second signal, leaving at once');
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    stop().then(
      (finished) => {
        log.info({ finished }, 'stopped');
        process.exit(finished ? 0 : 1);
      },
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const onFault = (error: unknown): void => {
    log.error({ err: error }, 'fault that nobody handled');
    process.exit(1);
  };
  process.on('unhandledRejection', onFault);
  process.on('uncaughtException', onFault);
}
