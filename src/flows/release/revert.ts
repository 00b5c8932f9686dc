import { asFailure, Failure } from '../../domain/failure.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { setAsideStep, switchBackStep } from '../../domain/programs/switch.ts';
import type { Step } from '../../domain/remote/program.ts';
import { beginPhase, type FleetRun, type Member } from '../context.ts';
import { type Task, uncancelledExecutor } from '../fleet/execute.ts';
import { withTree } from '../fleet/members.ts';
import { withReconnect } from '../fleet/reconnect.ts';
import { olderHookContext, uncancelled } from '../hooks/context.ts';
import { hookTasks } from '../hooks/tasks.ts';
import { ledgerLine } from './ledger.ts';
import { keepCurrent } from './verify.ts';

/**
 * Reverts every server to what it ran before: the link first, then the `published` hooks of the release that is live
 * again;
 * the bad release moves out of `releases/`. What cannot be read back is in doubt, and the other servers' ledgers record
 * it.
 * Never throws: what went wrong is in `run.observed`.
 */
export async function revert(run: FleetRun): Promise<void> {
  const members = withTree(run.members);
  beginPhase(run, 'revert');
  await uncancelledExecutor(run).each(members, (member) => tryRevert(run, member));
  await rerunPublished(run, liveAgain(run));
  await recordDoubt(run, members);
}

/**
 * By release that is live again: the servers that were switched from it.
 * Those without a tree may have run the hooks of the last batch: they belong to the first.
 */
function liveAgain({ members, previous, observed }: FleetRun): Map<string, Member[]> {
  const trees = withTree(members);
  const isBack = ({ server: { name } }: Member): boolean => observed.switched.has(name) && !observed.inDoubt.has(name);
  const groups = Map.groupBy(trees.filter(isBack), ({ server }) => previous.get(server.name) ?? '');
  groups.delete('');
  const [first] = groups.values();
  if (trees.every(({ server }) => observed.switched.has(server.name)))
    first?.push(...members.filter((member) => !trees.includes(member)));
  return groups;
}

async function tryRevert(run: FleetRun, member: Member): Promise<void> {
  const { name } = member.server;
  run.observed.current.delete(name);
  try {
    await withReconnect(run, member, () => revertOne(run, member));
  } catch (cause) {
    run.observed.inDoubt.add(name);
    const sentence = `it could not be reverted: ${asFailure(cause).message}`;
    run.observed.failures.push(new Failure('IN_DOUBT', sentence, { server: name, cause }));
  }
}

async function revertOne(run: FleetRun, member: Member): Promise<void> {
  const { layout, server } = member;
  const back = switchBackStep(layout, run.release, run.previous.get(server.name));
  const steps: Step[] = [
    run.observed.switched.has(server.name) ? back : { ...back, log: 'on failure' },
    setAsideStep(layout, run.release),
    ledgerStep(layout, [ledgerLine(run, 'failed')], 'note'),
    truthStep(layout),
  ];
  const onReport = keepCurrent(run, member);
  await uncancelledExecutor(run).run(member, { name: 'revert', steps }, { onReport });
}

/**
 * Services must learn that the old release is live again, each of them: a hook that fails here keeps no other server
 * from its own.
 */
async function rerunPublished(run: FleetRun, groups: ReadonlyMap<string, readonly Member[]>): Promise<void> {
  const tasks: Task[] = [...groups].flatMap(([previous, group]) =>
    hookTasks('published', group, uncancelled(olderHookContext(run, previous)), 'on each server'),
  );
  const failures = await uncancelledExecutor(run).runAllTasks('published again', tasks);
  run.observed.failures.push(...failures.map(afterRevert));
}

function afterRevert(failure: Failure): Failure {
  const { code, message, server } = failure;
  const hint =
    'What runs there may still be the release that was reverted. Read the output of the hook in the log, and run its command on that server by hand.';
  const where = server === undefined ? {} : { server };
  return new Failure(code, `after the revert: ${message}`, { hint, ...where, cause: failure });
}

/** The other servers' ledgers name those that could not be read back; the next run begins with them. */
async function recordDoubt(run: FleetRun, members: readonly Member[]): Promise<void> {
  const { inDoubt } = run.observed;
  if (inDoubt.size === 0) return;
  const lines = [...inDoubt].map((server) => ledgerLine(run, 'in_doubt', { server }));
  const { each, run: runOn } = uncancelledExecutor(run);
  await each(
    members.filter(({ server }) => !inDoubt.has(server.name)),
    (member) => runOn(member, { name: 'record doubt', steps: [ledgerStep(member.layout, lines)] }),
  );
}
