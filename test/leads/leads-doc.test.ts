import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LEAD_CLOCKS, LEAD_STAGES } from '../../src/domain/lead.js';
import { MOVE_RULES, type MoveRule } from '../../src/leads/move-rules.js';
import { CLOCK_WORDS, MOVE_WORDS, REFUSAL_CODES, STAGE_WORDS } from '../../src/words/lead.js';

const PAGE = readFileSync(new URL('../../docs/leads.md', import.meta.url), 'utf8');

/** The rows below the table head that begins with a word, each as its cells. */
function tableOf(first: string): readonly (readonly string[])[] {
  const [, after = ''] = PAGE.split(new RegExp(`^\\| ${first} +\\|.*$`, 'm'));
  const lines = after.trimStart().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(1, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const list = (codes: readonly string[]): string => (codes.length === 0 ? '–' : codes.join(', '));

function rowOf({ move, parties, from, to, needs, meets, starts, hold, releaseReason }: MoveRule): readonly string[] {
  const effect = releaseReason === null ? hold : `${hold} (${releaseReason})`;
  return [
    `${move} ${MOVE_WORDS[move]}`,
    ...[parties, from, [to], needs, meets, starts].map(list),
    hold === 'none' ? '–' : effect,
  ];
}

describe('docs/leads.md says what the state machine does', () => {
  it('every move, in its order', () => {
    expect(tableOf('Move')).toEqual(MOVE_RULES.map(rowOf));
  });

  it('every arrow but those of end and transfer', () => {
    const drawn = [...PAGE.matchAll(/^ {4}(\w+) --> (\w+): (\w+)$/gm)].map((match) => match.slice(1).join(' '));
    const made = MOVE_RULES.filter(({ move, to }) => to !== 'same' && move !== 'end' && move !== 'transfer').flatMap(
      ({ move, from, to }) => from.map((stage) => `${stage} ${to} ${move}`),
    );
    expect(drawn.sort()).toEqual(made.sort());
    const end = MOVE_RULES.find(({ move }) => move === 'end');
    expect([...(end?.from ?? []), 'production', 'ended'].sort()).toEqual([...LEAD_STAGES].sort());
  });

  it('every need and every refusal', () => {
    const rows = tableOf('Need');
    const needs = new Set(MOVE_RULES.flatMap((rule) => rule.needs));
    expect(rows.map(([need]) => need).sort()).toEqual([...needs].sort());
    const named = rows.flatMap(([, , codes = '']) => codes.split(', '));
    expect(named.filter((code) => !REFUSAL_CODES.some((known) => known === code))).toEqual([]);
    expect(REFUSAL_CODES.filter((code) => !named.includes(code) && !PAGE.includes(`\`${code}\``))).toEqual([]);
  });

  it('every stage and clock by its word', () => {
    for (const stage of LEAD_STAGES) expect(PAGE).toMatch(new RegExp(`${STAGE_WORDS[stage]}\\s${stage}`));
    expect(tableOf('Clock').map(([clock]) => clock)).toEqual(
      LEAD_CLOCKS.map((kind) => `${CLOCK_WORDS[kind].slice(0, 2)} ${kind}`),
    );
  });
});
