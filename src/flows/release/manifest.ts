import type { Settings } from '../../domain/config/settings.ts';
import type { ReleaseManifest } from '../../domain/tree/manifest.ts';
import type { DeployRun } from '../context.ts';

/** Who made the release of this run, of what and how, as it is kept beside the release on a server. */
export function manifestOf(run: DeployRun, server: string, artifact: string): ReleaseManifest {
  const { job, settings } = run;
  return {
    release: run.release,
    revision: run.revision,
    artifact,
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
    previous: run.previous.get(server),
    at: run.ports.clock.now().toISOString(),
    ...hookNames(settings),
  };
}

function hookNames({ hooks }: Settings): Pick<ReleaseManifest, 'hooks' | 'irreversible'> {
  const points = Object.entries(hooks);
  return {
    hooks: Object.fromEntries(points.map(([point, own]) => [point, own.map((hook) => hook.name)])),
    irreversible: points.flatMap(([point, own]) =>
      own.filter((hook) => hook.reversible === 'irreversible').map((hook) => `${point}: ${hook.name}`),
    ),
  };
}
