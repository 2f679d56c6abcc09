import { readConfig } from '../src/config.js';
import { createLog } from '../src/log.js';
import { exitOnSignals } from '../src/process-signals.js';
import { wireDelivering } from '../src/wiring/index.js';
import { startDelivering } from './delivering-process.js';

const config = readConfig();
const log = createLog({ level: config.LOG_LEVEL, process: 'delivering' });

let stop = async (): Promise<boolean> => true;
exitOnSignals(() => stop(), log);

const times = { sweepEveryMs: config.SWEEP_EVERY_MS, shutdownGraceMs: config.SHUTDOWN_GRACE_MS };
const delivering = startDelivering(await wireDelivering(config, log), times, log);
stop = () => delivering.stop();
log.info({ concurrency: config.WEBHOOK_CONCURRENCY }, 'delivering process started');
