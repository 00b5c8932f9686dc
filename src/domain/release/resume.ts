import { type HookPoint, lifecycle, pointsWhere } from '../hooks/lifecycle.ts';
import { liveRelease, type TreeFacts } from '../tree/facts.ts';
import type { LedgerEvent } from '../tree/ledger.ts';
import type { Candidate, HostFacts } from './decision.ts';

/** A run that may resume where an earlier attempt of itself was killed. */
export interface Resumer extends Pick<Candidate, 'revision' | 'artifact' | 'configuration' | 'stage' | 'repository'> {
  readonly run: string;
  readonly job: string;
}

/** An unfinished release that the run resumes, under its id. */
export interface Resumed {
  readonly release: string;
  /** Servers on which it is complete: nothing is uploaded or built there again. */
  readonly ready: ReadonlySet<string>;
  /** By server: hooks that ran once there, as `POINT: NAME`. */
  readonly done: ReadonlyMap<string, readonly string[]>;
}

/** `because` is `undefined` where no server holds anything unfinished. */
export type Resumption = { readonly resumed: Resumed | undefined; readonly because: string | undefined };

/**
 * Points at which a run can still be killed and resumed: a hook with `once` that ran there is recorded in the ledger.
 */
export const resumablePoints = pointsWhere(({ resumed }) => resumed !== 'runs all');

/**
 * Resumes the newest release that any server knows, if an earlier attempt of this very job left it unfinished: same
 * files, same configuration,
 * nowhere further than prepared, and the servers still run what they ran then. In any other case the run makes a new
 * release.
 */
export function resumption(resumer: Resumer, hosts: readonly HostFacts[]): Resumption {
  const release = hosts
    .flatMap(({ facts }) => [...facts.releases, ...facts.incoming, ...facts.failed, ...facts.ledger.known])
    .sort()
    .at(-1);
  const holders = hosts.filter(
    ({ facts }) =>
      release !== undefined &&
      facts.unfinished?.release === release &&
      isUnfinished(facts.ledger.releases.get(release)?.state),
  );
  if (release === undefined || holders.length === 0) return { resumed: undefined, because: undefined };
  for (const { server, facts } of hosts) {
    const because = objection(resumer, release, facts);
    if (because !== undefined)
      return { resumed: undefined, because: `release ${release} is not resumed: ${because} on ${server}` };
  }
  const ready = holders
    .filter(({ facts }) => facts.ledger.releases.get(release)?.state === 'prepared')
    .map(({ server }) => server);
  const done = new Map(hosts.map(({ server, facts }) => [server, facts.ledger.done.get(release) ?? []]));
  return {
    resumed: { release, ready: new Set(ready), done },
    because: `release ${release} is resumed: an earlier attempt of this job left it unfinished`,
  };
}

/**
 * Whether the hook has run already on the server on which it would run now. A complete release has all that its hooks
 * made.
 */
export function isDone(
  resumed: Resumed | undefined,
  hook: { readonly server: string; readonly point: HookPoint; readonly name: string },
): boolean {
  if (resumed === undefined) return false;
  const built = lifecycle[hook.point].resumed === 'omits complete' && resumed.ready.has(hook.server);
  return built || (resumed.done.get(hook.server) ?? []).includes(`${hook.point}: ${hook.name}`);
}

function isUnfinished(state: LedgerEvent | undefined): boolean {
  return state === 'preparing' || state === 'prepared';
}

function objection(resumer: Resumer, release: string, facts: TreeFacts): string | undefined {
  const state = facts.ledger.releases.get(release)?.state;
  if (liveRelease(facts.current) === release) return 'it is live';
  if (state !== undefined && !isUnfinished(state)) return `it is ${state.replaceAll('_', ' ')}`;
  if (facts.unfinished?.release !== release) return undefined;
  const record = facts.unfinished;
  if (state === undefined) return 'the ledger does not know it';
  if (record.repository !== resumer.repository || record.run !== resumer.run) return 'it is of another run';
  if (record.job !== resumer.job || record.stage !== resumer.stage) return 'it is of another job or stage';
  if (record.artifact !== resumer.artifact || record.revision !== resumer.revision) return 'it holds other files';
  if (record.configuration !== resumer.configuration) return 'it was made with another configuration';
  return record.previous === liveRelease(facts.current) ? undefined : 'another release went live since it was prepared';
}
