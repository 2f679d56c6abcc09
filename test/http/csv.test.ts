import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFile, csvText } from '../../src/http/csv.js';

/** Reads what RFC 4180 says a CSV file is. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quoted && char === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',') {
      row.push(cell);
      cell = '';
    } else if (!quoted && text.startsWith('\r\n', at)) {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      at += 1;
    } else cell += char;
  }
  return rows;
}

describe('csvText', () => {
  it('quotes commas, quotes and line breaks, and nothing else', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['1,5', 'say "x"'],
          ['two\nlines', null],
          ['平 常', -2.5],
        ],
      ),
    ).toBe('a,b\r\n"1,5","say ""x"""\r\n"two\nlines",\r\n平 常,-2.5\r\n');
  });

  it.each(['=1', '+1', '-1', '@A1', '\t=1', '  =1', '＝1', '＋1', '－1', '＠A', '\rx', '\u00a0=1'])(
    'the text %j begins no formula',
    (cell) => {
      const [[read = ''] = []] = readCsv(csvText([cell], []));
      expect(read).toBe(`'${cell}`);
    },
  );

  it('whatever stands in the cells, they are read back, at most with a mark before them', () => {
    const cells = fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(cells, fc.array(cells, { maxLength: 4 }), (header, rows) => {
        const read = readCsv(csvText(header, rows));
        expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/, '')))).toEqual(
          [header, ...rows].map((row) => row.map((cell) => cell.replace(/^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/, ''))),
        );
        for (const cell of read.flat()) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }),
      { numRuns: 300 },
    );
  });

  it('as a file it begins with the byte order mark', () => {
    expect([...csvFile(['甲'], []).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });
});
