import type { Server } from '../server.ts';

/** Hook points in the order of a deploy, then those of a rollback, then `failed`. */
export const hookPoints = [
  'starting',
  'started',
  'updating',
  'updated',
  'publishing',
  'published',
  'finishing',
  'finished',
  'reverting',
  'reverted',
  'finishing_rollback',
  'failed',
] as const;

export type HookPoint = (typeof hookPoints)[number];

/** A command of the project. `run` is for the servers, `local` for the runner, in the workspace. */
export interface Hook {
  readonly name: string;
  readonly command: string;
  readonly where: 'server' | 'runner';
  /** Empty: every server. */
  readonly roles: readonly string[];
  readonly times: 'each server' | 'once';
  /** Globs over the paths of the artefact; empty: always. */
  readonly whenChanged: readonly string[];
  readonly maxParallel: number | undefined;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly reversible: 'reversible' | 'irreversible';
}

/** A health check. Durations in milliseconds. */
export interface Probe {
  readonly name: string;
  readonly roles: readonly string[];
  readonly required: 'required' | 'informs';
  readonly interval: number;
  readonly timeout: number;
  /** Successes in a row that make it healthy. */
  readonly healthyAfter: number;
  readonly deadline: number;
  readonly ask:
    | {
        readonly kind: 'http';
        readonly url: string;
        readonly from: 'server' | 'runner';
        readonly headers: Readonly<Record<string, string>>;
        readonly status: number;
        readonly bodyContains: string | undefined;
      }
    | { readonly kind: 'run'; readonly command: string };
}

/** So many, or a part of all. */
export type Share =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

export type ArtifactChoice =
  | { readonly kind: 'git' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string };

/** One stage of the configuration, everything merged and resolved. Durations in milliseconds, sizes in bytes. */
export interface Settings {
  readonly application: string;
  readonly stage: string;
  /** The GitHub environment, where the stage names one itself. */
  readonly environment: string | undefined;
  readonly servers: readonly Server[];
  /** The names of all servers of the stage, also of those that the inputs `hosts` and `roles` leave out. */
  readonly stageServers: readonly string[];
  readonly keepReleases: number;
  readonly artifact: {
    readonly from: ArtifactChoice;
    readonly subdirectory: string | undefined;
    readonly exclude: readonly string[];
  };
  readonly linkedFiles: readonly string[];
  readonly linkedDirs: readonly string[];
  readonly mutable: readonly string[];
  readonly defaultEnv: Readonly<Record<string, string>>;
  readonly ssh: {
    /** Path of the known_hosts file in the workspace. */
    readonly knownHosts: string;
    readonly jumps: readonly { readonly user: string; readonly host: string; readonly port: number }[];
    readonly connectTimeout: number;
    readonly retries: number;
    readonly maxConnecting: number;
  };
  readonly become: string | undefined;
  readonly strategy: {
    readonly maxParallel: number;
    readonly batches: readonly Share[];
    readonly wait: number;
    readonly unreachableAllowed: Share;
    readonly hostDeadline: number;
  };
  readonly limits: {
    readonly commandTimeout: number;
    readonly idleTimeout: number | undefined;
    readonly minFreeDisk: number;
    readonly minFreeInodes: number;
  };
  readonly hooks: Readonly<Record<HookPoint, readonly Hook[]>>;
  readonly health: readonly Probe[];
  readonly lock: { readonly wait: number; readonly lease: number };
  /** How servers are called in the summary; `undefined`: by the visibility of the repository. */
  readonly summaryServers: 'names' | 'numbers' | undefined;
  /** SHA-256 in hex over the resolved configuration of this stage. */
  readonly digest: string;
}
