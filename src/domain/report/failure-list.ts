import type { Failure } from '../failure.ts';
import type { Formatter } from '../text/formatter.ts';
import { listServers } from '../text/phrases.ts';
import type { Finding } from './findings.ts';
import { gather, isAdvised } from './findings.ts';

/** Failures as a Markdown list: code, servers, sentence, what to do, and what each consists of. */
export function failureList(found: readonly Finding[], format: Formatter): string[] {
  return items(found, format, '');
}

/** The remedy is not repeated for equal failures below a failure, or next to each other. */
function items(found: readonly Finding[], format: Formatter, indent: string, parent?: Failure): string[] {
  return found.flatMap((finding, index) => {
    const { failure, servers } = finding;
    const where = servers.length === 0 ? '' : ` on ${listServers(servers, format, 50)}`;
    const nested = gather(failure.problems.map((problem) => ({ failure: problem, server: problem.server })));
    return [
      `${indent}- **${format.id(failure.code)}**${where}: ${format.outside(failure.message)}`,
      ...(parent?.hint === failure.hint || !isAdvised(finding, index, found)
        ? []
        : [`${indent}  <br>What to do: ${format.hint(failure)}`]),
      ...items(nested, format, `${indent}  `, failure),
    ];
  });
}
