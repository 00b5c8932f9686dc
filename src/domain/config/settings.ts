import type { ArtifactSource } from '../artifact/selection.ts';
import type { Probe } from '../health/probe.ts';
import type { Hooks } from '../hooks/hook.ts';
import type { SecretRequest } from '../secrets/request.ts';
import type { DeliverSettings, LeakGuard, StoreSettings } from '../secrets/settings.ts';
import type { Server } from '../server.ts';
import type { Share } from '../text/measures.ts';

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
  readonly artifact: ArtifactSource;
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
  readonly hooks: Hooks;
  readonly health: readonly Probe[];
  /** By name; `env` is not among them. */
  readonly stores: Readonly<Record<string, StoreSettings>>;
  readonly secrets: readonly SecretRequest[];
  /** For all stores together. */
  readonly secretsDeadline: number;
  readonly deliver: readonly DeliverSettings[];
  readonly leakGuard: LeakGuard;
  /** Globs over the paths of the artefact. */
  readonly leakGuardIgnore: readonly string[];
  readonly lock: { readonly wait: number; readonly lease: number };
  /** How servers are called in the summary; `undefined`: by the visibility of the repository. */
  readonly summaryServers: 'names' | 'numbers' | undefined;
  /** SHA-256 in hex over the resolved configuration of this stage. */
  readonly digest: string;
}
