import { asFailure, Failure, leafFailures } from '../../domain/failure.ts';
import { pruneStep } from '../../domain/programs/finish.ts';
import { deployedSentence, ledgerStep, revisionsLogStep } from '../../domain/programs/ledger.ts';
import { releaseLockStep } from '../../domain/programs/lock.ts';
import { expired } from '../../domain/release/retention.ts';
import type { Step } from '../../domain/remote/program.ts';
import { liveRelease } from '../../domain/tree/facts.ts';
import type { LedgerLine } from '../../domain/tree/ledger.ts';
import type { Run } from '../context.ts';
import { programFor, type Turn, tell } from '../fleet/execute.ts';
import { each, failuresOf, holders, type Member } from '../fleet/members.ts';
import { onSecondWay } from '../fleet/reconnect.ts';
import { perform } from '../fleet/supervise.ts';
import { currentOf, ledgerLine, sceneOf, telling, watchOf, wayBackWatch } from '../hooks/context.ts';
import { hookTurns } from '../hooks/tasks.ts';

/**
 * Writes down that the release is well, runs the last hooks, prunes, and gives the locks back.
 * A hook that fails here never takes the release back: it comes back as a failure and the run is red.
 */
export async function finishRelease(run: Run): Promise<'released' | 'locked'> {
  const members = holders(run.members);
  const most = run.order.settings.strategy.maxParallel;
  const scene = sceneOf(run, currentOf);
  const records = new Map(members.map((member) => [member.server.name, recordSteps(run, member)]));
  const turns: Turn[] = [
    { kind: 'servers', act: { members, most, steps: (member) => records.get(member.server.name) ?? [] } },
    ...hookTurns('finishing', run.members, scene),
    { kind: 'servers', act: { members, most, steps: (member) => pruneSteps(run, member) } },
    ...hookTurns('finished', run.members, scene),
    {
      kind: 'servers',
      act: {
        members,
        most,
        steps: (member) => (member.fence === undefined ? [] : [releaseLockStep(member.layout, member.fence)]),
      },
    },
  ];
  try {
    await tell({ ...telling(run, 'finish'), watch: watchOf(run.order, run.doors) }, turns);
    run.doors.journal.note('written down as healthy; the locks are given back');
    return 'released';
  } catch (thrown) {
    const failure = asFailure(thrown);
    run.seen.failures.push(...leafFailures(failure).map(afterProof));
    const failed = new Set([failure, ...failure.problems].map(({ server }) => server));
    await recordAgain(
      run,
      members.filter(({ server }) => failed.has(server.name)),
      records,
    );
    return 'locked';
  }
}

/** The next deploy of the same commit finds it live and well, and has nothing to do. */
function afterProof(failure: Failure): Failure {
  if (failure.code !== 'HOOK_FAILED' && failure.code !== 'HOOK_TIMEOUT' && failure.code !== 'LOCAL_HOOK_FAILED')
    return failure;
  const hint =
    'The release is live and well, and stays. Mend the hook; for the same commit it runs again only with `force: true`.';
  return new Failure(failure.code, failure.message, {
    hint,
    cause: failure,
    ...(failure.server === undefined ? {} : { server: failure.server }),
  });
}

/** What was proved is written down, whatever stopped the rest: the next run would take a release without that word for a half-done one and put it back. */
async function recordAgain(
  run: Run,
  members: readonly Member[],
  records: ReadonlyMap<string, readonly Step[]>,
): Promise<void> {
  const { settings } = run.order;
  const watch = wayBackWatch(run.order, run.doors);
  const fared = await each(members, settings.strategy.maxParallel, (member) =>
    onSecondWay(run, member, () =>
      perform(
        watch,
        member,
        programFor(member, { name: 'record', steps: records.get(member.server.name) ?? [] }, settings.become),
      ),
    ),
  );
  for (const failure of failuresOf(fared))
    run.doors.journal.warn(
      `${failure.server}: its ledger does not say that release ${run.release} is well: ${failure.message}`,
    );
}

function recordSteps(run: Run, member: Member): Step[] {
  return [ledgerStep(member.layout, healthyLines(run, member)), revisionsLogStep(member.layout, sentence(run))];
}

/** What became of the new release, of the one before it, and of servers that were out of step. */
function healthyLines(run: Run, member: Member): LedgerLine[] {
  const facts = run.facts.get(member.server.name);
  const before = run.previous.get(member.server.name);
  const here = run.members.map(({ server }) => server.name);
  const back = [...(facts?.ledger.outOfSync.keys() ?? [])].filter((server) => here.includes(server));
  return [
    ...adoption(run, member),
    ...(before === undefined ? [] : [ledgerLine(run, 'superseded', { release: before })]),
    ledgerLine(run, 'healthy'),
    ...run.absent.map((server) => ledgerLine(run, 'absent', { server })),
    ...back.map((server) => ledgerLine(run, 'rejoined', { server })),
  ];
}

/** A release that was live before Slipway first came counts as healthy, also where a dead run of ours has switched from it meanwhile. */
function adoption(run: Run, member: Member): LedgerLine[] {
  const facts = run.facts.get(member.server.name);
  if (facts === undefined) return [];
  const live = liveRelease(facts.current);
  const was = facts.current.kind === 'release' ? facts.current.revision : undefined;
  const before = new Set([live, run.previous.get(member.server.name)]);
  return [...before].flatMap((release) => {
    if (release === undefined || release === run.release || facts.ledger.releases.has(release)) return [];
    const { revision, ...line } = ledgerLine(run, 'adopted', { release });
    return [{ ...line, ...(release !== live || was === undefined ? {} : { revision: was }) }];
  });
}

function pruneSteps(run: Run, member: Member): Step[] {
  const facts = run.facts.get(member.server.name);
  if (facts === undefined) return [];
  const doomed = expired({
    present: [...facts.releases, run.release],
    live: run.release,
    previous: run.previous.get(member.server.name),
    held: [],
    ledger: withRun(run, member),
    published: facts.published,
    keep: run.order.settings.keepReleases,
  });
  return doomed.length === 0
    ? []
    : [
        pruneStep(member.layout, doomed),
        ledgerStep(
          member.layout,
          doomed.map((release) => ledgerLine(run, 'pruned', { release })),
          'note',
        ),
      ];
}

/** The ledger as it is once this run's own lines are in. */
function withRun(run: Run, member: Member): NonNullable<ReturnType<Run['facts']['get']>>['ledger'] {
  const facts = run.facts.get(member.server.name);
  const releases = new Map(facts?.ledger.releases);
  for (const line of [...adoption(run, member), ledgerLine(run, 'healthy')]) {
    releases.set(line.release, {
      release: line.release,
      state: line.event,
      revision: line.revision,
      health: 'healthy',
      acknowledged: 'open',
      run: line.run,
    });
  }
  return { releases, outOfSync: new Map(), done: new Map(), known: [...releases.keys()], unreadable: 0 };
}

function sentence(run: Run): string {
  return deployedSentence({
    branch: run.order.refName,
    revision: run.revision,
    release: run.release,
    user: run.order.job.actor,
  });
}
