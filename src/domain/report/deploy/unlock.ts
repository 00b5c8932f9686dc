import type { Failure } from '../../failure.ts';
import type { Unlocked } from '../../fleet/outcome.ts';
import { type Formatter, logFormat, markdownFormat } from '../../text/formatter.ts';
import type { Addresses, ServerNaming } from '../../text/server-names.ts';
import { nameServers } from '../../text/server-names.ts';
import { failureList } from '../failure-list.ts';
import { findingsOf } from '../findings.ts';
import { factTable, room, section, table } from '../section.ts';

/** Who broke the locks of which stage, and why. From outside. */
export interface UnlockedBy {
  readonly actor: string;
  readonly reason: string;
  readonly stage: string;
}

/** The lines of the log for locks that were broken by hand. */
export function unlockLines(unlocked: readonly Unlocked[], by: UnlockedBy): string[] {
  const broken = unlocked.map((one) => `  ${logFormat.server(one.server)}: ${whatHappened(one, logFormat)}`);
  return [
    `${logFormat.outside(by.actor)} unlocks ${logFormat.outside(by.stage)}: ${logFormat.outside(by.reason)}`,
    ...broken,
    ...onward(unlocked),
  ];
}

/** The run whose lock was broken may have been in the middle of a deploy. */
function onward(unlocked: readonly Unlocked[]): string[] {
  return unlocked.some(({ was }) => was === 'broken')
    ? ['The next deploy first reconciles what the run that held a lock left unfinished. `mode: plan` shows it.']
    : [];
}

/** The same as GitHub Markdown, with the servers whose lock was not broken. */
export function renderUnlock(
  { unlocked, failures }: { readonly unlocked: readonly Unlocked[]; readonly failures: readonly Failure[] },
  by: UnlockedBy,
  servers: ServerNaming,
  addresses?: Addresses,
): string {
  const found = findingsOf(failures);
  const names = [...unlocked.map((one) => one.server), ...found.flatMap((finding) => finding.servers)];
  const format = markdownFormat(nameServers(servers, [...new Set(names)], addresses));
  const title =
    failures.length === 0
      ? `\u{1f513} Unlocked ${format.outside(by.stage)} by hand`
      : `❌ Not every server of ${format.outside(by.stage)} was unlocked`;
  return [
    `## ${title}`,
    '',
    ...factTable([
      ['By', format.outside(by.actor)],
      ['Reason', format.outside(by.reason)],
    ]),
    '',
    ...table(
      ['Server', 'Lock'],
      unlocked.map((one) => [format.server(one.server), whatHappened(one, format)]),
    ),
    ...onward(unlocked).flatMap((text) => ['', text]),
    ...section('What went wrong', failureList(found, format), room.failures),
    '',
  ].join('\n');
}

function whatHappened({ was, holder }: Unlocked, format: Formatter): string {
  switch (was) {
    case 'free':
      return 'was not locked';
    case 'broken':
      return `broken; it was held by ${format.outside(holder)}`;
    case 'changed meanwhile':
      return `left alone: it changed while it was looked at; it was held by ${format.outside(holder)}`;
  }
}
