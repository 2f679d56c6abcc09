import { constants, gzipSync } from 'node:zlib';
import type { MatchResult } from '../domain/match.js';
import { type PackedResult, packedResult, resultJson } from '../ports/result-store.js';

/** A result is about 200 kB of text and 30 kB packed: one piece. */
const CHUNK = 64 * 1024;

/** Packs a result as stores keep it, level 1, in the thread that calls: about 2 ms. */
export function packResult(result: MatchResult): PackedResult {
  return packedResult(result, gzipSync(resultJson(result), { level: constants.Z_BEST_SPEED, chunkSize: CHUNK }));
}
