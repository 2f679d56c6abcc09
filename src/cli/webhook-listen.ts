import { readListener } from '../config.js';
import { webhookListen } from './webhook-listen-command.js';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());

process.exitCode = await webhookListen(process.argv.slice(2), readListener().secret, {
  print: (text) => process.stdout.write(text),
  complain: (line) => process.stderr.write(`${line}\n`),
  nowMs: () => Date.now(),
  ending: ending.signal,
});
