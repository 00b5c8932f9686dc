import { Failure } from '../failure.ts';
import { liveRelease, type TreeFacts } from '../tree/facts.ts';

/** One server's facts under the lock. */
export interface HostFacts {
  readonly server: string;
  readonly facts: TreeFacts;
}

/** Which of the revisions that servers name are ancestors of the new one, as far as the workspace knows. */
export type Ancestry = (older: string, newer: string) => 'yes' | 'no' | 'unknown';

/** What is about to be deployed. */
export interface Candidate {
  readonly revision: string;
  readonly artifact: string;
  readonly configuration: string;
  readonly stage: string;
  readonly repository: string;
  readonly runNumber: number;
  readonly workflow: string;
  /**
   * The names of all servers of the stage. A ledger may list a server that was removed from the configuration as out of
   * sync for ever, so that is ignored.
   */
  readonly servers: readonly string[];
}

/** Whether exactly this is live, healthy and verified on every server already, with the reason either way. */
export function isUnchanged(
  candidate: Candidate,
  hosts: readonly HostFacts[],
): { readonly unchanged: 'unchanged' | 'changed'; readonly because: string } {
  for (const { server, facts } of hosts) {
    const because = difference(candidate, facts);
    if (because !== undefined) return { unchanged: 'changed', because: `on ${server} ${because}` };
  }
  const releases = new Set(hosts.map(({ facts }) => liveRelease(facts.current)));
  if (releases.size > 1) return { unchanged: 'changed', because: 'the servers run different releases' };
  return {
    unchanged: 'unchanged',
    because: 'the same artefact and the same configuration are live and healthy on every server',
  };
}

function difference(candidate: Candidate, facts: TreeFacts): string | undefined {
  const live = liveRelease(facts.current);
  if (live === undefined || facts.current.kind !== 'release') return 'nothing of ours is live';
  if (facts.manifest === undefined || facts.manifest.release !== live) return `release ${live} has no manifest`;
  if (facts.ledger.releases.get(live)?.health !== 'healthy') return `release ${live} is not known to be healthy`;
  if (facts.manifest.stage !== candidate.stage) return `release ${live} is of another stage`;
  if (facts.manifest.artifact !== candidate.artifact) return `release ${live} holds other files`;
  if (facts.manifest.configuration !== candidate.configuration)
    return `release ${live} was made with another configuration`;
  if (facts.manifest.revision !== candidate.revision || facts.current.revision !== candidate.revision)
    return `release ${live} is of another revision`;
  if (candidate.servers.some((server) => facts.ledger.outOfSync.has(server)))
    return 'the ledger lists other servers as out of sync';
  return undefined;
}

/**
 * Why the revision may not go live: it is on hold or in quarantine on some server, or it is older than what is live.
 * @returns every reason on every server
 */
export function refusals(candidate: Candidate, hosts: readonly HostFacts[], ancestry: Ancestry): Failure[] {
  return hosts.flatMap(({ server, facts }) => [
    ...holdRefusals(candidate, server, facts, ancestry),
    ...downgradeRefusals(candidate, server, facts, ancestry),
  ]);
}

function holdRefusals(candidate: Candidate, server: string, facts: TreeFacts, ancestry: Ancestry): Failure[] {
  const lists = [
    ['on hold', facts.held, 'hold.json'],
    ['in quarantine', facts.quarantined, 'quarantine.json'],
  ] as const;
  return lists.flatMap(([word, list, file]) => {
    const hint = `Fix \`.slipway/${file}\` on that server, or remove it if nothing is meant to be ${word}.`;
    if (list === 'all')
      return [
        new Failure(
          'REVISION_HELD',
          `the list of revisions that are ${word} cannot be read, so every revision is refused`,
          {
            server,
            hint,
          },
        ),
      ];
    const reason = list.find(
      (revision) => revision === candidate.revision || ancestry(revision, candidate.revision) === 'yes',
    );
    return reason === undefined
      ? []
      : [
          new Failure(
            'REVISION_HELD',
            `${candidate.revision} is ${word}${reason === candidate.revision ? '' : `: it comes after ${reason}`}`,
            { server },
          ),
        ];
  });
}

function downgradeRefusals(candidate: Candidate, server: string, facts: TreeFacts, ancestry: Ancestry): Failure[] {
  if (facts.current.kind !== 'release') return [];
  const { release, revision } = facts.current;
  if (revision !== undefined && revision !== candidate.revision && ancestry(candidate.revision, revision) === 'yes') {
    return [
      new Failure('POLICY_DOWNGRADE', `${candidate.revision} is older than ${revision}, which is live as ${release}`, {
        server,
      }),
    ];
  }
  const live =
    facts.manifest?.release === release && facts.manifest.repository === candidate.repository
      ? facts.manifest
      : undefined;
  if (
    live !== undefined &&
    revision !== candidate.revision &&
    live.workflow !== '' &&
    live.workflow === candidate.workflow &&
    live.runNumber > candidate.runNumber
  ) {
    return [
      new Failure(
        'POLICY_DOWNGRADE',
        `run number ${candidate.runNumber} is lower than ${live.runNumber}, which made the live release ${release}`,
        { server },
      ),
    ];
  }
  return [];
}
