import type { HookPoint } from '../../domain/config/settings.ts';
import { parseRevision } from '../../domain/tree/ids.ts';
import type { Run } from '../context.ts';
import type { Book } from '../deploy/outcome.ts';
import { tell, tellRegardless } from '../fleet/execute.ts';
import type { Member } from '../fleet/members.ts';
import { releaseLocks } from '../lock/lock.ts';
import { sceneOf, watchOf, wayBackWatch } from './context.ts';
import { type HookScene, hookTurns } from './tasks.ts';

/** Runs the hooks of a point that stands alone. */
export async function runPoint(
  point: HookPoint,
  members: readonly Member[],
  scene: HookScene,
  book: Book,
): Promise<void> {
  if (scene.settings.hooks[point].length === 0) return;
  book.doors.journal.chapter(point);
  await tell(
    { name: point, watch: watchOf(book.order, book.doors), become: scene.settings.become },
    hookTurns(point, members, scene),
  );
}

/** What hooks are told before the lock: no release is chosen yet. */
export function startingScene(book: Book, signal: AbortSignal = book.order.signal): HookScene {
  const { order, doors } = book;
  return {
    settings: order.settings,
    release: '',
    revision: parseRevision(book.revision) ?? '',
    previous: () => undefined,
    directory: () => undefined,
    changed: () => undefined,
    local: { command: doors.command, workspace: order.job.workspace, signal, say: (line) => doors.journal.note(line) },
    isDone: () => false,
    remember: () => [],
    migrating: () => undefined,
  };
}

/** Hooks of the point `failed`, whether the lock is ours, was, or never has been: what goes wrong in one is said and changes nothing, for the others neither. */
export async function runFailedHooks(book: Book, members: readonly Member[]): Promise<void> {
  const { order, doors, run } = book;
  const watch = wayBackWatch(order, doors);
  const scene = run === undefined ? startingScene(book, watch.signal) : sceneOf(run, () => undefined, watch.signal);
  const bare = members.map(({ fence, ...member }) => member);
  const failures = await tellRegardless(
    { name: 'failed', watch, become: order.settings.become },
    hookTurns('failed', bare, scene),
  );
  for (const { message, server } of failures)
    doors.journal.warn(
      `a hook of the point \`failed\` failed${server === undefined ? '' : ` on ${server}`}: ${message}`,
    );
}

/** Gives the locks back, unless the last program of the run has done so, and tells the post step that nothing is left. */
export async function leave(
  run: Pick<Run, 'order' | 'doors' | 'owner' | 'members' | 'seen'>,
  locks: 'released' | 'locked',
): Promise<void> {
  const { order, doors } = run;
  const failures = locks === 'released' ? [] : await releaseLocks(run, run.members);
  for (const failure of failures)
    doors.journal.warn(
      `${failure.server}: the lock could not be given back; the next run takes it over: ${failure.message}`,
    );
  if (failures.length === 0 && run.seen.inDoubt.size === 0) order.save({ at: 'finished', token: run.owner.token });
}
