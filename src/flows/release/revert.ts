import { asFailure, Failure } from '../../domain/failure.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { setAsideStep, switchBackStep } from '../../domain/programs/switch.ts';
import type { Step } from '../../domain/remote/program.ts';
import type { Run } from '../context.ts';
import { programFor, type Turn, tellRegardless } from '../fleet/execute.ts';
import { each, holders, type Member } from '../fleet/members.ts';
import { onSecondWay } from '../fleet/reconnect.ts';
import { perform } from '../fleet/supervise.ts';
import { hearCurrent, ledgerLine, sceneOfOlder, wayBackWatch } from '../hooks/context.ts';
import { hookTurns } from '../hooks/tasks.ts';

/**
 * Puts every server back on what it ran before: the link first, then the `published` hooks of the release that is live again;
 * the bad release moves out of `releases/`. What cannot be read back is in doubt, and the other servers' ledgers say so.
 * Never throws: what went wrong is in `run.seen`.
 */
export async function goBack(run: Run): Promise<void> {
  const members = holders(run.members);
  run.doors.journal.chapter('put back');
  await each(members, run.order.settings.strategy.maxParallel, (member) => tryPutBack(run, member));
  await rerunPublished(run, liveAgain(run));
  await recordDoubt(run, members);
}

/** By release that is live again: the servers that were switched from it. Those without a tree may have run the hooks of the last batch: they belong to the first. */
function liveAgain({ members, previous, seen }: Run): Map<string, Member[]> {
  const trees = holders(members);
  const back = trees.filter(({ server: { name } }) => seen.switched.has(name) && !seen.inDoubt.has(name));
  const groups = Map.groupBy(back, ({ server }) => previous.get(server.name) ?? '');
  groups.delete('');
  const [first] = groups.values();
  if (trees.every(({ server }) => seen.switched.has(server.name)))
    first?.push(...members.filter((member) => !trees.includes(member)));
  return groups;
}

async function tryPutBack(run: Run, member: Member): Promise<void> {
  const { name } = member.server;
  run.seen.truth.delete(name);
  try {
    await onSecondWay(run, member, () => putBack(run, member));
  } catch (thrown) {
    run.seen.inDoubt.add(name);
    run.seen.failures.push(
      new Failure('IN_DOUBT', `it could not be put back: ${asFailure(thrown).message}`, {
        server: name,
        cause: thrown,
      }),
    );
  }
}

async function putBack(run: Run, member: Member): Promise<void> {
  const { layout, server } = member;
  const previous = run.previous.get(server.name);
  const steps: Step[] = [
    {
      ...switchBackStep(layout, run.release, previous),
      ...(run.seen.switched.has(server.name) ? {} : { log: 'on failure' }),
    },
    setAsideStep(layout, run.release),
    ledgerStep(layout, [ledgerLine(run, 'failed')], 'note'),
    truthStep(layout),
  ];
  const program = programFor(member, { name: 'put back', steps }, run.order.settings.become);
  await perform(wayBackWatch(run.order, run.doors), member, program, hearCurrent(run, member));
}

/** Services must be told that the old release is live again, each of them: a hook that fails here is said, and keeps no other server from its own. */
async function rerunPublished(run: Run, groups: ReadonlyMap<string, readonly Member[]>): Promise<void> {
  const watch = wayBackWatch(run.order, run.doors);
  const turns: Turn[] = [];
  for (const [previous, group] of groups) {
    const scene = { ...sceneOfOlder(run, previous, watch.signal), migrating: () => undefined };
    turns.push(...hookTurns('published', group, scene, 'on each server'));
  }
  const failures = await tellRegardless({ name: 'published again', watch, become: run.order.settings.become }, turns);
  run.seen.failures.push(...failures.map(afterwards));
}

function afterwards(failure: Failure): Failure {
  const hint =
    'What runs there may still be the release that was put back. Read the output of the hook in the log, and run its command on that server by hand.';
  const where = failure.server === undefined ? {} : { server: failure.server };
  return new Failure(failure.code, `after the way back: ${failure.message}`, { hint, ...where, cause: failure });
}

/** The other servers' ledgers name those that could not be read back; the next run begins with them. */
async function recordDoubt(run: Run, members: readonly Member[]): Promise<void> {
  const doubtful = [...run.seen.inDoubt];
  if (doubtful.length === 0) return;
  const lines = doubtful.map((server) => ledgerLine(run, 'in_doubt', { server }));
  const others = members.filter(({ server }) => !run.seen.inDoubt.has(server.name));
  await each(others, run.order.settings.strategy.maxParallel, async (member) => {
    const program = { name: 'record doubt', steps: [ledgerStep(member.layout, lines)] };
    await perform(wayBackWatch(run.order, run.doors), member, programFor(member, program, run.order.settings.become));
  });
}
