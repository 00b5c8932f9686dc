import type { RetryPolicy } from '../domain/retry.ts';
import { pauseAfter } from '../domain/retry.ts';
import type { Clock, Random } from '../ports/clock.ts';

/** Whether another attempt may help; `after`: milliseconds that the other side asked to be left alone for. */
export type Again = 'yes' | 'no' | { readonly after: number };

export interface Retrying<T> {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** Looks at what an attempt gave. */
  readonly again: (result: T) => Again;
  /** No attempt begins after it. */
  readonly deadline?: Date;
  /** Ends a pause at once. */
  readonly signal?: AbortSignal;
}

/** What the last attempt gave, and how many there were. */
export interface Retried<T> {
  readonly result: T;
  readonly attempts: number;
}

/**
 * Makes attempts until one needs no other, or the policy or the deadline allows none.
 * What `work` throws ends it at once: an attempt that may be repeated returns what went wrong.
 * @throws Failure `CANCELLED` when `signal` aborts during a pause
 */
export async function retry<T>(retrying: Retrying<T>, work: () => Promise<T>): Promise<Retried<T>> {
  for (let attempts = 1; ; attempts += 1) {
    const result = await work();
    const pause = pauseBefore(retrying, result, attempts);
    if (pause === undefined) return { result, attempts };
    await retrying.clock.sleep(pause, retrying.signal);
  }
}

function pauseBefore<T>(retrying: Retrying<T>, result: T, attempts: number): number | undefined {
  const { policy, clock, random, deadline } = retrying;
  const again = retrying.again(result);
  if (again === 'no') return undefined;
  const pause = pauseAfter(attempts, policy, chance(random), again === 'yes' ? undefined : again.after);
  return pause !== undefined && deadline !== undefined && clock.now().getTime() + pause >= deadline.getTime()
    ? undefined
    : pause;
}

/** At least 0, less than 1. */
function chance(random: Random): number {
  return Number.parseInt(random.hex(8), 16) / 2 ** 32;
}
