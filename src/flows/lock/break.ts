import { endProgram } from '../../domain/programs/end.ts';
import { breakLockProgram } from '../../domain/programs/lock.ts';
import type { LockState } from '../../domain/tree/facts.ts';
import type { Context, Member } from '../context.ts';
import { executor } from '../fleet/execute.ts';

/** Ends what still runs under a lock and moves the lock aside, if it is still the one that was seen. */
export async function breakLock(context: Context, member: Member, lock: LockState): Promise<'broken' | 'changed'> {
  const { run } = executor(context);
  if (lock.group.id !== '0') await run(member, endProgram(lock.group));
  const report = await run(member, breakLockProgram(member.layout, lock.owner?.token ?? 'unreadable'));
  return report.facts.get('broken') === 'yes' ? 'broken' : 'changed';
}
