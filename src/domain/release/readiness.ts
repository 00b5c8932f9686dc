import { liveRelease, type TreeFacts } from '../tree/facts.ts';
import { isGood, previousGood } from './retention.ts';

/** Whether a rollback would find a release to go back to, and why (not). */
export interface RollbackReadiness {
  readonly possible: 'yes' | 'no';
  readonly because: string;
}

/**
 * Whether a rollback would find a release to go back to on every server, the same everywhere.
 * `released`: the release that this run has just made live; `undefined`: what the facts say is live.
 * `servers`: all that would have to be rolled back, with facts or without.
 */
export function rollbackReadiness(
  known: ReadonlyMap<string, TreeFacts>,
  released: string | undefined,
  servers: readonly string[],
): RollbackReadiness {
  const facts = [...known];
  if (facts.length === 0) return { possible: 'no', because: 'no server was read' };
  const unread = servers.filter((server) => !known.has(server));
  if (unread.length > 0) return { possible: 'no', because: `it is not known what ${some(unread)} would roll back to` };
  const targets = facts.map(([server, seen]) => ({ server, target: targetOf(seen, released) }));
  const without = targets.filter(({ target }) => target === undefined).map(({ server }) => server);
  if (without.length > 0)
    return { possible: 'no', because: `there is no earlier release known to be good on ${some(without)}` };
  const different = [...Map.groupBy(targets, ({ target }) => target)].map(
    ([target, on]) => `${target} on ${some(on.map(({ server }) => server))}`,
  );
  if (different.length > 1)
    return {
      possible: 'no',
      because: `the servers would roll back to different releases: ${different.slice(0, 5).join('; ')}`,
    };
  return { possible: 'yes', because: `release ${targets[0]?.target} was good on every server and is still there` };
}

/** Five names, and how many more there are. */
function some(servers: readonly string[]): string {
  const more = servers.length - 5;
  return `${servers.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function targetOf(facts: TreeFacts, released: string | undefined): string | undefined {
  const live = liveRelease(facts.current);
  const before = facts.manifest?.release === live ? facts.manifest?.previous : undefined;
  if (released === undefined)
    return previousGood(live, { present: facts.releases, ledger: facts.ledger, published: facts.published, before });
  const adopted = live !== undefined && (!facts.ledger.releases.has(live) || isGood(live, facts));
  return adopted
    ? live
    : previousGood(released, { present: facts.releases, ledger: facts.ledger, published: facts.published });
}
