import { readConfig } from '../src/config.js';
import { createLog } from '../src/log.js';
import { exitOnSignals } from '../src/process-signals.js';
import { wireWorker } from '../src/wiring.js';
import { startMatching } from './matching-process.js';

const config = readConfig();
const log = createLog({ level: config.LOG_LEVEL, process: 'matching' });

let stop = async (): Promise<boolean> => true;
exitOnSignals(() => stop(), log);

const parts = await wireWorker(config, log);
const matching = startMatching(
  parts,
  { sweepEveryMs: config.SWEEP_EVERY_MS, shutdownGraceMs: config.SHUTDOWN_GRACE_MS },
  log,
);
stop = () => matching.stop();
log.info({ concurrency: config.WORKER_CONCURRENCY }, 'matching worker started');
