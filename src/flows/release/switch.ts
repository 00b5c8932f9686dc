import { Failure } from '../../domain/failure.ts';
import { cutBatches } from '../../domain/fleet/batches.ts';
import { runsOn, turnsOf } from '../../domain/hooks/order.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { switchSteps } from '../../domain/programs/switch.ts';
import { duration } from '../../domain/text/duration.ts';
import { beginPhase, type DeployRun, type Member } from '../context.ts';
import { executor, type ServerTask, uncancelledExecutor } from '../fleet/execute.ts';
import { withTree } from '../fleet/members.ts';
import { withReconnect } from '../fleet/reconnect.ts';
import { hookContext } from '../hooks/context.ts';
import { hookTasks } from '../hooks/tasks.ts';
import { ledgerLine } from './ledger.ts';
import { probeServers } from './probe-servers.ts';
import { onceMemory } from './resume.ts';
import { keepCurrent, readBackTask } from './verify.ts';

/**
 * How the switch ended where it did not fail. `unknown` stops further batches and reverts nothing; `read back`: nothing
 * came after `current` was read.
 */
export type Switched = 'healthy' | 'read back' | 'unknown';

/**
 * Makes the release live batch by batch; each is healthy before the next begins.
 * @throws Failure of a step or hook, or `UNHEALTHY`: the caller reverts
 */
export async function switchRelease(run: DeployRun): Promise<Switched> {
  const batches = cutBatches(withTree(run.members), run.settings.strategy.batches);
  const others = run.members.filter(({ server }) => server.release !== 'release');
  const { runTasks } = executor(run, { ahead: 2 });
  const hooks = hookContext(run, onceMemory(run));
  await runTasks('publish', hookTasks('publishing', run.members, hooks, 'once and on the runner'));
  for (const [index, batch] of batches.entries()) {
    if (index > 0) await pause(run, index, batches.length);
    const last = index === batches.length - 1;
    await switchBatch(run, last ? [...batch, ...others] : batch, batch);
    if (last) await runTasks('publish', hookTasks('published', run.members, hooks, 'once and on the runner'));
    if (isProbed(run, batch)) beginPhase(run, batches.length === 1 ? 'health' : `health of batch ${index + 1}`);
    const health = await probeServers(run, batch);
    if (health === 'unknown') return leaveLive(run, batch);
  }
  return isLastProgram(run) ? 'read back' : 'healthy';
}

/**
 * Whether nothing comes between the one program that switches and the truth check: then it can read `current` back
 * itself, and saves a round trip.
 */
function isLastProgram({ members, settings }: DeployRun): boolean {
  const trees = withTree(members);
  return (
    cutBatches(trees, settings.strategy.batches).length === 1 &&
    settings.health.length === 0 &&
    trees.length === members.length &&
    turnsOf(settings.hooks.published).every(({ kind }) => kind === 'together')
  );
}

async function pause(run: DeployRun, index: number, total: number): Promise<void> {
  const { wait } = run.settings.strategy;
  beginPhase(run, `switch batch ${index + 1} of ${total}`);
  if (wait === 0) return;
  run.ports.log.note(`waiting ${duration(wait)} since the batch before`);
  await run.ports.clock.sleep(wait, run.signal);
}

async function switchBatch(run: DeployRun, hooked: readonly Member[], batch: readonly Member[]): Promise<void> {
  const last = isLastProgram(run);
  const hooks = hookContext(run, onceMemory(run));
  const bounded = executor(run, { ahead: last ? 1 : 2, commandTimeout: run.settings.strategy.hostDeadline });
  await bounded.runTasks('switch', [
    ...hookTasks('publishing', hooked, hooks, 'on each server'),
    linkTask(run, batch),
    ...hookTasks('published', hooked, hooks, 'on each server'),
    ...(last ? [readBackTask(run, batch)] : []),
  ]);
}

/**
 * A server counts as switched from when this begins: what failed before, as a hook of the point `publishing`, has left
 * it alone.
 */
function linkTask(run: DeployRun, members: readonly Member[]): ServerTask {
  return {
    where: 'servers',
    members,
    steps: ({ layout }) => [...switchSteps(layout, run.release), ledgerStep(layout, [ledgerLine(run, 'live')])],
    began: ({ server }) => void run.observed.switched.add(server.name),
  };
}

function isProbed({ settings }: DeployRun, batch: readonly Member[]): boolean {
  return batch.some(({ server }) => settings.health.some((probe) => runsOn(probe, server)));
}

/**
 * The ledgers of all servers that were switched record that the release was left live on purpose: nothing is reverted
 * for want of an answer.
 * Never throws: a connection that was lost while a probe was asked is opened again, and a server that cannot be read
 * even then is a failure.
 */
async function leaveLive(run: DeployRun, batch: readonly Member[]): Promise<Switched> {
  const { observed } = run;
  observed.failures.push(...batch.flatMap(({ server: { name } }) => unasked(run, name)));
  const { each } = uncancelledExecutor(run);
  const results = await each(withTree(run.members), (member) =>
    withReconnect(run, member, () => recordUnknown(run, member)),
  );
  for (const { member, failure } of results.flatMap((one) => ('failure' in one ? [one] : []))) {
    const { name } = member.server;
    const sentence = `what is live could not be read back: ${failure.message}`;
    const unread = new Failure('IN_DOUBT', sentence, { server: name, cause: failure });
    observed.failures.push(observed.current.has(name) ? failure : unread);
  }
  return 'unknown';
}

function unasked({ observed }: DeployRun, server: string): Failure[] {
  const lines = observed.health.get(server) ?? [];
  return lines
    .filter(({ verdict, required }) => verdict === 'unknown' && required === 'required')
    .map(({ probe, detail }) => {
      const sentence = `the health check ${probe} could not be asked: ${detail}`;
      return new Failure('HEALTH_UNKNOWN', sentence, { server });
    });
}

async function recordUnknown(run: DeployRun, member: Member): Promise<void> {
  const { server, layout } = member;
  const live = ledgerStep(layout, [ledgerLine(run, 'live', { health: 'unknown' })]);
  const steps = [...(run.observed.switched.has(server.name) ? [live] : []), truthStep(layout)];
  run.observed.current.delete(server.name);
  const onReport = keepCurrent(run, member);
  await uncancelledExecutor(run).run(member, { name: 'record health', steps }, { onReport });
}
