import { type Failure, leafFailures } from '../failure.ts';
import type { HostOutcome, Outcome } from '../fleet/outcome.ts';

/** One thing that went wrong, and every server on which it did. */
export interface Finding {
  readonly failure: Failure;
  readonly servers: readonly string[];
}

/**
 * All that went wrong, each kind once, without collective failures: what stopped the run first, then what happened on
 * single servers.
 */
export function findings(outcome: Outcome): Finding[] {
  const onHosts = outcome.hosts.flatMap((host) => host.failures.map((failure) => ({ failure, server: host.server })));
  const nested = new Set(outcome.failures.flatMap((failure) => failure.problems).flatMap(family));
  const causes = outcome.failures.flatMap(leafFailures);
  const found = [
    ...causes.map((failure) => ({ failure, server: failure.server })),
    ...onHosts.filter(({ failure }) => !nested.has(failure)),
  ];
  return gather(found);
}

/** The leaves of failures, each kind once. */
export function findingsOf(failures: readonly Failure[]): Finding[] {
  return gather(failures.flatMap(leafFailures).map((one) => ({ failure: one, server: one.server })));
}

/** The same failures on several servers as one. */
export function gather(
  found: readonly { readonly failure: Failure; readonly server: string | undefined }[],
): Finding[] {
  const groups = new Map<string, { failure: Failure; servers: Set<string> }>();
  for (const { failure, server } of found) {
    const key = JSON.stringify([failure.code, failure.message, failure.hint]);
    const group = groups.get(key) ?? { failure, servers: new Set<string>() };
    if (server !== undefined) group.servers.add(server);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ failure, servers }) => ({ failure, servers: [...servers] }));
}

/** Whether the remedy is shown: of consecutive findings with the same remedy, only below the last one. */
export function isAdvised({ failure }: Finding, index: number, list: readonly Finding[]): boolean {
  const next = list[index + 1]?.failure;
  return failure.hint !== '' && !(next?.code === failure.code && next.hint === failure.hint);
}

/** Whether a server needs attention: something went wrong there, or its state is not known. */
export function isTroubled(host: HostOutcome): boolean {
  switch (host.state) {
    case 'in doubt':
    case 'live':
      return true;
    case 'absent':
      return false;
    case 'healthy':
    case 'unchanged':
    case 'reverted':
    case 'untouched':
      return host.failures.length > 0;
  }
}

function family(failure: Failure): Failure[] {
  return [failure, ...failure.problems.flatMap(family)];
}
