import { fenceOf } from '../../domain/programs/lock.ts';
import type { LockOwner } from '../../domain/tree/lock.ts';
import type { Context, Member } from '../context.ts';

/** Who this run says that it is in the locks that it takes. */
export function newOwner({ job, settings, checkRun, ports }: Context, token: string): LockOwner {
  return {
    token,
    repository: job.repository,
    run: job.runId,
    attempt: job.attempt,
    job: job.job,
    checkRun,
    actor: job.actor,
    action: 'deploy',
    stage: settings.stage,
    at: ports.clock.now().toISOString(),
    lease: Math.ceil(settings.lock.lease / 1000),
  };
}

/** The members with the fence of `owner` on every one that has a tree. */
export function fenced(members: readonly Member[], owner: LockOwner): Member[] {
  return members.map((member) =>
    member.server.release === 'release' ? { ...member, fence: fenceOf(member.layout, owner) } : member,
  );
}
