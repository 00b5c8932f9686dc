import { asFailure, type FailureCode } from '../../domain/failure.ts';
import { endProgram } from '../../domain/programs/end.ts';
import { lockStep } from '../../domain/programs/look.ts';
import { readLock } from '../../domain/tree/facts.ts';
import type { Context, Member } from '../context.ts';
import { uncancelledExecutor } from './execute.ts';
import { unfenced } from './members.ts';

/** After these nobody knows what the server did, and it may still be doing it. */
const unknownEffect: readonly FailureCode[] = [
  'CONNECTION_LOST',
  'PROGRAM_UNFINISHED',
  'PROGRAM_KILLED',
  'PROGRAM_CUT',
  'PROGRAM_REFUSED',
];

type Scope = Pick<Context, 'settings' | 'ports' | 'signal' | 'observed'>;

/**
 * Does the work; where the connection is lost, opens another one, ends what the old one left running, and tries once
 * more.
 * The work must be one that may be done twice.
 */
export async function withReconnect<T>(scope: Scope, member: Member, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!unknownEffect.includes(asFailure(thrown).code)) throw thrown;
    scope.ports.log.note(`${member.server.name}: connecting again`);
    await member.transport.reopen();
    await endOrphan(scope, member);
    return await work();
  }
}

/** Ends the program that an earlier connection, or an earlier process of this job, left running under our lock. */
export async function endOrphan(scope: Scope, member: Member): Promise<void> {
  if (member.fence === undefined) return;
  const { run } = uncancelledExecutor(scope);
  const { token } = member.fence;
  const report = await run(unfenced(member), { name: 'look at the lock', steps: [lockStep(member.layout)] });
  const lock = readLock(report.facts);
  if (lock?.owner?.token !== token || lock.group.id === '0') return;
  await run(unfenced(member), endProgram(lock.group));
}
