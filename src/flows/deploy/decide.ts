import { clashes } from '../../domain/artifact/entries.ts';
import type { Settings } from '../../domain/config/settings.ts';
import { type Failure, together } from '../../domain/failure.ts';
import { afterRepairs } from '../../domain/fleet/repairs.ts';
import { type Ancestry, type HostFacts, isUnchanged, refusals } from '../../domain/release/decision.ts';
import { type Resumer, resumption } from '../../domain/release/resume.ts';
import { liveRelease } from '../../domain/tree/facts.ts';
import { nextRelease } from '../../domain/tree/ids.ts';
import type { LockOwner } from '../../domain/tree/lock.ts';
import type { Artifact, Artifacts } from '../../ports/artifact.ts';
import type { Doors, Order, Run, Seen } from '../context.ts';
import type { Member } from '../fleet/members.ts';
import type { Locked } from '../lock/lock.ts';

/** The commit that is deployed, and what is shipped of it. */
export interface Cargo extends AsyncDisposable {
  readonly revision: string;
  readonly committed: number;
  readonly artifact: Artifact;
}

/** Packs while the servers are being connected. Disposing waits for the end of it and removes what was packed. */
export function pack(
  artifacts: Artifacts,
  words: string,
  settings: Settings,
): { readonly cargo: Promise<Cargo> } & AsyncDisposable {
  const cargo = load(artifacts, words, settings);
  cargo.catch(() => undefined);
  return {
    cargo,
    [Symbol.asyncDispose]: () =>
      cargo.then(
        ({ artifact }) => artifact[Symbol.asyncDispose](),
        () => undefined,
      ),
  };
}

async function load(artifacts: Artifacts, words: string, settings: Settings): Promise<Cargo> {
  const commit = await artifacts.resolve(words);
  const artifact = await artifacts.pack(commit);
  const problems = clashes(artifact.manifest.entries, [...settings.linkedFiles, ...settings.linkedDirs, 'REVISION']);
  if (problems.length > 0) {
    await artifact[Symbol.asyncDispose]();
    throw together('ARTIFACT_INVALID', 'the artefact leaves no place for what is linked into a release', problems);
  }
  return { ...commit, artifact, [Symbol.asyncDispose]: () => artifact[Symbol.asyncDispose]() };
}

export function newOwner(order: Order, doors: Doors, token: string): LockOwner {
  const { job, settings } = order;
  return {
    token,
    repository: job.repository,
    run: job.runId,
    attempt: job.attempt,
    job: job.job,
    checkRun: order.checkRun,
    actor: job.actor,
    action: 'deploy',
    stage: settings.stage,
    at: doors.clock.now().toISOString(),
    lease: Math.ceil(settings.lock.lease / 1000),
  };
}

/** Everything that the rest of the run goes by, decided from the facts that were seen under the lock. */
export function beginRun(told: {
  readonly order: Order;
  readonly doors: Doors;
  readonly owner: LockOwner;
  readonly members: readonly Member[];
  readonly absent: readonly string[];
  readonly facts: Locked['facts'];
  readonly cargo: Cargo;
  readonly seen: Seen;
}): Run {
  const known = [...told.facts].map(([server, facts]) => ({
    server,
    ids: [...facts.releases, ...facts.incoming, ...facts.failed, ...facts.ledger.known],
  }));
  const { cargo, ...rest } = told;
  const { resumed, because } = resumption(
    resumerOf(told.order, cargo),
    [...told.facts].map(([server, facts]) => ({ server, facts })),
  );
  if (because !== undefined) told.doors.journal.note(because);
  for (const [server, facts] of told.facts) told.seen.truth.set(server, facts.current);
  return {
    ...rest,
    revision: cargo.revision,
    committed: cargo.committed,
    release: resumed?.release ?? nextRelease(told.doors.clock.now(), known),
    resumed,
    previous: new Map([...told.facts].map(([server, facts]) => [server, liveRelease(facts.current)])),
  };
}

function resumerOf({ job, settings }: Order, cargo: Cargo): Resumer {
  return {
    revision: cargo.revision,
    artifact: cargo.artifact.manifest.digest,
    configuration: settings.digest,
    stage: settings.stage,
    repository: job.repository,
    run: job.runId,
    job: job.job,
  };
}

/** What the rules say of a revision: why it may not go live, if anything, and whether there is anything to do. */
export interface Ruling {
  readonly refused: readonly Failure[];
  readonly unchanged: 'unchanged' | 'changed';
  readonly because: string;
}

/**
 * Is it live already? Otherwise: may it go live?
 * @throws Failure `REVISION_HELD`, `POLICY_DOWNGRADE`
 */
export async function judge(
  run: Run,
  artifact: Artifact,
  witnesses: readonly HostFacts[],
): Promise<Omit<Ruling, 'refused'>> {
  const { refused, unchanged, because } = await rule(run, { revision: run.revision, artifact }, witnesses);
  if (refused.length > 0) throw together(refused[0]?.code ?? 'BUG', 'this revision may not go live', refused);
  return run.absent.length > 0 && unchanged === 'unchanged'
    ? { unchanged: 'changed', because: 'servers are absent' }
    : { unchanged, because };
}

/** The same, asked before or under the lock. `force` lifts what is only care. What a dead run has left live is put right first, so it refuses nothing. */
export async function rule(
  { order, doors }: Pick<Run, 'order' | 'doors'>,
  cargo: Pick<Cargo, 'revision' | 'artifact'>,
  witnesses: readonly HostFacts[],
): Promise<Ruling> {
  const { settings, job } = order;
  const candidate = {
    revision: cargo.revision,
    artifact: cargo.artifact.manifest.digest,
    configuration: settings.digest,
    stage: settings.stage,
    repository: job.repository,
    runNumber: job.runNumber,
    workflow: job.workflow,
    servers: settings.stageServers,
  };
  const after = afterRepairs(witnesses);
  const ancestry = await knowAncestry(doors.artifacts, cargo.revision, after);
  const forced = order.deploying === 'forced';
  const refused = refusals(candidate, after, ancestry).filter(({ code }) => code === 'REVISION_HELD' || !forced);
  return {
    refused,
    ...(forced ? { unchanged: 'changed', because: '`force` is set' } : isUnchanged(candidate, witnesses)),
  };
}

/** Lets git answer, while the lock is being taken, what the decision under it will most probably ask. */
export function foresee(artifacts: Artifacts, revision: string, surveyed: readonly HostFacts[]): void {
  knowAncestry(artifacts, revision, afterRepairs(surveyed)).catch(() => undefined);
}

/** Asks git about every pair that the decision may need. */
async function knowAncestry(
  artifacts: Artifacts,
  revision: string,
  witnesses: readonly HostFacts[],
): Promise<Ancestry> {
  const pairs = new Map<string, 'yes' | 'no' | 'unknown'>();
  for (const { facts } of witnesses) {
    const bad = [facts.held, facts.quarantined].flatMap((list) => (list === 'all' ? [] : [...list]));
    for (const older of bad) pairs.set(`${older} ${revision}`, await artifacts.isAncestor(older, revision));
    if (facts.current.kind !== 'release' || facts.current.revision === undefined) continue;
    const live = facts.current.revision;
    pairs.set(`${revision} ${live}`, await artifacts.isAncestor(revision, live));
  }
  return (older, newer) => pairs.get(`${older} ${newer}`) ?? 'unknown';
}
