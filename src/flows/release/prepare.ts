import { findPatterns } from '../../domain/artifact/listing.ts';
import { abandoned } from '../../domain/fleet/repairs.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { roomStep, truthStep } from '../../domain/programs/look.ts';
import { discardStep, prepareSteps } from '../../domain/programs/prepare.ts';
import { completeSteps, setAsideStep } from '../../domain/programs/switch.ts';
import type { ProgramReport } from '../../domain/remote/end.ts';
import type { Step } from '../../domain/remote/program.ts';
import { renderManifest } from '../../domain/tree/manifest.ts';
import type { Artifact } from '../../ports/artifact.ts';
import { beginPhase, type DeployRun, type Member, warn } from '../context.ts';
import { executor, type ServerTask, uncancelledExecutor } from '../fleet/execute.ts';
import { failuresOf, withTree } from '../fleet/members.ts';
import { withReconnect } from '../fleet/reconnect.ts';
import { hookContext } from '../hooks/context.ts';
import { hookTasks } from '../hooks/tasks.ts';
import { breakGlassSteps } from './break-glass.ts';
import { ledgerLine } from './ledger.ts';
import { manifestOf } from './manifest.ts';
import { onceMemory } from './resume.ts';
import { keepCurrent } from './verify.ts';

/**
 * Uploads, checks and builds the release on every server that does not have it from an earlier attempt.
 * It is complete everywhere before this returns, and live nowhere.
 */
export async function prepareRelease(run: DeployRun, artifact: Artifact): Promise<void> {
  const hooks = hookContext(run, onceMemory(run));
  await executor(run, { ahead: 2 }).runTasks('prepare', [
    uploadTask(run, artifact),
    ...hookTasks('updating', run.members, hooks),
    ...hookTasks('updated', run.members, hooks),
    completeTask(run),
  ]);
}

/**
 * Takes the unfinished release away from every server and reads back that nothing has changed.
 * What could not be removed is a warning, and the next run removes it.
 */
export async function discardRelease(run: DeployRun): Promise<void> {
  beginPhase(run, 'clean up');
  const { each } = uncancelledExecutor(run);
  const results = await each(withTree(run.members), (member) => withReconnect(run, member, () => discard(run, member)));
  for (const failure of failuresOf(results))
    warn(run, `${failure.server}: the unfinished release ${run.release} stays until the next run: ${failure.message}`);
}

async function discard(run: DeployRun, member: Member): Promise<void> {
  const { layout } = member;
  const steps = [
    discardStep(layout, run.release),
    ledgerStep(layout, [ledgerLine(run, 'failed')], 'note'),
    truthStep(layout),
  ];
  const onReport = keepCurrent(run, member);
  await uncancelledExecutor(run).run(member, { name: 'clean up', steps }, { onReport });
}

function uploadTask(run: DeployRun, artifact: Artifact): ServerTask {
  return {
    where: 'servers',
    members: withTree(run.members),
    stream: () => artifact.stream(),
    steps: (member) => [
      ...sweepSteps(run, member),
      ...(isReady(run, member) ? [] : uploadSteps(run, member, artifact)),
    ],
    onReport: (member, report) => keepChanges(run, member, report),
  };
}

function completeTask(run: DeployRun): ServerTask {
  const mutable = findPatterns(run.settings.mutable);
  const steps = (member: Member): Step[] => [
    ...completeSteps(member.layout, run.release, mutable),
    ...breakGlassSteps(run, member),
    ledgerStep(member.layout, [ledgerLine(run, 'prepared')]),
    roomStep(member.layout, 'failed'),
  ];
  return {
    where: 'servers',
    members: withTree(run.members),
    steps: (member) => (isReady(run, member) ? [] : steps(member)),
  };
}

function isReady(run: DeployRun, { server }: Member): boolean {
  return run.resumed?.ready.has(server.name) === true;
}

/**
 * What earlier runs left unfinished in `releases/` and this one does not continue is moved where Capistrano does not
 * look.
 */
function sweepSteps(run: DeployRun, { layout, server }: Member): Step[] {
  const facts = run.facts.get(server.name);
  const kept = [run.previous.get(server.name), run.resumed?.release];
  const left = (facts === undefined ? [] : abandoned(facts)).filter((release) => !kept.includes(release));
  return left.flatMap((release) => [
    setAsideStep(layout, release),
    ledgerStep(layout, [ledgerLine(run, 'failed', { release })], 'note'),
  ]);
}

function uploadSteps(run: DeployRun, { layout, server }: Member, artifact: Artifact): readonly Step[] {
  return prepareSteps({
    layout,
    release: run.release,
    revision: run.revision,
    committed: run.committed,
    linkedFiles: run.settings.linkedFiles,
    linkedDirs: run.settings.linkedDirs,
    record: renderManifest(manifestOf(run, server.name, artifact.manifest.digest)),
    live: run.previous.get(server.name),
    leftovers: run.facts.get(server.name)?.incoming ?? [],
    line: ledgerLine(run, 'preparing'),
  });
}

function keepChanges(run: DeployRun, { server }: Member, { facts }: ProgramReport): void {
  const changed = facts.get('changed');
  if (changed === undefined) return;
  run.observed.changed.set(
    server.name,
    changed.split('\n').filter((path) => path !== ''),
  );
}
