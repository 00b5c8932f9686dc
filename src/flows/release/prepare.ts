import { findPatterns } from '../../domain/artifact/listing.ts';
import { abandoned } from '../../domain/fleet/repairs.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { roomStep, truthStep } from '../../domain/programs/look.ts';
import { discardStep, prepareSteps } from '../../domain/programs/prepare.ts';
import { completeSteps, setAsideStep } from '../../domain/programs/switch.ts';
import type { ProgramReport } from '../../domain/remote/end.ts';
import type { Step } from '../../domain/remote/program.ts';
import { type ReleaseManifest, renderManifest } from '../../domain/tree/manifest.ts';
import type { Artifact } from '../../ports/artifact.ts';
import type { Run } from '../context.ts';
import { type Act, programFor, tell } from '../fleet/execute.ts';
import { each, failuresOf, holders, type Member } from '../fleet/members.ts';
import { onSecondWay } from '../fleet/reconnect.ts';
import { perform } from '../fleet/supervise.ts';
import { hearCurrent, ledgerLine, sceneOf, telling, wayBackWatch } from '../hooks/context.ts';
import { hookTurns } from '../hooks/tasks.ts';
import { breakGlassSteps } from './break-glass.ts';

/** Uploads, checks and builds the release on every server that does not have it from an earlier attempt. It is complete everywhere before this returns, and live nowhere. */
export async function prepareRelease(run: Run, artifact: Artifact): Promise<void> {
  const members = holders(run.members);
  const most = run.order.settings.strategy.maxParallel;
  const scene = sceneOf(run, (member) => member.layout.release(run.release));
  const isMissing = ({ server }: Member): boolean => run.resumed?.ready.has(server.name) !== true;
  const completing = (member: Member): Step[] => [
    ...completeSteps(member.layout, run.release, findPatterns(run.order.settings.mutable)),
    ...breakGlassSteps(run, member),
    ledgerStep(member.layout, [ledgerLine(run, 'prepared')]),
    roomStep(member.layout, 'failed'),
  ];
  const complete: Act = { members, most, steps: (member) => (isMissing(member) ? completing(member) : []) };
  await tell(telling(run, 'prepare'), [
    {
      kind: 'servers',
      act: {
        members,
        most,
        stream: () => artifact.stream(),
        steps: (member) => [
          ...sweepSteps(run, member),
          ...(isMissing(member) ? uploadSteps(run, member, artifact) : []),
        ],
        heard: (member, report) => learnChanges(run, member, report),
      },
    },
    ...hookTurns('updating', run.members, scene),
    ...hookTurns('updated', run.members, scene),
    { kind: 'servers', act: complete },
  ]);
}

/** Takes the unfinished release away from every server and reads back that nothing has changed. What stays behind is said, and the next run removes it. */
export async function discardRelease(run: Run): Promise<void> {
  run.doors.journal.chapter('clean up');
  const fared = await each(holders(run.members), run.order.settings.strategy.maxParallel, (member) =>
    onSecondWay(run, member, () => discard(run, member)),
  );
  for (const failure of failuresOf(fared))
    run.doors.journal.warn(
      `${failure.server}: the unfinished release ${run.release} stays until the next run: ${failure.message}`,
    );
}

async function discard(run: Run, member: Member): Promise<void> {
  const steps = [
    discardStep(member.layout, run.release),
    ledgerStep(member.layout, [ledgerLine(run, 'failed')], 'note'),
    truthStep(member.layout),
  ];
  const program = programFor(member, { name: 'clean up', steps }, run.order.settings.become);
  await perform(wayBackWatch(run.order, run.doors), member, program, hearCurrent(run, member));
}

/** What dead runs left in `releases/` and this one does not go on with goes out of Capistrano's sight. */
function sweepSteps(run: Run, { layout, server }: Member): Step[] {
  const facts = run.facts.get(server.name);
  const left = (facts === undefined ? [] : abandoned(facts)).filter(
    (release) => release !== run.previous.get(server.name) && release !== run.resumed?.release,
  );
  return left.flatMap((release) => [
    setAsideStep(layout, release),
    ledgerStep(layout, [ledgerLine(run, 'failed', { release })], 'note'),
  ]);
}

function uploadSteps(run: Run, member: Member, artifact: Artifact): ReturnType<typeof prepareSteps> {
  const { settings } = run.order;
  const facts = run.facts.get(member.server.name);
  return prepareSteps({
    layout: member.layout,
    release: run.release,
    revision: run.revision,
    committed: run.committed,
    linkedFiles: settings.linkedFiles,
    linkedDirs: settings.linkedDirs,
    record: renderManifest(recordOf(run, member, artifact)),
    live: run.previous.get(member.server.name),
    leftovers: facts?.incoming ?? [],
    line: ledgerLine(run, 'preparing'),
  });
}

function recordOf(run: Run, member: Member, artifact: Artifact): ReleaseManifest {
  const { job, settings } = run.order;
  return {
    release: run.release,
    revision: run.revision,
    artifact: artifact.manifest.digest,
    configuration: settings.digest,
    application: settings.application,
    stage: settings.stage,
    by: job.actor,
    run: job.runId,
    runNumber: job.runNumber,
    workflow: job.workflow,
    attempt: job.attempt,
    job: job.job,
    repository: job.repository,
    previous: run.previous.get(member.server.name),
    at: run.doors.clock.now().toISOString(),
    hooks: Object.fromEntries(
      Object.entries(settings.hooks).map(([point, hooks]) => [point, hooks.map((hook) => hook.name)]),
    ),
    irreversible: Object.entries(settings.hooks).flatMap(([point, hooks]) =>
      hooks.filter((hook) => hook.reversible === 'irreversible').map((hook) => `${point}: ${hook.name}`),
    ),
  };
}

function learnChanges(run: Run, member: Member, report: ProgramReport): void {
  const changed = report.facts.get('changed');
  if (changed !== undefined)
    run.seen.changed.set(
      member.server.name,
      changed.split('\n').filter((path) => path !== ''),
    );
}
