import type { Failure } from '../failure.ts';
import type { Finding } from './findings.ts';
import { gather } from './findings.ts';
import { listServers } from './phrases.ts';
import type { Voice } from './voice.ts';

/** Failures as a Markdown list: code, servers, sentence, what to do, and what each consists of. */
export function failureList(found: readonly Finding[], voice: Voice): string[] {
  return found.flatMap((finding) => item(finding, voice, ''));
}

/** What to do is said once for a failure and the like ones below it. */
function item(finding: Finding, voice: Voice, indent: string, parent?: Failure): string[] {
  const { failure, servers } = finding;
  const where = servers.length === 0 ? '' : ` on ${listServers(servers, voice, 50)}`;
  const nested = gather(failure.problems.map((problem) => ({ failure: problem, server: problem.server })));
  return [
    `${indent}- **${voice.id(failure.code)}**${where}: ${voice.outside(failure.message)}`,
    ...(parent?.hint === failure.hint ? [] : advice(failure, indent, voice)),
    ...nested.flatMap((problem) => item(problem, voice, `${indent}  `, failure)),
  ];
}

function advice(failure: Failure, indent: string, voice: Voice): string[] {
  return failure.hint === '' ? [] : [`${indent}  <br>What to do: ${voice.hint(failure)}`];
}
