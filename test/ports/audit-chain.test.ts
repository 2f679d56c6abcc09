import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/change.js';
import { CHAIN_START, type ChainHead, sealEntries, sealEntry, verifyChain } from '../../src/ports/audit-chain.js';
import { makeChange } from '../support/conformance/changes.js';

const CHAIN = '330782';
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function chainOf(length: number): readonly AuditEntry[] {
  const changes = Array.from({ length }, (_, index) => makeChange(index + 1));
  return sealEntries(digest, CHAIN, CHAIN_START, changes);
}
function at(entries: readonly AuditEntry[], position: number): AuditEntry {
  const entry = entries[position - 1];
  if (entry === undefined) throw new Error(`nothing at ${position}`);
  return entry;
}
function headOf(entries: readonly AuditEntry[]): ChainHead {
  const { position, hash } = at(entries, entries.length);
  return { position, hash };
}
/** Each entry anew from `position` on, with another word in the first. */
function resealed(entries: readonly AuditEntry[], position: number): readonly AuditEntry[] {
  const before = entries.slice(0, position - 1);
  const [first, ...rest] = entries.slice(position - 1).map(({ change }) => change);
  if (first === undefined) throw new Error('nothing to seal anew');
  const last = before.length === 0 ? CHAIN_START : headOf(before);
  return [...before, ...sealEntries(digest, CHAIN, last, [{ ...first, after: { version: 99 } }, ...rest])];
}
const check = (entries: readonly AuditEntry[], head: ChainHead | null, kept: readonly ChainHead[] = []) =>
  verifyChain(digest, CHAIN, entries, { head, kept });

