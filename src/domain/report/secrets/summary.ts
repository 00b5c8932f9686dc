import { type Provenance, provenanceCells } from '../../secrets/provenance.ts';
import { markdown, plain } from '../../text/escape.ts';
import { count, sentence } from '../../text/phrases.ts';
import { room, section, table } from '../section.ts';
import { opening } from '../verdict.ts';

/** What a fetch came to, as far as it may be shown. */
export interface FetchReport {
  readonly verb: 'fetched' | 'found';
  readonly rows: readonly Provenance[];
  readonly warnings: readonly string[];
}

const head = ['secret', 'store', 'version', 'age'] as const;

/** The last lines of the log: one a secret, in columns. Warnings are annotations. */
export function fetchLines({ verb, rows }: FetchReport): readonly string[] {
  const cells = [head, ...rows.map(provenanceCells)].map((row) => row.map((cell) => plain(cell, 100)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...(rows.length === 0 ? [] : lines.map((line) => `  ${line}`)), `✅ ${count(rows.length, 'secret')} ${verb}`];
}

/** The summary, as GitHub Markdown: one row a secret, never a value. */
export function renderFetch({ verb, rows, warnings }: FetchReport): string {
  const verdict = {
    symbol: '✅',
    title: `${count(rows.length, 'secret')} ${verb}`,
    sentences: [],
    remedy: undefined,
  } as const;
  const cells = rows.map((row) => provenanceCells(row).map((cell) => markdown(cell)));
  return [
    ...opening(verdict),
    ...section('Secrets', cells.length === 0 ? [] : table(head, cells), room.servers),
    ...section(
      'Warnings',
      warnings.map((text) => `- ${sentence(markdown(text))}`),
      room.list,
    ),
    '',
  ].join('\n');
}
