import type { TreeFacts } from '../../domain/tree/facts.ts';
import type { Context, DeployRun } from '../context.ts';
import { type HookContext, hookContext, startingContext } from '../hooks/context.ts';
import type { DeployRequest } from './request.ts';

/** How far a deploy has come. The outcome is made from it, also where the deploy fails in the middle. */
export interface DeployState {
  readonly context: Context;
  readonly request: DeployRequest;
  /** Milliseconds since 1970. */
  readonly began: number;
  absent: readonly string[];
  /** The commit, once it is resolved; until then what was asked for. */
  revision: string;
  /** What the survey saw, until the lock is taken. */
  facts: ReadonlyMap<string, TreeFacts>;
  /** There from the lock on. */
  run: DeployRun | undefined;
  conclusion: 'unverified' | 'verified' | 'unchanged';
}

export function newDeployState(context: Context, request: DeployRequest): DeployState {
  return {
    context,
    request,
    began: context.ports.clock.now().getTime(),
    absent: [],
    revision: request.revision,
    facts: new Map(),
    run: undefined,
    conclusion: 'unverified',
  };
}

/** What hooks outside of a release know: those of the points before the lock, and of `failed`. */
export function hooksOutside({ context, run, revision }: DeployState): HookContext {
  return run === undefined ? startingContext(context, revision) : hookContext(run);
}
