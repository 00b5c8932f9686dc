import type { Settings } from '../domain/config/settings.ts';
import type { Failure } from '../domain/failure.ts';
import type { HealthLine } from '../domain/fleet/outcome.ts';
import type { Resumed } from '../domain/release/resume.ts';
import type { Fence } from '../domain/remote/program.ts';
import type { Server } from '../domain/server.ts';
import type { Current, TreeFacts } from '../domain/tree/facts.ts';
import type { Layout } from '../domain/tree/layout.ts';
import type { LockOwner } from '../domain/tree/lock.ts';
import type { Artifacts } from '../ports/artifact.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Http } from '../ports/http.ts';
import type { LocalCommand } from '../ports/local-command.ts';
import type { RunLog } from '../ports/run-log.ts';
import type { Job } from '../ports/runner.ts';
import type { Runs } from '../ports/runs.ts';
import type { Transport, Transports } from '../ports/transport.ts';

/** Everything outside that a flow uses. */
export interface Ports {
  readonly transports: Transports;
  readonly artifacts: Artifacts;
  readonly command: LocalCommand;
  readonly http: Http;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: RunLog;
}

/** What every flow of one stage has: it exists before any server is touched. */
export interface Context {
  readonly settings: Settings;
  readonly job: Job;
  /** The id of the job's check run, where an identity token named it. */
  readonly checkRun: string | undefined;
  readonly ports: Ports;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  /** Keeps for the post step how far the run has come. */
  readonly save: (progress: Progress) => void;
  readonly observed: Observations;
}

/**
 * A run that holds the lock of every server that takes part: what was seen under it, and the release that it is about.
 */
export interface FleetRun extends Context {
  readonly owner: LockOwner;
  /** Every server that takes part; those with a tree are fenced. */
  readonly members: readonly Member[];
  /** Servers that were left out because they cannot be reached. */
  readonly absent: readonly string[];
  readonly facts: ReadonlyMap<string, TreeFacts>;
  /** By server: the release that was live when the run began; a revert goes there. */
  readonly previous: ReadonlyMap<string, string | undefined>;
  /** The release that this run makes live. */
  readonly release: string;
  readonly revision: string;
  /** What people call the revision: a branch, a tag or the input as written. */
  readonly refName: string;
}

/** What a deploy knows beyond that. */
export interface DeployRun extends FleetRun {
  /** There when the run continues a release that an earlier attempt left unfinished. */
  readonly resumed: Resumed | undefined;
  /** Committer date, seconds since 1970. */
  readonly committed: number;
}

/** A connection that can be opened again after it was lost. */
export interface ReconnectingTransport extends Transport {
  /** @throws Failure where the server cannot be reached or refuses us */
  reopen(): Promise<void>;
}

/** A server that we are connected to. `fence` is there while its lock is ours. */
export interface Member {
  readonly server: Server;
  readonly layout: Layout;
  readonly transport: ReconnectingTransport;
  readonly fence?: Fence;
}

/** What the post step needs to finish what a main process that was killed has begun. Nothing secret. */
export interface Progress {
  /**
   * `locking`: locks may be ours. `preparing`: nothing was switched. `switching`: servers may be switched. `proven`:
   * all are, and healthy. `finished`: nothing is left to do.
   */
  readonly at: 'locking' | 'preparing' | 'switching' | 'proven' | 'finished';
  readonly token: string;
  readonly release?: string;
  readonly revision?: string;
  /** By server name: the release to revert to; `null`: none was live. */
  readonly previous?: Readonly<Record<string, string | null>>;
}

/** What a run finds out while it goes on: the one place where it is kept. The outcome is made from it. */
export interface Observations {
  /** What `current` was when it was last read back, by server. Not there: not known. */
  readonly current: Map<string, Current>;
  readonly health: Map<string, HealthLine[]>;
  /** Servers on which the switch of the link was begun, or may have been. */
  readonly switched: Set<string>;
  /** Servers that an earlier run had left out of sync, and that this one reconciled first. */
  readonly reconciled: Set<string>;
  /** Servers that could not be reverted. */
  readonly inDoubt: Set<string>;
  /** Paths that differ from the live release, by server; not there: unknown. */
  readonly changed: Map<string, readonly string[]>;
  /** Names of hooks with `when.changed` that began, whatever became of them. */
  readonly migrations: Set<string>;
  readonly failures: Failure[];
  readonly warnings: string[];
  readonly phases: { readonly name: string; readonly at: number }[];
}

export function newObservations(): Observations {
  return {
    current: new Map(),
    health: new Map(),
    switched: new Set(),
    reconciled: new Set(),
    inDoubt: new Set(),
    changed: new Map(),
    migrations: new Set(),
    failures: [],
    warnings: [],
    phases: [],
  };
}

/** Begins a phase of the run: the one before it ends. */
export function beginPhase({ observed, ports }: Pick<Context, 'observed' | 'ports'>, name: string): void {
  observed.phases.push({ name, at: ports.clock.now().getTime() });
  ports.log.phase(name);
}

/** Something that a person should know although nothing failed: in the log now, and in the summary. */
export function warn({ observed, ports }: Pick<Context, 'observed' | 'ports'>, text: string): void {
  observed.warnings.push(text);
  ports.log.warn(text);
}

/** Keeps for the post step how far a run that holds locks has come. */
export function saveProgress(run: FleetRun, at: Progress['at']): void {
  run.save({
    at,
    token: run.owner.token,
    release: run.release,
    revision: run.revision,
    previous: Object.fromEntries([...run.previous].map(([server, release]) => [server, release ?? null])),
  });
}
