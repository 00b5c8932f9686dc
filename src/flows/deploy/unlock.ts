import { Failure } from '../../domain/failure.ts';
import type { Unlocked } from '../../domain/fleet/outcome.ts';
import { lockStep } from '../../domain/programs/look.ts';
import { readLock } from '../../domain/tree/facts.ts';
import { describeOwner } from '../../domain/tree/lock.ts';
import type { Doors, Order } from '../context.ts';
import { connect } from '../fleet/connect.ts';
import { programFor } from '../fleet/execute.ts';
import { each, failuresOf, holders, type Member, valuesOf } from '../fleet/members.ts';
import { perform } from '../fleet/supervise.ts';
import { watchOf } from '../hooks/context.ts';
import { breakLock } from '../lock/lock.ts';
import { assertReady } from '../release/survey.ts';

/**
 * Breaks the locks of a stage by hand: what still runs under them is ended first.
 * A holder that GitHub calls running is left alone: that is a failure of `LOCK_HELD` among what is given back.
 * @throws Failure of connecting, before anything is done
 */
export async function unlock(
  order: Order,
  doors: Doors,
): Promise<{ readonly unlocked: readonly Unlocked[]; readonly failures: readonly Failure[] }> {
  doors.journal.chapter('connect');
  await using fleet = await connect(order.settings, doors.transports, doors.journal, order.signal);
  assertReady(fleet.problems);
  doors.journal.chapter('unlock');
  const fared = await each(holders(fleet.members), order.settings.strategy.maxParallel, (member) =>
    unlockOne(order, doors, member),
  );
  return { unlocked: valuesOf(fared).map(({ value }) => value), failures: failuresOf(fared) };
}

async function unlockOne(order: Order, doors: Doors, member: Member): Promise<Unlocked> {
  const server = member.server.name;
  const report = await perform(
    watchOf(order, doors),
    member,
    programFor(member, { name: 'look', steps: [lockStep(member.layout)] }, order.settings.become),
  );
  const lock = readLock(report.facts);
  if (lock === undefined) return { server, was: 'free', holder: '' };
  const { owner } = lock;
  const holder = owner === undefined ? 'nobody whose record can be read' : describeOwner(owner);
  const job =
    owner === undefined
      ? 'unknown'
      : await doors.runs.ended({
          repository: owner.repository,
          run: owner.run,
          attempt: owner.attempt,
          checkRun: owner.checkRun,
        });
  if (job === 'running')
    throw new Failure('LOCK_HELD', `${server} is locked by a job that is still running: ${holder}`, {
      server,
      hint: 'Cancel that job first; its post step gives the lock back.',
    });
  const broken = await breakLock({ order, doors }, member, lock);
  return { server, was: broken === 'broken' ? 'broken' : 'changed meanwhile', holder };
}
