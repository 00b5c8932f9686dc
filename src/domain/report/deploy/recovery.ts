import type { Failure } from '../../failure.ts';
import type { HostOutcome } from '../../fleet/outcome.ts';
import { markdownFormat } from '../../text/formatter.ts';
import type { Addresses, ServerNaming } from '../../text/server-names.ts';
import { nameServers } from '../../text/server-names.ts';
import { failureList } from '../failure-list.ts';
import { findingsOf } from '../findings.ts';
import { room, section } from '../section.ts';
import { serverTable } from '../server-table.ts';

/** What the post step did about a run that was ended, the state of the servers after it, and what went wrong. */
export interface Recovered {
  readonly did:
    | 'nothing to do'
    | 'released the locks'
    | 'removed the unfinished release'
    | 'reverted the servers'
    | 'finished the deploy';
  readonly hosts: readonly HostOutcome[];
  readonly failures: readonly Failure[];
}

/** The same as GitHub Markdown: the main step was killed, so that its own summary was never written. */
export function renderRecovery(
  { did, hosts, failures }: Recovered,
  servers: ServerNaming,
  addresses: Addresses,
): string {
  const found = findingsOf(failures);
  const names = [...hosts.map(({ server }) => server), ...found.flatMap((finding) => finding.servers)];
  const format = markdownFormat(nameServers(servers, [...new Set(names)], addresses));
  return [
    `## ${titleOf(did, failures)}`,
    ...section('Servers', serverTable(hosts, format), room.servers),
    ...section('What went wrong', failureList(found, format), room.failures),
    '',
  ].join('\n');
}

function titleOf(did: Recovered['did'], failures: readonly Failure[]): string {
  if (failures.length > 0) return '❌ The run was ended, and its post step could not clean up everything';
  return `${did === 'finished the deploy' ? '✅' : '↩️'} The run was ended; its post step ${did === 'nothing to do' ? 'had nothing to do' : did}`;
}
