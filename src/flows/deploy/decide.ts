import { type Failure, together } from '../../domain/failure.ts';
import { afterRepairs } from '../../domain/fleet/repairs.ts';
import { type Ancestry, type Candidate, type HostFacts, isUnchanged, refusals } from '../../domain/release/decision.ts';
import type { Artifact, Artifacts } from '../../ports/artifact.ts';
import type { Context, FleetRun } from '../context.ts';
import { hostFacts } from '../release/reconcile.ts';
import type { Packed } from './artifact.ts';
import type { DeployRequest } from './request.ts';

/** What the rules say of a revision: why it may not go live, if anything, and whether there is anything to do. */
export interface Decision {
  readonly refused: readonly Failure[];
  readonly unchanged: 'unchanged' | 'changed';
  readonly because: string;
}

/**
 * Is it live already? Otherwise: may it go live? Decided from the facts that were seen under the lock.
 * @throws Failure `REVISION_HELD`, `POLICY_DOWNGRADE`
 */
export async function decide(
  run: FleetRun,
  request: DeployRequest,
  artifact: Artifact,
): Promise<Omit<Decision, 'refused'>> {
  const packed = { revision: run.revision, artifact };
  const { refused, unchanged, because } = await weigh(run, request, packed, hostFacts(run.facts));
  if (refused.length > 0) throw together(refused[0]?.code ?? 'BUG', 'this revision may not go live', refused);
  return run.absent.length > 0 && unchanged === 'unchanged'
    ? { unchanged: 'changed', because: 'servers are absent' }
    : { unchanged, because };
}

/**
 * The same, asked before or under the lock. `force` lifts what only guards against mistakes.
 * What an unfinished run has left live is reconciled first, so it refuses nothing.
 */
export async function weigh(
  context: Pick<Context, 'settings' | 'job' | 'ports'>,
  { force }: Pick<DeployRequest, 'force'>,
  packed: Pick<Packed, 'revision' | 'artifact'>,
  hosts: readonly HostFacts[],
): Promise<Decision> {
  const candidate = candidateOf(context, packed);
  const reconciled = afterRepairs(hosts);
  const ancestry = await ancestryOf(context.ports.artifacts, packed.revision, reconciled);
  const all = refusals(candidate, reconciled, ancestry);
  if (force !== 'forced') return { refused: all, ...isUnchanged(candidate, hosts) };
  const refused = all.filter(({ code }) => code === 'REVISION_HELD');
  return { refused, unchanged: 'changed', because: '`force` is set' };
}

function candidateOf(
  { settings, job }: Pick<Context, 'settings' | 'job'>,
  { revision, artifact }: Pick<Packed, 'revision' | 'artifact'>,
): Candidate {
  return {
    revision,
    artifact: artifact.manifest.digest,
    configuration: settings.digest,
    stage: settings.stage,
    repository: job.repository,
    runNumber: job.runNumber,
    workflow: job.workflow,
    servers: settings.stageServers,
  };
}

/** Lets git answer, while the lock is being taken, what the decision under it will most probably ask. */
export function prefetchAncestry(artifacts: Artifacts, revision: string, surveyed: readonly HostFacts[]): void {
  ancestryOf(artifacts, revision, afterRepairs(surveyed)).catch(() => undefined);
}

/** Asks git about every pair that the decision may need. */
async function ancestryOf(artifacts: Artifacts, revision: string, hosts: readonly HostFacts[]): Promise<Ancestry> {
  const pairs = new Map<string, 'yes' | 'no' | 'unknown'>();
  for (const { facts } of hosts) {
    const bad = [facts.held, facts.quarantined].flatMap((list) => (list === 'all' ? [] : [...list]));
    for (const older of bad) pairs.set(`${older} ${revision}`, await artifacts.isAncestor(older, revision));
    if (facts.current.kind !== 'release' || facts.current.revision === undefined) continue;
    const live = facts.current.revision;
    pairs.set(`${revision} ${live}`, await artifacts.isAncestor(revision, live));
  }
  return (older, newer) => pairs.get(`${older} ${newer}`) ?? 'unknown';
}
