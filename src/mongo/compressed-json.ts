import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** A result is about 200 kB of text and 30 kB packed: one piece each way, where zlib's own 16 kB would be a dozen. */
const PACKED_CHUNK = 64 * 1024;
const TEXT_CHUNK = 256 * 1024;

/** JSON text as gzip, level 1: made for speed, off the event loop. */
export async function packJson(json: string): Promise<Buffer> {
  return compress(json, { level: constants.Z_BEST_SPEED, chunkSize: PACKED_CHUNK });
}

/** Reads what `packJson` made. @throws if it is not gzip or not JSON. */
export async function unpackJson(packed: Uint8Array): Promise<unknown> {
  return JSON.parse((await unpackText(packed)).toString('utf8'));
}

/** The JSON text that `packJson` was given, in UTF-8. @throws if it is not gzip. */
export async function unpackText(packed: Uint8Array): Promise<Buffer> {
  return expand(packed, { chunkSize: TEXT_CHUNK });
}
