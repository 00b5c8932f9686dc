import type { Failure } from '../../domain/failure.ts';
import { releaseLockProgram } from '../../domain/programs/lock.ts';
import { type Context, type FleetRun, type Member, warn } from '../context.ts';
import { uncancelledExecutor } from '../fleet/execute.ts';
import { failuresOf } from '../fleet/members.ts';
import { withReconnect } from '../fleet/reconnect.ts';

/** Gives back the locks of all servers that we hold. @returns why some could not be given back */
export async function giveLocksBack(context: Context, members: readonly Member[]): Promise<Failure[]> {
  const { each, run } = uncancelledExecutor(context);
  const results = await each(members, async (member) => {
    const { fence } = member;
    if (fence === undefined) return;
    await withReconnect(context, member, () => run(member, releaseLockProgram(member.layout, fence)));
  });
  return failuresOf(results);
}

/**
 * Gives the locks back, unless the last program of the run has done so, and lets the post step know that nothing is
 * left to do.
 */
export async function finishRun(
  run: Context & Pick<FleetRun, 'owner' | 'members'>,
  locks: 'released' | 'locked',
): Promise<void> {
  const failures = locks === 'released' ? [] : await giveLocksBack(run, run.members);
  for (const failure of failures)
    warn(run, `${failure.server}: the lock could not be given back; the next run takes it over: ${failure.message}`);
  if (failures.length === 0 && run.observed.inDoubt.size === 0) run.save({ at: 'finished', token: run.owner.token });
}
