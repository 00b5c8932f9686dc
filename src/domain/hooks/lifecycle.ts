/** What is true of the hooks of one point. The words are those of the manual, which is made from them. */
export interface LifecyclePoint {
  /**
   * `deploy` and `rollback`: the order below is the order in which these run. `any failed run`: outside of that order.
   */
  readonly flow: 'deploy' | 'rollback' | 'any failed run';
  /** What has happened by then. */
  readonly when: string;
  /** What it is most used for. */
  readonly place?: string;
  readonly lock: 'not taken yet' | 'held' | 'held or not';
  /** Where commands run on a server. */
  readonly directory: 'login directory' | 'new release' | 'live release' | 'target release' | 'current';
  /** When a hook with `once` runs; `undefined`: in the order of the others. */
  readonly once:
    | 'on the first server'
    | 'while the others wait'
    | 'before the first batch'
    | 'after the last batch'
    | 'at the end'
    | undefined;
  /** In a revert: `runs again` for the release that is live again, unless it runs once. */
  readonly revert: 'runs again' | 'does not run';
  /**
   * What a resumed attempt leaves out: nothing, hooks with `once` that ran, or these and all where the release is
   * complete.
   */
  readonly resumed: 'runs all' | 'omits once' | 'omits complete';
}

/** The life of a release: every hook point, first those of a deploy, then those of a rollback, each in its order. */
export const lifecycle = {
  starting: {
    flow: 'deploy',
    when: 'before the lock is taken',
    lock: 'not taken yet',
    directory: 'login directory',
    once: 'on the first server',
    revert: 'does not run',
    resumed: 'runs all',
  },
  started: {
    flow: 'deploy',
    when: 'the lock is held',
    lock: 'held',
    directory: 'login directory',
    once: 'on the first server',
    revert: 'does not run',
    resumed: 'runs all',
  },
  updating: {
    flow: 'deploy',
    when: 'the release is at its final path, not live',
    lock: 'held',
    directory: 'new release',
    once: 'while the others wait',
    revert: 'does not run',
    resumed: 'omits complete',
  },
  updated: {
    flow: 'deploy',
    when: 'after `updating`',
    place: 'builds and migrations',
    lock: 'held',
    directory: 'new release',
    once: 'while the others wait',
    revert: 'does not run',
    resumed: 'omits complete',
  },
  publishing: {
    flow: 'deploy',
    when: 'before the link is switched',
    lock: 'held',
    directory: 'new release',
    once: 'before the first batch',
    revert: 'does not run',
    resumed: 'omits once',
  },
  published: {
    flow: 'deploy',
    when: 'after the link is switched',
    place: 'restarts',
    lock: 'held',
    directory: 'current',
    once: 'after the last batch',
    revert: 'runs again',
    resumed: 'runs all',
  },
  finishing: {
    flow: 'deploy',
    when: 'healthy and verified on every server',
    lock: 'held',
    directory: 'current',
    once: 'at the end',
    revert: 'does not run',
    resumed: 'runs all',
  },
  finished: {
    flow: 'deploy',
    when: 'after `finishing`',
    lock: 'held',
    directory: 'current',
    once: 'at the end',
    revert: 'does not run',
    resumed: 'runs all',
  },
  reverting: {
    flow: 'rollback',
    when: 'before the link is switched',
    lock: 'held',
    directory: 'live release',
    once: 'before the first batch',
    revert: 'does not run',
    resumed: 'runs all',
  },
  reverted: {
    flow: 'rollback',
    when: 'after the link is switched',
    lock: 'held',
    directory: 'target release',
    once: 'after the last batch',
    revert: 'does not run',
    resumed: 'runs all',
  },
  finishing_rollback: {
    flow: 'rollback',
    when: 'healthy on every server',
    lock: 'held',
    directory: 'current',
    once: 'at the end',
    revert: 'does not run',
    resumed: 'runs all',
  },
  failed: {
    flow: 'any failed run',
    when: 'anything failed since the servers were connected; not in the post step',
    lock: 'held or not',
    directory: 'login directory',
    once: undefined,
    revert: 'does not run',
    resumed: 'runs all',
  },
} as const satisfies Readonly<Record<string, LifecyclePoint>>;

export type HookPoint = keyof typeof lifecycle;

export const hookPoints = Object.keys(lifecycle) as readonly HookPoint[];

/** The points of which `matches` holds, in their order. */
export function pointsWhere(matches: (point: LifecyclePoint) => boolean): readonly HookPoint[] {
  return hookPoints.filter((name) => matches(lifecycle[name]));
}

/** The points that a deploy passes. */
export const deployPoints = pointsWhere(({ flow }) => flow === 'deploy');

/** The part of a tree's layout that commands of hooks run in. */
interface Directories {
  readonly current: string;
  readonly release: (id: string) => string;
}

/**
 * Where commands of a point run on a server; `undefined`: in the login directory. `release` is the one that the run
 * makes live, `previous` the one that was live before it.
 */
export function hookDirectory(
  point: HookPoint,
  { current, release }: Directories,
  ids: { readonly release: string; readonly previous: string | undefined },
): string | undefined {
  const { directory }: LifecyclePoint = lifecycle[point];
  switch (directory) {
    case 'login directory':
      return undefined;
    case 'new release':
    case 'target release':
      return release(ids.release);
    case 'live release':
      return ids.previous === undefined ? undefined : release(ids.previous);
    case 'current':
      return current;
  }
}
