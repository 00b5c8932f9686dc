import type { HostFacts } from '../release/decision.ts';
import { previousGood } from '../release/retention.ts';
import { type Current, liveRelease, type TreeFacts } from '../tree/facts.ts';
import type { LedgerEvent } from '../tree/ledger.ts';

/** A server that is out of sync, and the release that it is switched to first; `undefined`: `current` is removed. */
export interface Repair {
  readonly server: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly because: string;
}

/**
 * The servers that a run must reconcile first: those on which a dead run left a release that was never verified,
 * and those that an earlier run left out or could not revert. What a run left live on purpose, and what Capistrano made
 * live, stays.
 */
export function repairsOf(hosts: readonly HostFacts[]): Repair[] {
  const common = fleetRelease(hosts);
  const outOfSync = new Map(hosts.flatMap(({ facts }) => [...facts.ledger.outOfSync]));
  return hosts.flatMap((host) => {
    const from = liveRelease(host.facts.current);
    if (from === undefined || from === common) return [];
    const own = halfLive(host);
    const because = outOfSync.has(host.server) ? 'an earlier run left it out of sync' : own;
    if (because === undefined || (own === undefined && !isMajority(common, hosts))) return [];
    if (common !== undefined && isWhole(host, common)) return [{ server: host.server, from, to: common, because }];
    return own === undefined ? [] : [{ server: host.server, from, to: ownEarlier(host), because }];
  });
}

/**
 * The servers as they will be after their repairs, so that a release which a repair replaces is not taken for the live
 * one.
 */
export function afterRepairs(hosts: readonly HostFacts[]): HostFacts[] {
  const repairs = new Map(repairsOf(hosts).map((repair) => [repair.server, repair]));
  return hosts.map((host) => {
    const repair = repairs.get(host.server);
    return repair === undefined
      ? host
      : { ...host, facts: { ...host.facts, current: currentAfter(repair, host.facts) } };
  });
}

function currentAfter({ to }: Repair, { ledger }: TreeFacts): Current {
  return to === undefined
    ? { kind: 'none' }
    : { kind: 'release', release: to, revision: ledger.releases.get(to)?.revision };
}

/** Releases in `releases/` that dead runs left unfinished and that are not live: Capistrano would choose them. */
export function abandoned(facts: TreeFacts): string[] {
  const live = liveRelease(facts.current);
  return facts.releases.filter((id) => {
    const record = facts.ledger.releases.get(id);
    return (
      id !== live &&
      record !== undefined &&
      record.acknowledged === 'open' &&
      record.health !== 'healthy' &&
      unfinished.includes(record.state)
    );
  });
}

/** The healthy release that most servers run; of two with as many, the newer. */
function fleetRelease(hosts: readonly HostFacts[]): string | undefined {
  const votes = new Map<string, number>();
  for (const { facts } of hosts) {
    const live = liveRelease(facts.current);
    if (live !== undefined && facts.ledger.releases.get(live)?.health === 'healthy')
      votes.set(live, (votes.get(live) ?? 0) + 1);
  }
  return [...votes].sort(([idA, countA], [idB, countB]) => countB - countA || (idA < idB ? 1 : -1))[0]?.[0];
}

/**
 * A server whose own ledger says healthy is moved only when more than half of all servers run the other release, so
 * that one lying server cannot move it.
 */
function isMajority(release: string | undefined, hosts: readonly HostFacts[]): boolean {
  return hosts.filter(({ facts }) => liveRelease(facts.current) === release).length * 2 > hosts.length;
}

/**
 * A release that a run made live and neither verified nor left on purpose. One that is failed or withdrawn and still
 * live was made live by somebody else.
 */
function halfLive({ facts }: HostFacts): string | undefined {
  const live = liveRelease(facts.current);
  const record = live === undefined ? undefined : facts.ledger.releases.get(live);
  if (
    live === undefined ||
    record === undefined ||
    record.health === 'healthy' ||
    record.acknowledged === 'acknowledged' ||
    !unfinished.includes(record.state)
  )
    return undefined;
  return `an earlier run ended before release ${live} was verified`;
}

function isWhole({ facts }: HostFacts, release: string): boolean {
  return facts.releases.includes(release) && facts.ledger.releases.get(release)?.health === 'healthy';
}

/**
 * The release that was live before, from its manifest: it may be older than the newest good one, or one of
 * Capistrano's.
 */
function ownEarlier({ facts }: HostFacts): string | undefined {
  const { manifest, releases: present, ledger, published } = facts;
  const live = liveRelease(facts.current);
  const before = manifest?.release === live ? manifest?.previous : undefined;
  if (before !== undefined && present.includes(before) && !bad.includes(ledger.releases.get(before)?.state))
    return before;
  return previousGood(live, { present, ledger, published });
}

const unfinished: readonly LedgerEvent[] = ['preparing', 'prepared', 'live'];
const bad: readonly (LedgerEvent | undefined)[] = ['failed', 'rolled_back', 'quarantined'];
