import { type Resumer, resumption } from '../../domain/release/resume.ts';
import { liveRelease } from '../../domain/tree/facts.ts';
import { nextRelease } from '../../domain/tree/ids.ts';
import type { Context, DeployRun, FleetRun } from '../context.ts';
import { hostFacts } from '../release/reconcile.ts';
import type { Packed } from './artifact.ts';
import type { DeployRequest } from './request.ts';

/** What was locked, and what was seen under the lock. */
export type Locked = Context & Pick<FleetRun, 'owner' | 'members' | 'absent' | 'facts'>;

/**
 * The run that everything after the lock goes by: its release is chosen from the facts that were seen under the lock.
 */
export function newDeployRun(locked: Locked, { refName }: DeployRequest, packed: Packed): DeployRun {
  const { facts, ports, observed } = locked;
  const { resumed, because } = resumption(resumerOf(locked, packed), hostFacts(facts));
  if (because !== undefined) ports.log.note(because);
  for (const [server, { current }] of facts) observed.current.set(server, current);
  return {
    ...locked,
    refName,
    revision: packed.revision,
    committed: packed.committed,
    release: resumed?.release ?? nextRelease(ports.clock.now(), knownReleases(facts)),
    resumed,
    previous: new Map([...facts].map(([server, { current }]) => [server, liveRelease(current)])),
  };
}

function knownReleases(facts: FleetRun['facts']): Parameters<typeof nextRelease>[1] {
  return [...facts].map(([server, { releases, incoming, failed, ledger }]) => ({
    server,
    ids: [...releases, ...incoming, ...failed, ...ledger.known],
  }));
}

function resumerOf({ job, settings }: Context, { revision, artifact }: Packed): Resumer {
  return {
    revision,
    artifact: artifact.manifest.digest,
    configuration: settings.digest,
    stage: settings.stage,
    repository: job.repository,
    run: job.runId,
    job: job.job,
  };
}
