import type { PlanView } from '../../fleet/outcome.ts';
import type { Voice } from '../../text/formatter.ts';
import { markdownVoice } from '../../text/formatter.ts';
import { asked, short } from '../../text/phrases.ts';
import type { Addresses, ServerNaming } from '../../text/server-names.ts';
import { nameServers } from '../../text/server-names.ts';
import { failureList } from '../failure-list.ts';
import { gather } from '../findings.ts';
import { section, table } from '../section.ts';
import type { ServerRow } from '../server-table.ts';
import { mergeRows, roles } from '../server-table.ts';
import { judgePlan } from './plan-verdict.ts';
import { factTable, opening, room, wayBack } from './summary.ts';

/** What a run would do, or what a check found, as GitHub Markdown of at most 1 MiB. */
export function renderPlan(view: PlanView, servers: ServerNaming, addresses?: Addresses): string {
  const voice = markdownVoice(
    nameServers(
      servers,
      view.hosts.map((host) => host.server),
      addresses,
    ),
  );
  const verdict = judgePlan(view, voice);
  const problems = gather(view.problems.map((failure) => ({ failure, server: failure.server })));
  return [
    ...opening(verdict),
    ...factTable([['Revision', `${voice.id(short(view.revision))}${asked(view.refName, view.revision, voice)}`]]),
    ...section('Problems', failureList(problems, voice), room.failures),
    ...section('Servers', hostTable(view, voice), room.servers),
    ...section(
      'Steps',
      view.steps.map((step, index) => `${index + 1}. ${voice.outside(step)}`),
      room.list,
    ),
    ...section(
      'Warnings',
      view.warnings.map((text) => `- ${voice.outside(text)}`),
      room.list,
    ),
    '',
    wayBack(view.wayBack, voice),
    '',
  ].join('\n');
}

function hostTable(view: PlanView, voice: Voice): string[] {
  if (view.hosts.length === 0) return [];
  const rows = view.hosts.map(
    (host): ServerRow => ({
      server: host.server,
      cells: [
        roles(host.roles, voice),
        host.batch === undefined ? '–' : String(host.batch),
        runsNow(host, voice),
        host.lockedBy === undefined ? 'free' : voice.outside(host.lockedBy),
        host.notes
          .slice(0, 20)
          .map((note) => voice.outside(note.slice(0, 500)))
          .join('<br>'),
      ],
      names: 'some',
    }),
  );
  return table(['Server', 'Roles', 'Batch', 'Runs now', 'Lock', 'Notes'], mergeRows(rows, voice));
}

function runsNow(host: PlanView['hosts'][number], voice: Voice): string {
  if (host.from === undefined) return 'nothing, or not known';
  return host.fromRevision === undefined
    ? voice.id(host.from)
    : `${voice.id(host.from)} (${voice.id(short(host.fromRevision))})`;
}
