import type { Ledger } from './ledger.ts';

export interface Retention {
  /** Release ids in `releases/`. */
  readonly present: readonly string[];
  readonly live: string | undefined;
  /** What the way back would go to. */
  readonly previous: string | undefined;
  readonly held: readonly string[];
  readonly ledger: Ledger;
  /** Releases that revisions.log names: Capistrano published them. */
  readonly published: readonly string[];
  readonly keep: number;
}

/**
 * The releases to delete: good ones beyond the newest `keep`, and whatever else is older than the oldest good one that stays.
 * Never the live one, the one before it, or a held one; and a failed release never pushes a good one out.
 */
export function expired(facts: Retention): string[] {
  const newestFirst = [...facts.present].sort().reverse();
  const kept = newestFirst.filter((id) => isGood(id, facts)).slice(0, facts.keep);
  const oldest = kept.at(-1);
  const safe = new Set([...kept, facts.live, facts.previous, ...facts.held]);
  return newestFirst.filter((id) => !safe.has(id) && oldest !== undefined && id < oldest).reverse();
}

/** A release that somebody could want back: proven here, or published by Capistrano and nothing bad known of it. */
export function isGood(id: string, facts: { readonly ledger: Ledger; readonly published: readonly string[] }): boolean {
  const record = facts.ledger.releases.get(id);
  if (record !== undefined) return record.proven === 'proven';
  return facts.published.includes(id);
}

/** The newest good release older than `live`: what a rollback would go to. */
export function previousGood(live: string | undefined, facts: { readonly present: readonly string[]; readonly ledger: Ledger; readonly published: readonly string[] }): string | undefined {
  return [...facts.present].sort().reverse().find((id) => (live === undefined || id < live) && isGood(id, facts));
}
