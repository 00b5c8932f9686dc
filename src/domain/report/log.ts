import type { Failure } from '../failure.ts';
import { duration } from '../text/duration.ts';
import { plain } from '../text/escape.ts';
import { logFormat } from '../text/formatter.ts';
import { listServers, sentence } from '../text/phrases.ts';
import type { Finding } from './findings.ts';
import { gather, isAdvised } from './findings.ts';

/** The state of a step on a server. `noted`: it failed, and the run continues. */
export type StepState = 'begun' | 'done' | 'failed' | 'noted' | 'skipped';

/** Names of servers, padded to one width. */
export function serverColumn(servers: readonly string[]): (server: string) => string {
  const width = Math.min(40, Math.max(0, ...servers.map((server) => logFormat.server(server).length)));
  return (server) => logFormat.server(server).padEnd(width);
}

/** `web1  done    link shared (12 ms)`. `server` comes from `serverColumn`; milliseconds where they are known. */
export function stepLine(server: string, step: string, state: StepState, milliseconds?: number): string {
  const took = milliseconds === undefined ? '' : ` (${duration(milliseconds)})`;
  return `${server}  ${state.padEnd(7)} ${logFormat.outside(step)}${took}`;
}

/** A step that has not ended yet, and for how long it has been under way. */
export interface Waiting {
  readonly server: string;
  readonly step: string;
  readonly milliseconds: number;
}

/** `still running on web2, web3: bundle (2m10s)`, one line a step, with the time of the slowest server. */
export function heartbeatLines(waiting: readonly Waiting[]): string[] {
  return [...Map.groupBy(waiting, (one) => one.step)].map(([step, ones]) => {
    const longest = Math.max(...ones.map((one) => one.milliseconds));
    const names = ones
      .slice(0, 10)
      .map((one) => logFormat.server(one.server))
      .join(', ');
    const more = ones.length > 10 ? ` and ${ones.length - 10} more` : '';
    return `still running on ${names}${more}: ${logFormat.outside(step)} (${duration(longest)})`;
  });
}

/** One annotation for each cause, the first ten: GitHub shows no more of one step. */
export function annotations(found: readonly Finding[]): { readonly title: string; readonly text: string }[] {
  return found.slice(0, 10).map(({ failure, servers }) => ({
    title: servers.length === 0 ? failure.code : `${failure.code} on ${listServers(servers, logFormat)}`,
    text: `${sentence(logFormat.outside(failure.message))} ${logFormat.hint(failure)}`.trim(),
  }));
}

/** A failure with its code, sentence and remedy, and its problems below it. */
export function failureBlock(failure: Failure): string[] {
  return findingLines([{ failure, servers: failure.server === undefined ? [] : [failure.server] }], '');
}

/** What a step printed on one server, for a folded group of the log. */
export function outputGroup(
  server: string,
  step: string,
  lines: readonly string[],
): { readonly title: string; readonly lines: readonly string[] } {
  const name = logFormat.server(server);
  return {
    title: `${name}: what ${logFormat.outside(step)} printed`,
    lines: lines.map((line) => `${name} | ${plain(line)}`),
  };
}

/** The remedy is not repeated for equal failures below a failure, or next to each other. */
export function findingLines(found: readonly Finding[], indent: string, parent?: Failure): string[] {
  return found.flatMap((finding, index) => {
    const { failure, servers } = finding;
    const where = servers.length === 0 ? '' : ` on ${listServers(servers, logFormat, 50)}`;
    const nested = gather(failure.problems.map((problem) => ({ failure: problem, server: problem.server })));
    return [
      `${indent}${failure.code}${where}: ${logFormat.outside(failure.message)}`,
      ...findingLines(nested, `${indent}  `, failure),
      ...(parent?.hint === failure.hint || !isAdvised(finding, index, found)
        ? []
        : [`${indent}  what to do: ${logFormat.hint(failure)}`]),
      ...failure.advice.map((line) => `${indent}  ${logFormat.outside(line)}`.trimEnd()),
    ];
  });
}
