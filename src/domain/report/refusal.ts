import type { Failure } from '../failure.ts';
import { failureList } from './failure-list.ts';
import { findingsOf } from './findings.ts';
import type { ServerNaming } from './naming.ts';
import { nameServers } from './naming.ts';
import { sentence } from './phrases.ts';
import { section } from './section.ts';
import { opening, room } from './summary.ts';
import { markdownVoice } from './voice.ts';

/** What a person reads about a run that has nothing to tell of servers, as GitHub Markdown. `title`: what it came to. */
export function renderRefusal(title: string, failure: Failure, servers: ServerNaming): string {
  const found = findingsOf([failure]);
  const voice = markdownVoice(nameServers(servers, [...new Set(found.flatMap((finding) => finding.servers))]));
  const cure = found[0] === undefined || found[0].failure.hint === '' ? undefined : sentence(voice.hint(found[0].failure));
  const verdict = { symbol: '❌', title, sentences: [sentence(voice.outside(failure.message))], cure } as const;
  return [...opening(verdict), ...section('What went wrong', failureList(found, voice), room.failures), ''].join('\n');
}
