import { readConfig } from '../src/config.js';
import { createLog } from '../src/log.js';
import { exitOnSignals } from '../src/process-signals.js';
import { wireWorker } from '../src/wiring/index.js';
import { startMatching } from './matching-process.js';
import { startUpkeep } from './upkeep-process.js';

const config = readConfig();
const log = createLog({ level: config.LOG_LEVEL, process: 'matching' });

let stop = async (): Promise<boolean> => true;
exitOnSignals(() => stop(), log);

const parts = await wireWorker(config, log);
const times = { sweepEveryMs: config.SWEEP_EVERY_MS, shutdownGraceMs: config.SHUTDOWN_GRACE_MS };
const upkeep = startUpkeep(parts.upkeep, times, log);
const matching = startMatching(parts, times, log);
stop = async () => {
  // Upkeep first: matching closes the connections both work with.
  const swept = await upkeep.stop();
  return (await matching.stop()) && swept;
};
log.info({ concurrency: config.WORKER_CONCURRENCY }, 'matching worker started');
