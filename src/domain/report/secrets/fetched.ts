import { type Provenance, provenanceCells } from '../../secrets/provenance.ts';
import { logFormat, markdownFormat } from '../../text/formatter.ts';
import { count, joinWords } from '../../text/phrases.ts';
import { room, section, table, within } from '../section.ts';
import { opening } from '../verdict.ts';

/** What came of a fetch: never a value. */
export interface FetchReport {
  readonly secrets: readonly Provenance[];
  /** Sentences that hold names. */
  readonly warnings: readonly string[];
  /** Where the values went, as parts of a sentence: `the environment of later steps`. */
  readonly given: readonly string[];
}

const head = ['Secret', 'Store', 'Version', 'Age'] as const;

/** The same as lines of the log. */
export function fetchLines({ secrets, warnings, given }: FetchReport): readonly string[] {
  const rows = secrets.map((row) => provenanceCells(row).map(logFormat.outside));
  const widths = head.map((_, column) => Math.min(60, Math.max(0, ...rows.map((row) => row[column]?.length ?? 0))));
  return [
    `fetched ${headline(secrets)}`,
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
    ...warnings.map((text) => `  warning: ${logFormat.outside(text)}`),
    ...given.map((place) => `given to ${logFormat.outside(place)}`),
  ];
}

/** As GitHub Markdown: one row a secret. */
export function renderFetch({ secrets, warnings, given }: FetchReport): string {
  const { outside } = markdownFormat({ server: (name) => name, redact: (text) => text });
  const went = given.length === 0 ? [] : [`Given to ${outside(joinWords(given))}.`];
  const title = warnings.length === 0 ? 'Secrets fetched' : 'Secrets fetched, with warnings';
  const sentences = [`${headline(secrets)}.`, ...went];
  return [
    ...opening({ symbol: '✅', title, sentences, remedy: undefined }),
    ...within(
      table(
        head,
        secrets.map((row) => provenanceCells(row).map((cell) => outside(cell))),
      ),
      room.list,
    ),
    ...section(
      'Warnings',
      warnings.map((text) => `- ${outside(text)}`),
      room.failures,
    ),
    '',
  ].join('\n');
}

function headline(secrets: readonly Provenance[]): string {
  const stores = new Set(secrets.map(({ store }) => store));
  return `${count(secrets.length, 'secret')} from ${count(stores.size, 'store')}`;
}
