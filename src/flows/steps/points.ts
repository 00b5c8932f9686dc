import { asFailure } from '../../domain/failure.ts';
import type { HookPoint } from '../../domain/settings.ts';
import type { Member } from '../fleet.ts';
import type { Run } from '../run.ts';
import { tell } from './acts.ts';
import type { Book } from './book.ts';
import { type HookScene, hookTurns } from './hooks.ts';
import { releaseLocks } from './lock.ts';
import { sceneOf, telling, watchOf, wayBackWatch } from './scene.ts';

/** Runs the hooks of a point that stands alone. */
export async function runPoint(point: HookPoint, members: readonly Member[], scene: HookScene, book: Book): Promise<void> {
  if (scene.settings.hooks[point].length === 0) return;
  book.doors.journal.chapter(point);
  await tell({ name: point, watch: watchOf(book.order, book.doors), become: scene.settings.become }, hookTurns(point, members, scene));
}

/** What hooks are told before the lock: no release is chosen yet. */
export function startingScene(book: Book): HookScene {
  const { order, doors } = book;
  return {
    settings: order.settings,
    release: '',
    revision: book.revision,
    previous: () => undefined,
    directory: () => undefined,
    changed: () => undefined,
    local: { command: doors.command, workspace: order.job.workspace, signal: order.signal, say: (line) => doors.journal.note(line) },
    isDone: () => false,
    remember: () => [],
    migrating: () => undefined,
  };
}

/** Hooks of the point `failed`: what goes wrong in them is said and changes nothing. */
export async function runFailedHooks(run: Run): Promise<void> {
  const watch = wayBackWatch(run.order, run.doors);
  const scene = sceneOf(run, () => undefined, watch.signal);
  try {
    await tell({ ...telling(run, 'failed'), watch }, hookTurns('failed', run.members, scene));
  } catch (thrown) {
    run.doors.journal.warn(`a hook of the point \`failed\` failed: ${asFailure(thrown).message}`);
  }
}

/** Gives the locks back, unless the last program of the run has done so, and tells the post step that nothing is left. */
export async function leave(run: Pick<Run, 'order' | 'doors' | 'owner' | 'members' | 'seen'>, locks: 'released' | 'locked'): Promise<void> {
  const { order, doors } = run;
  const failures = locks === 'released' ? [] : await releaseLocks(run, run.members);
  for (const failure of failures) doors.journal.warn(`${failure.server}: the lock could not be given back; the next run takes it over: ${failure.message}`);
  if (failures.length === 0 && run.seen.inDoubt.size === 0) order.save({ at: 'finished', token: run.owner.token });
}