describe('sealEntry', () => {
  it('seals everything in the entry, however its keys are ordered', () => {
    const entry = sealEntry(digest, CHAIN, 1, CHAIN_START.hash, makeChange(1));
    expect(entry).toMatchObject({ chain: CHAIN, position: 1, previousHash: '0'.repeat(64), change: makeChange(1) });
    const backwards = Object.fromEntries(Object.entries(makeChange(1)).reverse()) as unknown as typeof entry.change;
    expect(sealEntry(digest, CHAIN, 1, CHAIN_START.hash, backwards).hash).toBe(entry.hash);
    const others = [
      sealEntry(digest, '330483', 1, CHAIN_START.hash, makeChange(1)),
      sealEntry(digest, CHAIN, 2, CHAIN_START.hash, makeChange(1)),
      sealEntry(digest, CHAIN, 1, '1'.repeat(64), makeChange(1)),
      ...Object.keys(makeChange(1)).map((key) =>
        sealEntry(digest, CHAIN, 1, CHAIN_START.hash, { ...makeChange(1), [key]: 'other' }),
      ),
    ];
    expect(new Set([entry, ...others].map(({ hash }) => hash)).size).toBe(others.length + 1);
  });

  it('is the SHA-256 of a text that anybody can write down', () => {
    const entry = sealEntry(digest, CHAIN, 1, CHAIN_START.hash, {
      ...makeChange(1),
      actor: { kind: 'system', id: 'system', role: 'coordinator', countyAdcode: null },
      requestId: null,
      after: null,
    });
    const text =
      '{"chain":"330782","change":{"actor":{"countyAdcode":null,"id":"system","kind":"system","role":"coordinator"},' +
      '"after":null,"at":"2026-03-01T08:00:01.000Z","before":null,"chains":["330782"],"id":"need_1.1",' +
      '"object":{"id":"need_1","kind":"need","version":1},"requestId":null,"scheme":null,"type":"need.submitted"},' +
      `"position":1,"previousHash":"${'0'.repeat(64)}"}`;
    expect(entry.hash).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('verifyChain', () => {
  const whole = chainOf(6);
  const head = headOf(whole);

  it('finds nothing in a whole chain, nor where the head is behind', () => {
    expect(check(whole, head)).toEqual({ chain: CHAIN, entries: 6, head, fault: null });
    expect(check(whole, headOf(whole.slice(0, 4))).fault).toBeNull();
    expect(check(whole, head, [headOf(whole.slice(0, 3)), head]).fault).toBeNull();
    expect(check([], null)).toEqual({ chain: CHAIN, entries: 0, head: null, fault: null });
  });

  it.each([
    ['a changed fact', { ...at(whole, 3), change: { ...at(whole, 3).change, after: null } }],
    ['a changed actor', { ...at(whole, 3), change: { ...at(whole, 3).change, requestId: null } }],
    ['a changed hash', { ...at(whole, 3), hash: 'f'.repeat(64) }],
    ['a changed previous hash', { ...at(whole, 3), previousHash: 'f'.repeat(64) }],
    ['a changed position', { ...at(whole, 3), position: 9 }],
    ['an entry of another chain', sealEntry(digest, '330483', 3, at(whole, 2).hash, makeChange(3))],
  ])('finds %s', (_what, entry) => {
    const tampered = whole.with(2, entry);
    expect(check(tampered, head)).toMatchObject({ head: { position: 2 }, fault: { position: 3, kind: 'changed' } });
  });

  it.each([1, 2, 5])('finds that entry %i is missing', (position) => {
    const fault = { position, kind: 'missing' };
    expect(check(whole.toSpliced(position - 1, 1), head)).toMatchObject({ entries: 5, fault });
  });

  it('finds entries in another order', () => {
    const swapped = whole.with(1, at(whole, 4)).with(3, at(whole, 2));
    expect(check(swapped, head).fault).toEqual({ position: 2, kind: 'reordered' });
    expect(check([...whole.slice(0, 4), at(whole, 2)], null).fault).toEqual({ position: 5, kind: 'reordered' });
  });

  it('finds a tail that was cut off, and everything cut off', () => {
    expect(check(whole.slice(0, 4), head)).toMatchObject({
      head: { position: 4 },
      fault: { position: 5, kind: 'cut' },
    });
    expect(check([], head).fault).toEqual({ position: 1, kind: 'cut' });
  });

  it('finds two entries at one position, and one that follows on another', () => {
    const other = sealEntry(digest, CHAIN, 3, at(whole, 2).hash, makeChange(30));
    expect(check(whole.toSpliced(3, 0, other), head).fault).toEqual({ position: 3, kind: 'forked' });
    const stranger = sealEntry(digest, CHAIN, 3, 'a'.repeat(64), makeChange(3));
    expect(check(whole.with(2, stranger), head).fault).toEqual({ position: 3, kind: 'forked' });
  });

  it('finds a head that is gone or is not the entry there', () => {
    expect(check(whole, null).fault).toEqual({ position: 6, kind: 'headBroken' });
    expect(check(whole, { position: 5, hash: 'a'.repeat(64) }).fault).toEqual({ position: 5, kind: 'headBroken' });
  });

  it('finds what was sealed anew by the head, and with the head too by heads kept elsewhere only', () => {
    const anew = resealed(whole, 3);
    expect(check(anew, head).fault).toEqual({ position: 6, kind: 'headBroken' });
    expect(check(anew, headOf(anew)).fault).toBeNull();
    expect(check(anew, headOf(anew), [headOf(whole.slice(0, 2))]).fault).toBeNull();
    expect(check(anew, headOf(anew), [headOf(whole.slice(0, 4))]).fault).toEqual({ position: 4, kind: 'rewritten' });
  });

  it('finds a tail cut off together with the head by heads kept elsewhere only', () => {
    const cut = whole.slice(0, 4);
    expect(check(cut, headOf(cut)).fault).toBeNull();
    expect(check(cut, headOf(cut), [head]).fault).toEqual({ position: 5, kind: 'cut' });
  });

  it('finds any one entry changed, left out or moved, and never blames one before it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('change', 'drop', 'move'),
        (length, one, two, how) => {
          const entries = chainOf(length);
          const from = one % length;
          const to = two % length;
          const entry = at(entries, from + 1);
          const tampered =
            how === 'change'
              ? entries.with(from, { ...entry, change: { ...entry.change, at: '2027-01-01T00:00:00.000Z' } })
              : how === 'drop'
                ? entries.toSpliced(from, 1)
                : entries.toSpliced(from, 1).toSpliced(to, 0, entry);
          const { fault } = check(tampered, headOf(entries));
          const first = how === 'move' ? Math.min(from, to) : from;
          expect(fault?.position ?? null).toBe(how === 'move' && from === to ? null : first + 1);
        },
      ),
    );
  });
});
