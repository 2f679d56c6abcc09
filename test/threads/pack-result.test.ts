import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { resultIdOf, resultJson } from '../../src/ports/result-store.js';
import { packResult } from '../../src/threads/pack-result.js';
import { makeResult } from '../support/conformance/records.js';

describe('packResult', () => {
  it('packs the text of a result, and tells beside it whose it is and which parks come first', () => {
    const result = makeResult(1, 30);
    const { body, top, ...head } = packResult(result);
    const { needId, version, generatedAt } = result;
    expect(head).toEqual({ id: resultIdOf(result), needId, version, generatedAt });
    expect(gunzipSync(body).toString('utf8')).toBe(resultJson(result));
    expect(top).toHaveLength(20);
    expect(top[1]).toEqual({ parkId: 'park-1', score: 100 - 1 / 8 });
  });
});
