import type { Failure } from '../failure.ts';
import { markdownFormat } from '../text/formatter.ts';
import { sentence } from '../text/phrases.ts';
import type { ServerNaming } from '../text/server-names.ts';
import { nameServers } from '../text/server-names.ts';
import { failureList } from './failure-list.ts';
import { findingsOf } from './findings.ts';
import { room, section } from './section.ts';
import { opening } from './verdict.ts';

/** The summary of a run that failed before it reached any server, as GitHub Markdown. `title`: its result. */
export function renderRefusal(title: string, failure: Failure, servers: ServerNaming): string {
  const found = findingsOf([failure]);
  const format = markdownFormat(nameServers(servers, [...new Set(found.flatMap((finding) => finding.servers))]));
  const remedy =
    found[0] === undefined || found[0].failure.hint === '' ? undefined : sentence(format.hint(found[0].failure));
  const verdict = { symbol: '❌', title, sentences: [sentence(format.outside(failure.message))], remedy } as const;
  return [...opening(verdict), ...section('What went wrong', failureList(found, format), room.failures), ''].join('\n');
}
