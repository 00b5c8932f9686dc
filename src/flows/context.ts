import type { Settings } from '../domain/config/settings.ts';
import type { Failure } from '../domain/failure.ts';
import type { HealthLine } from '../domain/fleet/outcome.ts';
import type { Resumed } from '../domain/release/resume.ts';
import type { Step } from '../domain/remote/program.ts';
import type { Current, TreeFacts } from '../domain/tree/facts.ts';
import type { LockOwner } from '../domain/tree/lock.ts';
import type { Artifacts } from '../ports/artifact.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Http } from '../ports/http.ts';
import type { LocalCommand } from '../ports/local-command.ts';
import type { Journal } from '../ports/run-log.ts';
import type { Job } from '../ports/runner.ts';
import type { Runs } from '../ports/runs.ts';
import type { Transports } from '../ports/transport.ts';
import type { Member } from './fleet/members.ts';

/** The doors that a deploy goes through. */
export interface Doors {
  readonly transports: Transports;
  readonly artifacts: Artifacts;
  readonly command: LocalCommand;
  readonly http: Http;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
}

/** What one run was asked to do. */
export interface Order {
  readonly settings: Settings;
  readonly job: Job;
  /** The id of the job's check run, where an identity token told it. */
  readonly checkRun: string | undefined;
  /** The revision as it was asked for, and how people call it. */
  readonly revision: string;
  readonly refName: string;
  readonly deploying: 'with care' | 'forced';
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  /** Keeps for the post step how far the run has come. */
  readonly save: (progress: Progress) => void;
}

/** What the post step needs to finish what a dead main began. Nothing secret. */
export interface Progress {
  /** `locking`: locks may be ours. `preparing`: nothing was switched. `switching`: servers may be switched. `proven`: all are, and well. `finished`: nothing is left to do. */
  readonly at: 'locking' | 'preparing' | 'switching' | 'proven' | 'finished';
  readonly token: string;
  readonly release?: string;
  readonly revision?: string;
  /** By server name: the release to go back to; `null`: none was live. */
  readonly previous?: Readonly<Record<string, string | null>>;
}

/** A run that holds the lock of every server: what was seen under it, and what has happened since. */
export interface Run {
  readonly order: Order;
  readonly doors: Doors;
  readonly owner: LockOwner;
  /** Every server that takes part; those with a tree are fenced. */
  readonly members: readonly Member[];
  /** Servers that were left out because they cannot be reached. */
  readonly absent: readonly string[];
  readonly facts: ReadonlyMap<string, TreeFacts>;
  readonly release: string;
  /** There when the run goes on with a release that an earlier attempt left unfinished. */
  readonly resumed?: Resumed | undefined;
  readonly revision: string;
  /** Committer date, seconds since 1970. */
  readonly committed: number;
  /** By server: the release that was live when the run began; the way back goes there. */
  readonly previous: ReadonlyMap<string, string | undefined>;
  readonly seen: Seen;
}

/** What a run finds out while it goes on; the outcome is made from it. */
export interface Seen {
  /** What `current` said when it was last read back, by server. Not there: not known. */
  readonly truth: Map<string, Current>;
  readonly health: Map<string, HealthLine[]>;
  /** Servers on which the switch of the link was begun. */
  readonly switched: Set<string>;
  /** Servers that an earlier run had left out of step, and that this one put right first. */
  readonly putRight: Set<string>;
  /** Servers that could not be put back. */
  readonly inDoubt: Set<string>;
  /** Paths that differ from the live release, by server; not there: unknown. */
  readonly changed: Map<string, readonly string[]>;
  /** Steps that were sent to a server, and what to do when one of them begins. That it was sent does not say that it did. */
  readonly awaited: Map<Step, { readonly server: string; readonly began: () => void }>;
  /** Names of hooks with `when.changed` that began, whatever became of them. */
  readonly migrations: Set<string>;
  readonly failures: Failure[];
}
