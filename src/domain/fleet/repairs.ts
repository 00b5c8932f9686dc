import type { HostFacts } from '../release/decision.ts';
import { previousGood } from '../release/retention.ts';
import { type Current, liveRelease, type TreeFacts } from '../tree/facts.ts';
import type { LedgerEvent } from '../tree/ledger.ts';

/** A server that is out of step, and the release that it goes to before anything else is done; `undefined`: `current` goes away. */
export interface Repair {
  readonly server: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly because: string;
}

/**
 * What a run must put right first: servers on which a dead run left a release that was never proved,
 * and servers that an earlier run left out or could not put back. What a run left live on purpose, and what Capistrano made live, is left alone.
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

/** The servers as they are once they are put right: what goes away then is in nobody's way. */
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

/** The proven release that most servers run; of two equals the newer. */
function fleetRelease(hosts: readonly HostFacts[]): string | undefined {
  const votes = new Map<string, number>();
  for (const { facts } of hosts) {
    const live = liveRelease(facts.current);
    if (live !== undefined && facts.ledger.releases.get(live)?.health === 'healthy')
      votes.set(live, (votes.get(live) ?? 0) + 1);
  }
  return [...votes].sort(([idA, countA], [idB, countB]) => countB - countA || (idA < idB ? 1 : -1))[0]?.[0];
}

/** A server that calls itself well is moved on the word of others only when more than half of all run the other release: one that lies is not enough. */
function isMajority(release: string | undefined, hosts: readonly HostFacts[]): boolean {
  return hosts.filter(({ facts }) => liveRelease(facts.current) === release).length * 2 > hosts.length;
}

/** A release that a run of ours made live here and neither proved nor left so on purpose. What is bad or withdrawn and live all the same, somebody else made live. */
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

/** What was live before it, as its record says: that may be an older one than the newest good one, or one of Capistrano's. */
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
