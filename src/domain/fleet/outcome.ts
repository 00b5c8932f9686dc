import type { Failure } from '../failure.ts';
import type { RollbackReadiness } from '../release/readiness.ts';

/** How a deploy ended, derived from what was read back from the servers. */
export type Result = 'deployed' | 'unchanged' | 'reverted' | 'failed';

/**
 * The state of one server at the end of a run.
 * `healthy`: the new release is live and healthy. `live`: it is live, but its health is unknown, or the run ended
 * before it was known.
 * `unchanged`: it ran the release already. `reverted`: it was switched, and switched back. `untouched`: it was never
 * switched.
 * `in doubt`: it could not be read back. `absent`: it was left out because it could not be reached.
 */
export type HostState = 'healthy' | 'live' | 'unchanged' | 'reverted' | 'untouched' | 'in doubt' | 'absent';

export interface HostOutcome {
  readonly server: string;
  readonly roles: readonly string[];
  readonly state: HostState;
  /** The release that `current` points at, read back at the end; `undefined`: none, or not known. */
  readonly live: string | undefined;
  /** `known`: `current` was read, and is a release or is not there. */
  readonly liveness: 'known' | 'not known';
  readonly revision: string | undefined;
  /** What went wrong on this server, first thing first. */
  readonly failures: readonly Failure[];
  /** The verdict of each probe that was asked here. */
  readonly health: readonly HealthLine[];
}

export interface HealthLine {
  readonly probe: string;
  readonly verdict: 'healthy' | 'unhealthy' | 'unknown';
  readonly required: 'required' | 'informs';
  /** The last answer of the service. From outside. */
  readonly detail: string;
}

export interface Phase {
  readonly name: string;
  readonly milliseconds: number;
}

/** All that the summary, the outputs and the last lines of the log are made of. */
export interface Outcome {
  readonly result: Result;
  readonly application: string;
  readonly stage: string;
  readonly release: string | undefined;
  readonly previous: string | undefined;
  readonly revision: string;
  /** The branch, tag or words that the revision was asked for with. From outside. */
  readonly refName: string;
  readonly actor: string;
  readonly runUrl: string;
  readonly hosts: readonly HostOutcome[];
  /** What stopped the run, once per cause; empty when nothing did. */
  readonly failures: readonly Failure[];
  /** Things that a person should know although the run did not fail for them. May hold text from outside. */
  readonly warnings: readonly string[];
  /** Servers that an earlier run had left out of sync, and that were reconciled before anything else. */
  readonly reconciled: readonly string[];
  /** Hooks with `when.changed` that ran: they are not undone when a run is reverted. */
  readonly migrations: readonly string[];
  /** Whether a rollback would find a release to go back to now, and why (not). */
  readonly rollback: RollbackReadiness;
  readonly phases: readonly Phase[];
  readonly milliseconds: number;
}

/** What was found and done about the lock of one server. Text of the holder is from the server. */
export interface Unlocked {
  readonly server: string;
  readonly was: 'free' | 'broken' | 'changed meanwhile';
  readonly holder: string;
}

/** What would be done (`mode: plan`), or what was found (`mode: check`). */
export interface PlanView {
  readonly kind: 'plan' | 'check';
  readonly application: string;
  readonly stage: string;
  readonly revision: string;
  readonly refName: string;
  readonly hosts: readonly {
    readonly server: string;
    readonly roles: readonly string[];
    readonly batch: number | undefined;
    readonly from: string | undefined;
    readonly fromRevision: string | undefined;
    readonly lockedBy: string | undefined;
    readonly notes: readonly string[];
  }[];
  readonly steps: readonly string[];
  /** Why a deploy would change nothing; `undefined`: it would, or it is not known. */
  readonly unchanged: string | undefined;
  readonly problems: readonly Failure[];
  readonly warnings: readonly string[];
  readonly rollback: RollbackReadiness;
}
