import type { Failure } from '../../failure.ts';
import { type Reference, renderReference } from '../../secrets/reference.ts';
import { type Formatter, logFormat, markdownFormat } from '../../text/formatter.ts';
import { count } from '../../text/phrases.ts';
import { failureList } from '../failure-list.ts';
import { findingsOf } from '../findings.ts';
import { failureBlock } from '../log.ts';
import { room, section, table, within } from '../section.ts';
import { opening } from '../verdict.ts';

/** One reference that was looked for. */
export interface CheckedRow {
  /** `NAME` or `NAME_*`. */
  readonly names: string;
  readonly reference: Reference;
  readonly role: 'own' | 'fallback';
  /** How many entries are there; `undefined`: it cannot be read. */
  readonly found: number | undefined;
}

export interface CheckReport {
  readonly rows: readonly CheckedRow[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
  /** Linked files of the servers that nothing delivers. */
  readonly undelivered: readonly string[];
}

/** What no store holds yet: secrets of GitHub that are passed on, and files that somebody put on the servers by hand. */
export function outsideWords({ rows, undelivered }: CheckReport, format: Formatter): readonly string[] {
  const passed = rows.filter(({ reference, role }) => reference.store === 'env' && role === 'own');
  const names = (all: readonly string[]): string => all.map((name) => format.outside(name)).join(', ');
  return [
    ...(passed.length === 0
      ? []
      : [
          `${count(passed.length, 'secret')} still ${passed.length === 1 ? 'comes' : 'come'} from \`env://\`, outside of any store: ${names(passed.map((row) => row.names))}`,
        ]),
    ...(undelivered.length === 0
      ? []
      : [
          `${count(undelivered.length, 'linked file')} ${undelivered.length === 1 ? 'is' : 'are'} kept on the servers by hand, since nothing delivers ${undelivered.length === 1 ? 'it' : 'them'}: ${names(undelivered)}`,
        ]),
  ];
}

export function checkLines(report: CheckReport): readonly string[] {
  return [
    `checked ${count(report.rows.length, 'reference')}`,
    ...report.rows.map((row) => `  ${stateOf(row)}  ${logFormat.outside(row.names)}  ${placeOf(row, logFormat)}`),
    ...report.warnings.map((text) => `  warning: ${logFormat.outside(text)}`),
    ...outsideWords(report, logFormat),
    ...report.failures.flatMap(failureBlock),
  ];
}

export function renderCheck(report: CheckReport): string {
  const { rows, failures, warnings } = report;
  const format = markdownFormat({ server: (name) => name, redact: (text) => text });
  const bad = failures.length > 0;
  const sentences = [
    bad ? `${count(failures.length, 'thing')} would stop a run.` : `${count(rows.length, 'reference')} can be read.`,
  ];
  return [
    ...opening({
      symbol: bad ? '❌' : '🔎',
      title: bad ? 'Secrets cannot all be read' : 'Secrets can be read',
      sentences,
      remedy: undefined,
    }),
    ...within(
      table(
        ['Secret', 'Reference', ''],
        rows.map((row) => [format.outside(row.names), placeOf(row, format), stateOf(row)]),
      ),
      room.list,
    ),
    ...section('What went wrong', failureList(findingsOf(failures), format), room.failures),
    ...section(
      'Warnings',
      warnings.map((text) => `- ${format.outside(text)}`),
      room.list,
    ),
    ...section(
      'Outside of any store',
      outsideWords(report, format).map((text) => `- ${text}`),
      room.list,
    ),
    '',
  ].join('\n');
}

function stateOf({ found }: CheckedRow): string {
  if (found === undefined) return 'missing';
  return found === 1 ? 'there' : `there, ${found} entries`;
}

function placeOf({ reference, role }: CheckedRow, format: Formatter): string {
  return `${format.outside(renderReference(reference))}${role === 'fallback' ? ' (fallback)' : ''}`;
}
