import { asFailure } from '../../domain/failure.ts';
import type { Outcome } from '../../domain/fleet/outcome.ts';
import type { Artifact } from '../../ports/artifact.ts';
import { beginPhase, type Context, type DeployRun, saveProgress, warn } from '../context.ts';
import { connect, type Fleet } from '../fleet/connect.ts';
import { hookContext, startingContext } from '../hooks/context.ts';
import { runFailedHooks, runPoint } from '../hooks/points.ts';
import { finishRun } from '../lock/give-back.ts';
import { keepLeases } from '../lock/leases.ts';
import { fenced, newOwner } from '../lock/owner.ts';
import { takeLocks } from '../lock/take.ts';
import { recordBreakGlass } from '../release/break-glass.ts';
import { finishRelease } from '../release/finish.ts';
import { discardRelease, prepareRelease } from '../release/prepare.ts';
import { hostFacts, reconcile } from '../release/reconcile.ts';
import { revert } from '../release/revert.ts';
import { assertReady, survey } from '../release/survey.ts';
import { switchRelease } from '../release/switch.ts';
import { assertLive, readBack } from '../release/verify.ts';
import { type Packed, pack } from './artifact.ts';
import { decide, prefetchAncestry } from './decide.ts';
import { outcomeOf } from './outcome.ts';
import type { DeployRequest } from './request.ts';
import { newDeployRun } from './run.ts';
import { type DeployState, hooksOutside, newDeployState } from './state.ts';

/**
 * Prepares the release on every server, switches all, verifies it, or reverts everything. Never throws; failures are in
 * the outcome.
 */
export async function deploy(context: Context, request: DeployRequest): Promise<Outcome> {
  const state = newDeployState(context, request);
  try {
    await deployFleet(state);
  } catch (thrown) {
    context.observed.failures.push(asFailure(thrown));
  }
  return outcomeOf(state);
}

async function deployFleet(state: DeployState): Promise<void> {
  const { context, request } = state;
  await using packing = pack(context.ports.artifacts, request.revision, context.settings);
  await using fleet = await connectServers(state);
  const locked = await orElse(
    () => beforeLock(state, fleet, packing.packed),
    async () => (context.signal.aborted ? undefined : await failedHooks(state, fleet)),
  );
  await whileLocked(state, locked.run, () => underLock(state, locked));
}

interface Locked {
  readonly run: DeployRun;
  readonly artifact: Artifact;
}

/** Nothing is changed on a server before the lock, and the lock is the last of it. */
async function beforeLock(state: DeployState, fleet: Fleet, packing: Promise<Packed>): Promise<Locked> {
  await surveyServers(state, fleet);
  const packed = await packing;
  state.revision = packed.revision;
  await runPoint('starting', fleet.members, state.context, startingContext(state.context, state.revision));
  return { run: await lockServers(state, fleet, packed), artifact: packed.artifact };
}

/** @returns whether the last program has given the locks back already */
async function underLock(state: DeployState, { run: locked, artifact }: Locked): Promise<'released' | 'locked'> {
  await recordBreakGlass(locked);
  if ((await decideRelease(state, locked, artifact)) === 'unchanged') return 'locked';
  const run = await reconcile(locked);
  state.run = run;
  await prepare(run, artifact);
  if ((await switchServers(run)) === 'unknown') return 'locked';
  return await finish(state, run);
}

async function connectServers(state: DeployState): Promise<Fleet> {
  beginPhase(state.context, 'connect');
  const fleet = await connect(state.context);
  state.absent = fleet.absent;
  return fleet;
}

/** All problems of all servers come up together. What is seen here counts until something newer is read. */
async function surveyServers(state: DeployState, fleet: Fleet): Promise<void> {
  const { context } = state;
  beginPhase(context, 'survey');
  const found = await survey(context, fleet.members, 2);
  state.facts = found.facts;
  for (const notice of found.notices) warn(context, notice);
  for (const [server, { current }] of found.facts) context.observed.current.set(server, current);
  assertReady([...fleet.problems, ...found.problems]);
  context.ports.log.note('nothing speaks against this deploy');
}

/** Every decision from here on is made from facts that are seen under the lock. */
async function lockServers(state: DeployState, { members, absent }: Fleet, packed: Packed): Promise<DeployRun> {
  const { context, request, facts: surveyed } = state;
  beginPhase(context, 'lock');
  prefetchAncestry(context.ports.artifacts, packed.revision, hostFacts(surveyed));
  const owner = newOwner(context, context.ports.random.hex(32));
  const facts = await takeLocks({ ...context, owner }, members);
  const locked = { ...context, owner, members: fenced(members, owner), absent, facts };
  state.run = await orElse(
    async () => newDeployRun(locked, request, packed),
    () => finishRun(locked, 'locked'),
  );
  return state.run;
}

async function decideRelease(state: DeployState, run: DeployRun, artifact: Artifact): Promise<'unchanged' | 'changed'> {
  const { unchanged, because } = await decide(run, state.request, artifact);
  run.ports.log.note(unchanged === 'changed' ? `this run makes release ${run.release}: ${because}` : because);
  if (unchanged === 'unchanged') state.conclusion = 'unchanged';
  return unchanged;
}

/** Complete on every server, and live on none: the barrier. */
async function prepare(run: DeployRun, artifact: Artifact): Promise<void> {
  saveProgress(run, 'preparing');
  await runPoint('started', run.members, run, hookContext(run));
  beginPhase(run, 'prepare');
  await orElse(
    () => prepareRelease(run, artifact),
    () => discardRelease(run),
  );
}

/** Live, healthy and verified on every server, or reverted to what each of them ran before. */
async function switchServers(run: DeployRun): Promise<'healthy' | 'unknown'> {
  saveProgress(run, 'switching');
  beginPhase(run, 'switch');
  const health = await orElse(
    () => switchAndVerify(run),
    () => revert(run),
  );
  // Nothing is reverted for want of an answer, by the post step neither: only locks are left to give back.
  if (health === 'unknown') saveProgress(run, 'locking');
  return health;
}

async function switchAndVerify(run: DeployRun): Promise<'healthy' | 'unknown'> {
  const switched = await switchRelease(run);
  if (switched === 'unknown') return switched;
  beginPhase(run, 'verify');
  assertLive(run, switched === 'read back' ? [] : await readBack(run));
  return 'healthy';
}

async function finish(state: DeployState, run: DeployRun): Promise<'released' | 'locked'> {
  saveProgress(run, 'proven');
  state.conclusion = 'verified';
  beginPhase(run, 'finish');
  return await finishRelease(run);
}

/** Gives the locks back however the work ends; what stopped it is reported before what went wrong in its revert. */
async function whileLocked(
  state: DeployState,
  run: DeployRun,
  work: () => Promise<'released' | 'locked'>,
): Promise<void> {
  using _leases = keepLeases(run.ports.clock, run.members);
  let locks: 'released' | 'locked' = 'locked';
  try {
    locks = await work();
  } catch (thrown) {
    run.observed.failures.unshift(asFailure(thrown));
  }
  if (run.observed.failures.length > 0) await failedHooks(state, run);
  await finishRun(run, locks);
}

async function failedHooks(state: DeployState, { members }: Pick<Fleet, 'members'>): Promise<void> {
  await runFailedHooks(members, state.context, hooksOutside(state));
}

/** Does the work; when it fails, undoes it and fails all the same. */
async function orElse<T>(work: () => Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    await undo();
    throw thrown;
  }
}
