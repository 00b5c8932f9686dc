import type { Outcome } from '../../fleet/outcome.ts';
import type { RollbackReadiness } from '../../release/readiness.ts';
import { duration } from '../../text/duration.ts';
import type { Formatter } from '../../text/formatter.ts';
import { markdownFormat } from '../../text/formatter.ts';
import { asked, sentence, short } from '../../text/phrases.ts';
import type { Addresses, ServerNaming } from '../../text/server-names.ts';
import { nameServers } from '../../text/server-names.ts';
import { failureList } from '../failure-list.ts';
import { findings } from '../findings.ts';
import { factTable, room, section, table, within } from '../section.ts';
import { serverTable } from '../server-table.ts';
import { opening } from '../verdict.ts';
import { deployVerdict } from './verdict.ts';

/** What a person reads about a run, as GitHub Markdown of at most 1 MiB. */
export function renderSummary(outcome: Outcome, servers: ServerNaming, addresses?: Addresses): string {
  const format = markdownFormat(
    nameServers(
      servers,
      outcome.hosts.map((host) => host.server),
      addresses,
    ),
  );
  const verdict = deployVerdict(outcome, format);
  return [
    ...opening(verdict),
    ...facts(outcome, format),
    ...section('Servers', serverTable(outcome.hosts, format), room.servers),
    ...section('What went wrong', failureList(findings(outcome), format), room.failures),
    ...section(
      'Migrations that ran and stay',
      outcome.migrations.map((name) => `- ${format.outside(name)}`),
      room.list,
    ),
    ...section(
      'Warnings',
      outcome.warnings.map((text) => `- ${format.outside(text)}`),
      room.list,
    ),
    '',
    rollbackSentence(outcome.rollback, format),
    ...timeline(outcome, format),
    '',
  ].join('\n');
}

/** Whether a rollback would be possible, and why. */
export function rollbackSentence(readiness: RollbackReadiness, format: Formatter): string {
  return `**Rollback possible: ${readiness.possible}**, because ${sentence(format.outside(readiness.because))}`;
}

/** The labels of the run's release and of the one before it, by result. */
const labels: Readonly<Record<Outcome['result'], { readonly release: string; readonly previous: string }>> = {
  deployed: { release: 'Release', previous: 'Previous release' },
  unchanged: { release: 'Release', previous: 'Previous release' },
  reverted: { release: 'Reverted release', previous: 'Live again' },
  failed: { release: 'Release that was tried', previous: 'Live before the run' },
};

function facts(outcome: Outcome, format: Formatter): string[] {
  const { release, previous } = labels[outcome.result];
  return factTable([
    [release, outcome.release && format.id(outcome.release)],
    [previous, outcome.previous === outcome.release ? undefined : outcome.previous && format.id(outcome.previous)],
    ['Revision', `${commit(outcome, format)}${asked(outcome.refName, outcome.revision, format)}`],
    ['By', format.outside(outcome.actor)],
    ['Run', runPattern.test(outcome.runUrl) ? `[this run](${outcome.runUrl})` : format.outside(outcome.runUrl)],
    ['Took', duration(outcome.milliseconds)],
  ]);
}

/** `https://github.com/owner/name/actions/runs/1`; only addresses of this form become links. */
const runPattern = /^(https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+)\/actions\/runs\/\d+(?:\/attempts\/\d+)?$/;

function commit(outcome: Outcome, format: Formatter): string {
  const repository = runPattern.exec(outcome.runUrl)?.[1];
  const label = format.id(short(outcome.revision));
  return repository === undefined || !/^[0-9a-f]{40,64}$/.test(outcome.revision)
    ? label
    : `[${label}](${repository}/commit/${outcome.revision})`;
}

function timeline(outcome: Outcome, format: Formatter): string[] {
  if (outcome.phases.length === 0) return [];
  const rows = outcome.phases.map((phase) => [format.outside(phase.name), duration(phase.milliseconds)]);
  return [
    '',
    '<details><summary>Timeline</summary>',
    '',
    ...within(table(['Phase', 'Took'], rows), room.list),
    '',
    '</details>',
  ];
}
