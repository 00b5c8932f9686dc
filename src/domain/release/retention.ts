import type { TreeFacts } from '../tree/facts.ts';
import type { Ledger } from '../tree/ledger.ts';

/** Releases that failed and are kept, to be looked at. */
export const keptFailures = 2;

export interface Retention {
  /** Release ids in `releases/`. */
  readonly present: readonly string[];
  readonly live: string | undefined;
  /** The release that a revert would switch to. */
  readonly previous: string | undefined;
  readonly held: readonly string[];
  readonly ledger: Ledger;
  /** Releases that revisions.log names: Capistrano published them. */
  readonly published: readonly string[];
  readonly keep: number;
}

/**
 * The releases to delete: good ones beyond the newest `keep`, and all others that are older than the oldest good one
 * that stays.
 * Never the live one, the one before it, or one on hold; and a failed release never displaces a good one.
 */
export function expired(facts: Retention): string[] {
  const newestFirst = [...facts.present].sort().reverse();
  const kept = newestFirst.filter((id) => isGood(id, facts)).slice(0, facts.keep);
  const oldest = kept.at(-1);
  const safe = new Set([...kept, facts.live, facts.previous, ...facts.held]);
  return newestFirst.filter((id) => !safe.has(id) && oldest !== undefined && id < oldest).reverse();
}

/** Releases of revisions on hold, which are never pruned; where the hold cannot be read, all that are there. */
export function heldReleases({ held, releases, ledger }: Pick<TreeFacts, 'held' | 'releases' | 'ledger'>): string[] {
  return releases.filter((id) => {
    const revision = ledger.releases.get(id)?.revision;
    return held === 'all' || (revision !== undefined && held.includes(revision));
  });
}

export interface GoodFacts {
  readonly ledger: Ledger;
  readonly published: readonly string[];
}

/**
 * Whether a release may be rolled back to: it was healthy here, or Capistrano published it and nothing bad is known of
 * it.
 */
export function isGood(id: string, facts: GoodFacts): boolean {
  const record = facts.ledger.releases.get(id);
  if (record !== undefined) return record.health === 'healthy';
  return facts.published.includes(id);
}

/**
 * What a rollback would go to: `before`, the release that was live before `live` by its manifest, or the newest older
 * one; good, and still there.
 * The order of names alone does not decide: a rollback by Capistrano leaves withdrawn releases there that are newer.
 */
export function previousGood(
  live: string | undefined,
  facts: GoodFacts & { readonly present: readonly string[]; readonly before?: string | undefined },
): string | undefined {
  const { before, present } = facts;
  if (before !== undefined && present.includes(before) && isGood(before, facts)) return before;
  return [...present]
    .sort()
    .reverse()
    .find((id) => (live === undefined || id < live) && isGood(id, facts));
}
