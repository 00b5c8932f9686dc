import type { Failure } from '../failure.ts';
import type { Server } from '../server.ts';
import type { Current } from '../tree/facts.ts';
import { liveRelease } from '../tree/facts.ts';
import type { HealthLine, HostOutcome, HostState, Result } from './outcome.ts';

/** What a run knows at its end. The verdict is made from what was read back, never from exit codes alone. */
export interface Evidence {
  readonly servers: readonly Server[];
  readonly absent: readonly string[];
  readonly release: string | undefined;
  /** The run verified that the release is live and healthy on every server. */
  readonly verified: 'verified' | 'unverified';
  readonly previous: ReadonlyMap<string, string | undefined>;
  /** What `current` was when it was last read back. Not there: not known. */
  readonly current: ReadonlyMap<string, Current>;
  readonly switched: ReadonlySet<string>;
  readonly inDoubt: ReadonlySet<string>;
  readonly health: ReadonlyMap<string, readonly HealthLine[]>;
  readonly failures: readonly Failure[];
}

/** The state of each server with a tree, and of the run. */
export function conclude(evidence: Evidence): { readonly result: Result; readonly hosts: readonly HostOutcome[] } {
  const hosts = evidence.servers
    .filter((server) => server.release === 'release')
    .map((server) => hostOutcome(server, evidence));
  return { result: resultOf(evidence, hosts), hosts };
}

function resultOf(evidence: Evidence, hosts: readonly HostOutcome[]): Result {
  const reached = hosts.filter(({ state }) => state !== 'absent');
  const clean = evidence.failures.length === 0;
  if (clean && reached.every(({ state }) => state === 'unchanged')) return 'unchanged';
  if (clean && reached.every(({ state }) => state === 'healthy')) return 'deployed';
  if (evidence.switched.size > 0 && reached.every(({ state }) => state === 'reverted' || state === 'untouched'))
    return 'reverted';
  return 'failed';
}

function hostOutcome(server: Server, evidence: Evidence): HostOutcome {
  const truth = evidence.current.get(server.name);
  const failures = allFailures(evidence.failures).filter((failure) => failure.server === server.name);
  return {
    server: server.name,
    roles: server.roles,
    state: stateOf(server.name, evidence),
    live: truth === undefined ? undefined : liveRelease(truth),
    liveness: truth?.kind === 'release' || truth?.kind === 'none' ? 'known' : 'not known',
    revision: truth?.kind === 'release' ? truth.revision : undefined,
    failures,
    health: evidence.health.get(server.name) ?? [],
  };
}

function stateOf(server: string, evidence: Evidence): HostState {
  if (evidence.absent.includes(server)) return 'absent';
  const truth = evidence.current.get(server);
  const touched = evidence.switched.has(server);
  if (evidence.inDoubt.has(server) || (truth === undefined && touched)) return 'in doubt';
  if (evidence.release === undefined) return evidence.failures.length === 0 ? 'unchanged' : 'untouched';
  if (truth?.kind === 'release' && truth.release === evidence.release)
    return evidence.verified === 'verified' ? 'healthy' : 'live';
  if (!touched) return 'untouched';
  const back = truth === undefined ? undefined : liveRelease(truth);
  return back === evidence.previous.get(server) && truth?.kind !== 'not a link' ? 'reverted' : 'in doubt';
}

/** Failures with those that they gather. */
function allFailures(failures: readonly Failure[]): Failure[] {
  return failures.flatMap((failure) => [failure, ...allFailures(failure.problems)]);
}
