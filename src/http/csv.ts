/** What stands in one cell; null is empty. */
export type CsvCell = string | number | null;

/** By this mark Excel knows UTF-8. */
const BOM = '\uFEFF';

/**
 * What a spreadsheet would run as a formula, also in full-width form and behind blanks (OWASP, CSV Injection). A tab or a
 * line break at the beginning is taken away by some of them, so it counts too.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as CSV text (RFC 4180): commas, CRLF after every line, quotes doubled. No cell can begin a formula. */
export function csvText(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** A CSV file in UTF-8 with a byte order mark, for Excel. */
export function csvFile(header: readonly string[], rows: readonly (readonly CsvCell[])[]): Uint8Array {
  return new TextEncoder().encode(BOM + csvText(header, rows));
}

/** The headers of a CSV file that browsers save under a name. */
export function csvHeaders(name: string): Readonly<Record<string, string>> {
  return { 'Content-Disposition': `attachment; filename="${name}.csv"` };
}
