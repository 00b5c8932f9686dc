import type { Sample } from './measure.ts';
import { againSeconds, type CellResult, firstSeconds, ratioOf, type Spread, spreadOf } from './statistics.ts';

/** One row of cells below a head, as GitHub renders it and as a terminal shows it: aligned. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

const head = [
  'cell',
  'peer',
  'n',
  'again s',
  'least–most',
  'Slipway ÷',
  'first s',
  'CPU s',
  'conns',
  'execs',
  'up MB',
  'down MB',
  'faults',
] as const;

/** The peers of every cell, one row each; Slipway comes first and has no ratio. */
export function renderResults(results: readonly CellResult[]): string {
  return renderTable(head, results.flatMap(rowsOf));
}

function rowsOf(result: CellResult): string[][] {
  const ours = againSeconds(result, 'Slipway');
  return result.fared.map(({ peer, again, faults }) => {
    const theirs = againSeconds(result, peer);
    const ratio = peer === 'Slipway' ? undefined : ratioOf(ours, theirs);
    const of = (value: (sample: Sample) => number): Spread | undefined => spreadOf(again.map(value));
    return [
      result.name,
      peer,
      String(again.length),
      shown(theirs, 2),
      theirs === undefined ? '' : `${theirs.least.toFixed(2)}–${theirs.most.toFixed(2)}`,
      ratio === undefined ? '' : ratio.toFixed(2),
      shown(firstSeconds(result, peer), 2),
      shown(
        of(({ cpu }) => cpu),
        2,
      ),
      shown(
        of(({ connections }) => connections),
        0,
      ),
      shown(
        of(({ execs }) => execs),
        0,
      ),
      shown(
        of(({ bytes }) => bytes.up / 1e6),
        2,
      ),
      shown(
        of(({ bytes }) => bytes.down / 1e6),
        2,
      ),
      faults.length === 0 ? '' : String(faults.length),
    ];
  });
}

function shown(spread: Spread | undefined, digits: number): string {
  return spread === undefined ? '–' : spread.median.toFixed(digits);
}
