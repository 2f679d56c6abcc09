import { readConfig } from '../src/config.js';
import { createLog } from '../src/log.js';
import { exitOnSignals } from '../src/process-signals.js';
import { wireRematching } from '../src/wiring/index.js';
import { startRematching } from './rematching-process.js';

/** Facts are looked at this often, asked or not; schedules in the queue are compared with the store this often, ms. */
const LOOK_EVERY_MS = 1_000;
const SYNC_EVERY_MS = 60_000;

const config = readConfig();
const log = createLog({ level: config.LOG_LEVEL, process: 'rematching' });

let stop = async (): Promise<boolean> => true;
exitOnSignals(() => stop(), log);

const times = { lookEveryMs: LOOK_EVERY_MS, syncEveryMs: SYNC_EVERY_MS, shutdownGraceMs: config.SHUTDOWN_GRACE_MS };
const rematching = startRematching(await wireRematching(config, log), times, log);
stop = () => rematching.stop();
log.info({ threads: config.REMATCH_THREADS }, 'rematching process started');
