import type { PlanView } from '../../fleet/outcome.ts';
import type { Formatter } from '../../text/formatter.ts';
import { markdownFormat } from '../../text/formatter.ts';
import { asked, short } from '../../text/phrases.ts';
import type { Addresses, ServerNaming } from '../../text/server-names.ts';
import { nameServers } from '../../text/server-names.ts';
import { failureList } from '../failure-list.ts';
import { gather } from '../findings.ts';
import { factTable, room, section, table } from '../section.ts';
import type { ServerRow } from '../server-table.ts';
import { mergeRows, roles } from '../server-table.ts';
import { opening } from '../verdict.ts';
import { planVerdict } from './plan-headline.ts';
import { rollbackSentence } from './summary.ts';

/** What a run would do, or what a check found, as GitHub Markdown of at most 1 MiB. */
export function renderPlan(view: PlanView, servers: ServerNaming, addresses?: Addresses): string {
  const format = markdownFormat(
    nameServers(
      servers,
      view.hosts.map((host) => host.server),
      addresses,
    ),
  );
  const verdict = planVerdict(view, format);
  const problems = gather(view.problems.map((failure) => ({ failure, server: failure.server })));
  return [
    ...opening(verdict),
    ...factTable([['Revision', `${format.id(short(view.revision))}${asked(view.refName, view.revision, format)}`]]),
    ...section('Problems', failureList(problems, format), room.failures),
    ...section('Servers', hostTable(view, format), room.servers),
    ...section(
      'Steps',
      view.steps.map((step, index) => `${index + 1}. ${format.outside(step)}`),
      room.list,
    ),
    ...section(
      'Warnings',
      view.warnings.map((text) => `- ${format.outside(text)}`),
      room.list,
    ),
    '',
    rollbackSentence(view.rollback, format),
    '',
  ].join('\n');
}

function hostTable(view: PlanView, format: Formatter): string[] {
  if (view.hosts.length === 0) return [];
  const rows = view.hosts.map(
    (host): ServerRow => ({
      server: host.server,
      cells: [
        roles(host.roles, format),
        host.batch === undefined ? '–' : String(host.batch),
        runsNow(host, format),
        host.lockedBy === undefined ? 'free' : format.outside(host.lockedBy),
        host.notes
          .slice(0, 20)
          .map((note) => format.outside(note.slice(0, 500)))
          .join('<br>'),
      ],
      names: 'some',
    }),
  );
  return table(['Server', 'Roles', 'Batch', 'Runs now', 'Lock', 'Notes'], mergeRows(rows, format));
}

function runsNow(host: PlanView['hosts'][number], format: Formatter): string {
  if (host.from === undefined) return 'nothing, or not known';
  return host.fromRevision === undefined
    ? format.id(host.from)
    : `${format.id(host.from)} (${format.id(short(host.fromRevision))})`;
}
