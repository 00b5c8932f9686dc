import type { HealthLine, HostOutcome, HostState } from '../fleet/outcome.ts';
import type { Formatter } from '../text/formatter.ts';
import { isTroubled } from './findings.ts';
import { table } from './section.ts';

/** The most names that are shown in a row of equal servers without trouble. */
const shown = 12;

/**
 * The servers as a table: those with trouble first, equal ones in one row. Of failures it has only the codes: the list
 * below has the rest.
 */
export function serverTable(hosts: readonly HostOutcome[], format: Formatter): string[] {
  if (hosts.length === 0) return [];
  const codes = hosts.some(({ failures }) => failures.length > 0);
  const ordered = [...hosts.filter(isTroubled), ...hosts.filter((host) => !isTroubled(host))];
  const rows = mergeRows(
    ordered.map((host) => ({
      server: host.server,
      cells: [
        roles(host.roles, format),
        stateWords(host),
        live(host, format),
        health(host.health, format),
        ...(codes ? [wrong(host, format)] : []),
      ],
      names: isTroubled(host) ? 'all' : 'some',
    })),
    format,
  );
  return table(['Server', 'Roles', 'State', 'Live', 'Health', ...(codes ? ['What went wrong'] : [])], rows);
}

export interface ServerRow {
  readonly server: string;
  readonly cells: readonly string[];
  /** Whether a row of many servers shows all of their names. */
  readonly names: 'all' | 'some';
}

/** Rows whose cells are equal become one row that begins with their servers. */
export function mergeRows(rows: readonly ServerRow[], format: Formatter): string[][] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.names, ...row.cells]));
  return [...groups.values()].map((equal) => [names(equal, format), ...(equal[0]?.cells ?? [])]);
}

export function roles(words: readonly string[], format: Formatter): string {
  return words
    .slice(0, 20)
    .map((role) => format.outside(role))
    .join(', ');
}

function names(rows: readonly ServerRow[], format: Formatter): string {
  const most = rows[0]?.names === 'all' ? rows.length : shown;
  const more = rows.length - most;
  const text = rows
    .slice(0, most)
    .map((row) => format.server(row.server))
    .join(', ');
  return more > 0 ? `${text} and ${more} more` : text;
}

function stateWords(host: HostOutcome): string {
  const words: Readonly<Record<HostState, string>> = {
    healthy: host.health.length === 0 ? '✅ live, not probed' : '✅ healthy',
    live: '⚠️ live, health unknown',
    unchanged: '✅ unchanged',
    reverted: '↩️ reverted',
    untouched: 'untouched',
    'in doubt': '❌ in doubt',
    absent: '⚠️ left out',
  };
  return words[host.state];
}

function live(host: HostOutcome, format: Formatter): string {
  if (host.live !== undefined) return format.id(host.live);
  return host.liveness === 'known' ? 'nothing' : 'not known';
}

function health(lines: readonly HealthLine[], format: Formatter): string {
  const well = lines.filter((line) => line.verdict === 'healthy');
  const others = lines
    .filter((line) => line.verdict !== 'healthy')
    .map((line) => {
      const informs = line.required === 'informs' ? ', informs only' : '';
      return `${line.verdict}: ${format.outside(line.probe)} (${format.outside(line.detail.slice(0, 300))}${informs})`;
    });
  const healthy = well.length === 0 ? [] : [`healthy: ${well.map((line) => format.outside(line.probe)).join(', ')}`];
  return [...others, ...healthy].slice(0, 20).join('<br>') || '–';
}

function wrong(host: HostOutcome, format: Formatter): string {
  return [...new Set(host.failures.map(({ code }) => format.id(code)))].join('<br>');
}
