import type { ProcessGroup } from '../remote/frames.ts';
import { plainWord, repositoryForm } from '../words.ts';

/** Who holds the lock of a tree, as `lock/owner.json` says it. Read from a server: every text in it is from outside. */
export interface LockOwner {
  readonly token: string;
  readonly repository: string;
  readonly run: string;
  readonly attempt: number;
  readonly job: string;
  readonly checkRun: string | undefined;
  readonly actor: string;
  readonly action: string;
  readonly stage: string;
  /** ISO 8601, the runner's clock. */
  readonly at: string;
  /** Seconds on the server's clock. */
  readonly lease: number;
}

/** The owner record as JSON without its closing brace: the program that holds the lock adds its process group. */
export function renderOwner(owner: LockOwner): string {
  const { checkRun, ...rest } = owner;
  return JSON.stringify({ version: 1, ...rest, ...(checkRun === undefined ? {} : { check_run: checkRun }) }).slice(
    0,
    -1,
  );
}

/**
 * The owner and the process group of the program that last ran under the lock; `undefined` where the record is not one
 * of ours.
 */
export function readOwner(text: string): { readonly owner: LockOwner; readonly group: ProcessGroup } | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text.slice(0, 16_384));
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null) return undefined;
  const record = raw as Record<string, unknown>;
  const token = plainWord(record['token'], /^[0-9a-f]{16,64}$/);
  if (token === undefined) return undefined;
  return {
    owner: {
      token,
      repository: plainWord(record['repository'], repositoryForm) ?? 'unknown',
      run: plainWord(record['run'], /^\d{1,20}$/) ?? '0',
      attempt: count(record['attempt']),
      job: plainWord(record['job'], /^[\w.-]{1,100}$/) ?? 'unknown',
      checkRun: plainWord(record['check_run'], /^\d{1,20}$/),
      actor: plainWord(record['actor'], /^[\w[\].-]{1,100}$/) ?? 'unknown',
      action: plainWord(record['action'], /^[\w-]{1,30}$/) ?? 'unknown',
      stage: plainWord(record['stage'], /^[\w.-]{1,100}$/) ?? 'unknown',
      at: plainWord(record['at'], /^[\d:.TZ-]{1,30}$/) ?? 'unknown',
      lease: count(record['lease']),
    },
    group: {
      id: plainWord(record['group'], /^(?:[2-9]|[1-9]\d{1,9})$/) ?? '0',
      started: plainWord(record['started'], /^\d{1,20}$/) ?? '0',
    },
  };
}

/** One phrase that says who holds a lock, safe to print. */
export function describeOwner(owner: LockOwner): string {
  return `${owner.action} of ${owner.repository}, run ${owner.run} attempt ${owner.attempt}, by ${owner.actor}, since ${owner.at}`;
}

/**
 * Whether a lock may be taken over: only when its job is known to have ended, or when GitHub cannot be asked and its
 * lease has run out.
 */
export function isStale(
  owner: LockOwner,
  age: number,
  job: 'ended' | 'running' | 'unknown',
): { readonly stale: 'stale' | 'alive'; readonly because: string } {
  switch (job) {
    case 'ended':
      return { stale: 'stale', because: 'its job has ended' };
    case 'running':
      return { stale: 'alive', because: 'its job is still running' };
    case 'unknown':
      if (owner.lease > 0 && age > owner.lease)
        return {
          stale: 'stale',
          because: `GitHub could not be asked, and its lease of ${owner.lease} s ran out ${age - owner.lease} s ago`,
        };
      return {
        stale: 'alive',
        because: `GitHub could not be asked, and its lease runs ${Math.max(0, owner.lease - age)} s more`,
      };
  }
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
