import { pathMatcher } from '../globs/path-globs.ts';
import type { Server } from '../server.ts';
import type { Hook, Hooks } from './hook.ts';
import { deployPoints } from './lifecycle.ts';

/**
 * Hooks of one point that run one after another on each server at the same time, or one that needs a turn of its own.
 */
export type HookTurn =
  | { readonly kind: 'together'; readonly hooks: readonly Hook[] }
  | { readonly kind: 'limited'; readonly hook: Hook; readonly most: number }
  | { readonly kind: 'once'; readonly hook: Hook }
  | { readonly kind: 'runner'; readonly hook: Hook };

/** The turns of a point, in the order of the configuration. */
export function turnsOf(hooks: readonly Hook[]): HookTurn[] {
  const turns: HookTurn[] = [];
  for (const hook of hooks) {
    const last = turns.at(-1);
    if (hook.where === 'runner') turns.push({ kind: 'runner', hook });
    else if (hook.times === 'once') turns.push({ kind: 'once', hook });
    else if (hook.maxParallel !== undefined) turns.push({ kind: 'limited', hook, most: hook.maxParallel });
    else if (last?.kind === 'together') turns.splice(-1, 1, { kind: 'together', hooks: [...last.hooks, hook] });
    else turns.push({ kind: 'together', hooks: [hook] });
  }
  return turns;
}

/** Does the hook run on this server? Without roles it runs on every server that has a release. */
export function runsOn(hook: { readonly roles: readonly string[] }, server: Server): boolean {
  if (hook.roles.length === 0) return server.release === 'release';
  return hook.roles.some((role) => server.roles.includes(role));
}

/** Where a hook that runs once runs: the first of its servers that has a release, `primary: true` first. */
export function onceServer<T extends { readonly server: Server }>(hook: Hook, members: readonly T[]): T | undefined {
  const own = members.filter(({ server }) => server.release === 'release' && runsOn(hook, server));
  return own.find(({ server }) => server.primary === 'primary') ?? own[0];
}

/**
 * Hooks of a deploy that run once and would run nowhere if of `server` and `others` only the others took part, as
 * `POINT: NAME`.
 */
export function hooksAloneOn(server: Server, others: readonly Server[], hooks: Hooks): string[] {
  const without = others.map((other) => ({ server: other }));
  const isAlone = (hook: Hook): boolean =>
    hook.where === 'server' &&
    hook.times === 'once' &&
    onceServer(hook, [{ server }]) !== undefined &&
    onceServer(hook, without) === undefined;
  return deployPoints.flatMap((point) => hooks[point].filter(isAlone).map((hook) => `${point}: ${hook.name}`));
}

/**
 * Whether the hook must run, given the paths that differ from the live release. `undefined`: they are not known, so it
 * must.
 */
export function isWanted(hook: Hook, changed: readonly string[] | undefined): boolean {
  if (hook.whenChanged.length === 0 || changed === undefined) return true;
  return changed.some(pathMatcher(hook.whenChanged));
}
