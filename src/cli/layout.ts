import Table from 'cli-table3';

/** How a report is laid out: for a terminal or as Markdown. */
export interface Layout {
  heading(text: string): string;
  list(items: readonly string[]): string;
  /** Cells may hold several lines. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): string;
}

/** Tables drawn with lines; between rows only where a row has several lines. */
export const terminalLayout: Layout = {
  heading: (text) => `\n■ ${text}`,
  list: (items) => items.map((item) => `  · ${item}`).join('\n'),
  table(head, rows) {
    const compact = rows.every((row) => row.every((text) => !text.includes('\n')));
    const table = new Table({ head: [...head], style: { head: [], border: [], compact } });
    for (const row of rows) table.push([...row]);
    return table.toString();
  },
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/** GitHub-flavoured Markdown. */
export const markdownLayout: Layout = {
  heading: (text) => `\n## ${text}\n`,
  list: (items) => items.map((item) => `- ${item}`).join('\n'),
  table: (head, rows) =>
    [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n'),
};
