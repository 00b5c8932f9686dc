import type { HookPoint } from './lifecycle.ts';

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
  /** Names of the secrets in its environment. */
  readonly secrets: readonly string[];
  readonly reversible: 'reversible' | 'irreversible';
}

/** The hooks of a stage, in the order in which they run at their point. */
export type Hooks = Readonly<Record<HookPoint, readonly Hook[]>>;
