import type { HookPoint } from '../../domain/hooks/lifecycle.ts';
import { beginPhase, type Context, type Member, warn } from '../context.ts';
import { executor, uncancelledExecutor } from '../fleet/execute.ts';
import { unfenced } from '../fleet/members.ts';
import { type HookContext, uncancelled } from './context.ts';
import { hookTasks } from './tasks.ts';

/** Runs the hooks of a point that is a phase of its own. */
export async function runPoint(
  point: HookPoint,
  members: readonly Member[],
  context: Context,
  hooks: HookContext,
): Promise<void> {
  if (context.settings.hooks[point].length === 0) return;
  beginPhase(context, point);
  await executor(context).runTasks(point, hookTasks(point, members, hooks));
}

/**
 * Runs the hooks of the point `failed`, whether the lock is ours, was, or never has been.
 * What goes wrong in one is a warning and changes nothing, for the others neither.
 */
export async function runFailedHooks(members: readonly Member[], context: Context, hooks: HookContext): Promise<void> {
  const tasks = hookTasks('failed', members.map(unfenced), uncancelled(hooks));
  const failures = await uncancelledExecutor(context).runAllTasks('failed', tasks);
  for (const { message, server } of failures)
    warn(context, `a hook of the point \`failed\` failed${server === undefined ? '' : ` on ${server}`}: ${message}`);
}
