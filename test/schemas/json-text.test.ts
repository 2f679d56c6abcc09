import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../src/schemas/json-text.js';

describe('readJsonText', () => {
  it('reads what JSON.parse reads, where no key stands twice and none is forbidden', () => {
    const safe = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(safe, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(readJsonText(text)).toEqual({ outcome: 'read', value: JSON.parse(text) });
      }),
      { numRuns: 300 },
    );
  });

  it('finds every key that stands twice, however it is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 5 }), fc.nat(200), (key, value, blanks) => {
        fc.pre(!['__proto__', 'constructor', 'prototype'].includes(key));
        const space = ' '.repeat(blanks);
        const escaped = `"${[...key].map((char) => [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
        const text = `{"a1": [{${JSON.stringify(key)}${space}:${JSON.stringify(value)},${escaped}: 1}]}`;
        expect(readJsonText(text)).toMatchObject({ outcome: 'refused', issues: [{ code: 'duplicateKey' }] });
      }),
    );
  });

  it('the same key in two objects, and a value that looks like a key, are no repetition', () => {
    for (const text of [
      '[{"a":1},{"a":2}]',
      '{"a":{"a":"a"},"b":"a"}',
      '{"a":["a","a"],"b":["a"]}',
      '{"a":"b\\":","b":1}',
    ]) {
      expect(readJsonText(text)).toEqual({ outcome: 'read', value: JSON.parse(text) });
    }
  });

  it('names the place of what it refuses', () => {
    expect(readJsonText('{"a":[{"b":1},{"b":1,"b":2}]}')).toMatchObject({ issues: [{ field: 'a[1].b' }] });
    expect(readJsonText('{"a":[1,{"constructor":1}]}')).toMatchObject({
      issues: [{ field: 'a[1].constructor', code: 'forbiddenKey' }],
    });
  });

  it('says where broken text breaks where the engine tells it, and never quotes it', () => {
    expect(readJsonText('{\n "a": 1,\n "b" 2}')).toEqual({ outcome: 'broken', line: 3, column: 6 });
    expect(JSON.stringify(readJsonText('{"a": 机密}'))).not.toContain('机密');
  });

  it('reads the longest body in time that does not hold the process', () => {
    const text = `[${'{"k":"v\\n"},'.repeat(20_000)}0]`;
    const startedMs = performance.now();
    expect(readJsonText(text).outcome).toBe('read');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
