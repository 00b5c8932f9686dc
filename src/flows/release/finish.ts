import { asFailure, Failure, leafFailures } from '../../domain/failure.ts';
import { pruneStep } from '../../domain/programs/finish.ts';
import { deployedSentence, ledgerStep, revisionsLogStep } from '../../domain/programs/ledger.ts';
import { releaseLockStep } from '../../domain/programs/lock.ts';
import { expired, heldReleases } from '../../domain/release/retention.ts';
import type { Step } from '../../domain/remote/program.ts';
import { liveRelease, type TreeFacts } from '../../domain/tree/facts.ts';
import { append, type LedgerLine } from '../../domain/tree/ledger.ts';
import { type FleetRun, type Member, warn } from '../context.ts';
import { executor, uncancelledExecutor } from '../fleet/execute.ts';
import { failuresOf, withTree } from '../fleet/members.ts';
import { withReconnect } from '../fleet/reconnect.ts';
import { hookContext } from '../hooks/context.ts';
import { hookTasks } from '../hooks/tasks.ts';
import { ledgerLine } from './ledger.ts';

/**
 * Records that the release is healthy, runs the last hooks, prunes, and gives the locks back.
 * A hook that fails here never reverts the release: it is a failure of the run, which is red.
 */
export async function finishRelease(run: FleetRun): Promise<'released' | 'locked'> {
  const members = withTree(run.members);
  const hooks = hookContext(run);
  const records = new Map(members.map((member) => [member.server.name, recordSteps(run, member)]));
  try {
    await executor(run).runTasks('finish', [
      { where: 'servers', members, steps: ({ server }) => records.get(server.name) ?? [] },
      ...hookTasks('finishing', run.members, hooks),
      { where: 'servers', members, steps: (member) => pruneSteps(run, member) },
      ...hookTasks('finished', run.members, hooks),
      { where: 'servers', members, steps: unlockSteps },
    ]);
    run.ports.log.note('recorded as healthy; the locks are given back');
    return 'released';
  } catch (thrown) {
    const failure = asFailure(thrown);
    run.observed.failures.push(...leafFailures(failure).map(afterSwitch));
    const failed = new Set([failure, ...failure.problems].map(({ server }) => server));
    await recordAgain(
      run,
      members.filter(({ server }) => failed.has(server.name)),
      records,
    );
    return 'locked';
  }
}

function unlockSteps({ layout, fence }: Member): Step[] {
  return fence === undefined ? [] : [releaseLockStep(layout, fence)];
}

/** The next deploy of the same commit finds it live and healthy, and has nothing to do. */
function afterSwitch(failure: Failure): Failure {
  const { code, message, server } = failure;
  if (code !== 'HOOK_FAILED' && code !== 'HOOK_TIMEOUT' && code !== 'LOCAL_HOOK_FAILED') return failure;
  const hint =
    'The release is live and healthy, and stays. Fix the hook; for the same commit it runs again only with `force: true`.';
  return new Failure(code, message, { hint, cause: failure, ...(server === undefined ? {} : { server }) });
}

/**
 * That the release is healthy is recorded whatever stopped the rest: the next run would take a release without that
 * line for a half-done one and revert it.
 */
async function recordAgain(
  run: FleetRun,
  members: readonly Member[],
  records: ReadonlyMap<string, readonly Step[]>,
): Promise<void> {
  const { each, run: runOn } = uncancelledExecutor(run);
  const results = await each(members, (member) => {
    const program = { name: 'record', steps: records.get(member.server.name) ?? [] };
    return withReconnect(run, member, () => runOn(member, program));
  });
  for (const { server, message } of failuresOf(results))
    warn(run, `${server}: its ledger does not record that release ${run.release} is healthy: ${message}`);
}

function recordSteps(run: FleetRun, { server, layout }: Member): Step[] {
  const { refName: branch, revision, release, job } = run;
  return [
    ledgerStep(layout, healthyLines(run, server.name)),
    revisionsLogStep(layout, deployedSentence({ branch, revision, release, user: job.actor })),
  ];
}

/** What became of the new release, of the one before it, and of servers that were out of sync. */
function healthyLines(run: FleetRun, server: string): LedgerLine[] {
  const before = run.previous.get(server);
  const here = new Set(run.members.map((member) => member.server.name));
  const back = [...(run.facts.get(server)?.ledger.outOfSync.keys() ?? [])].filter((name) => here.has(name));
  return [
    ...adoption(run, server),
    ...(before === undefined ? [] : [ledgerLine(run, 'superseded', { release: before })]),
    ledgerLine(run, 'healthy'),
    ...run.absent.map((name) => ledgerLine(run, 'absent', { server: name })),
    ...back.map((name) => ledgerLine(run, 'rejoined', { server: name })),
  ];
}

/**
 * A release that was live before Slipway first came counts as healthy, also where an unfinished run of ours has
 * switched from it meanwhile.
 */
function adoption(run: FleetRun, server: string): LedgerLine[] {
  const facts = run.facts.get(server);
  if (facts === undefined) return [];
  const live = liveRelease(facts.current);
  const revision = facts.current.kind === 'release' ? facts.current.revision : undefined;
  const before = new Set([live, run.previous.get(server)]);
  return [...before].flatMap((release) => {
    if (release === undefined || release === run.release || facts.ledger.releases.has(release)) return [];
    const { revision: _, ...line } = ledgerLine(run, 'adopted', { release });
    return [{ ...line, ...(release !== live || revision === undefined ? {} : { revision }) }];
  });
}

function pruneSteps(run: FleetRun, { server, layout }: Member): Step[] {
  const facts = run.facts.get(server.name);
  const doomed = facts === undefined ? [] : expiredOf(run, server.name, facts);
  if (doomed.length === 0) return [];
  const lines = doomed.map((release) => ledgerLine(run, 'pruned', { release }));
  return [pruneStep(layout, doomed), ledgerStep(layout, lines, 'note')];
}

/** What goes by the ledger as it is once this run's own lines are in it. */
function expiredOf(run: FleetRun, server: string, facts: TreeFacts): readonly string[] {
  return expired({
    present: [...facts.releases, run.release],
    live: run.release,
    previous: run.previous.get(server),
    held: heldReleases(facts),
    ledger: append(facts.ledger, [...adoption(run, server), ledgerLine(run, 'healthy')]),
    published: facts.published,
    keep: run.settings.keepReleases,
  });
}
