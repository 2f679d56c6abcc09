import { constants, gzipSync } from 'node:zlib';
import type { MatchResult } from '../domain/match.js';
import { type PackedResult, packedResult, resultJson } from '../ports/result-store.js';

/** A result is about 200 kB of text and 30 kB packed: one piece. */
const CHUNK = 64 * 1024;
/** Bytes a character takes in UTF-8 at most. */
const UTF8_MAX = 3;

/** Room for the text of one result, used again for the next: making it anew costs more than filling it. */
let room = Buffer.alloc(0);

/** A text in UTF-8, until the next one. */
function asBytes(text: string): Uint8Array {
  if (room.length < text.length * UTF8_MAX) room = Buffer.allocUnsafeSlow(text.length * UTF8_MAX);
  return room.subarray(0, room.write(text, 'utf8'));
}

/** Packs a result as stores keep it, level 1, in the thread that calls: about 3 ms. */
export function packResult(result: MatchResult): PackedResult {
  const bytes = asBytes(resultJson(result));
  return packedResult(result, gzipSync(bytes, { level: constants.Z_BEST_SPEED, chunkSize: CHUNK }));
}
