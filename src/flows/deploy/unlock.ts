import { Failure } from '../../domain/failure.ts';
import type { Unlocked } from '../../domain/fleet/outcome.ts';
import { lockStep } from '../../domain/programs/look.ts';
import { readLock } from '../../domain/tree/facts.ts';
import { describeOwner, type LockOwner } from '../../domain/tree/lock.ts';
import { beginPhase, type Context, type Member } from '../context.ts';
import { connect } from '../fleet/connect.ts';
import { executor } from '../fleet/execute.ts';
import { failuresOf, valuesOf, withTree } from '../fleet/members.ts';
import { breakLock } from '../lock/break.ts';
import { assertReady } from '../release/survey.ts';

/**
 * Breaks the locks of a stage by hand: what still runs under them is ended first.
 * A holder that GitHub calls running is left alone: that is a failure of `LOCK_HELD` among those returned.
 * @throws Failure of connecting, before anything is done
 */
export async function unlock(
  context: Context,
): Promise<{ readonly unlocked: readonly Unlocked[]; readonly failures: readonly Failure[] }> {
  beginPhase(context, 'connect');
  await using fleet = await connect(context);
  assertReady(fleet.problems);
  beginPhase(context, 'unlock');
  const results = await executor(context).each(withTree(fleet.members), (member) => unlockOne(context, member));
  return { unlocked: valuesOf(results).map(({ value }) => value), failures: failuresOf(results) };
}

async function unlockOne(context: Context, member: Member): Promise<Unlocked> {
  const server = member.server.name;
  const look = { name: 'look', steps: [lockStep(member.layout)] };
  const lock = readLock((await executor(context).run(member, look)).facts);
  if (lock === undefined) return { server, was: 'free', holder: '' };
  const { owner } = lock;
  const holder = owner === undefined ? 'somebody whose owner file cannot be read' : describeOwner(owner);
  if (owner !== undefined && (await isRunning(context, owner)))
    throw new Failure('LOCK_HELD', `${server} is locked by a job that is still running: ${holder}`, {
      server,
      hint: 'Cancel that job first; its post step gives the lock back.',
    });
  const broken = await breakLock(context, member, lock);
  return { server, was: broken === 'broken' ? 'broken' : 'changed meanwhile', holder };
}

async function isRunning({ ports }: Context, { repository, run, attempt, checkRun }: LockOwner): Promise<boolean> {
  return (await ports.runs.ended({ repository, run, attempt, checkRun })) === 'running';
}
