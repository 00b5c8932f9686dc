import { asFailure, type FailureCode } from '../../domain/failure.ts';
import { endProgram } from '../../domain/programs/end.ts';
import { lockStep } from '../../domain/programs/look.ts';
import { readLock } from '../../domain/tree/facts.ts';
import type { Doors, Order } from '../context.ts';
import { wayBackWatch } from '../hooks/context.ts';
import { programFor } from './execute.ts';
import type { Member } from './members.ts';
import { perform } from './supervise.ts';

/** After these nobody knows what the server did, and it may still be doing it. */
const lost: readonly FailureCode[] = [
  'CONNECTION_LOST',
  'PROGRAM_UNFINISHED',
  'PROGRAM_KILLED',
  'PROGRAM_CUT',
  'PROGRAM_REFUSED',
];

/**
 * Does the work; where the connection is lost, opens another one, ends what the old one left running, and tries once more.
 * The work must be one that may be done twice.
 */
export async function onSecondWay<T>(
  run: { readonly order: Order; readonly doors: Doors },
  member: Member,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!lost.includes(asFailure(thrown).code)) throw thrown;
    run.doors.journal.note(`${member.server.name}: connecting again`);
    await member.transport.reopen();
    await endOrphan(run, member);
    return await work();
  }
}

/** Ends the program that an earlier connection, or an earlier process of this job, left running under our lock. */
export async function endOrphan(
  { order, doors }: { readonly order: Order; readonly doors: Doors },
  member: Member,
): Promise<void> {
  if (member.fence === undefined) return;
  const { become } = order.settings;
  const watch = wayBackWatch(order, doors);
  const { fence, ...bare } = member;
  const report = await perform(
    watch,
    bare,
    programFor(bare, { name: 'look at the lock', steps: [lockStep(member.layout)] }, become),
  );
  const lock = readLock(report.facts);
  if (lock?.owner?.token !== fence.token || lock.group.id === '0') return;
  await perform(watch, bare, programFor(bare, endProgram(lock.group), become));
}
