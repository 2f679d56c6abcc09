export { type ApiParts, wireApi } from './api.js';
export { type DeliveringWiring, wireDelivering } from './delivering.js';
export { wireLocal } from './local.js';
export { type RematchingWiring, wireRematching } from './rematching.js';
export { wireAccounts, wireAudit, wireSeeding } from './tools.js';
export { type WorkerProcessParts, wireWorker } from './worker.js';
