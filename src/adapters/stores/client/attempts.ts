import { Failure } from '../../../domain/failure.ts';
import type { RetryPolicy } from '../../../domain/retry.ts';
import { StoreUnavailable } from '../../../domain/secrets/unavailable.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import { type Again, retry } from '../../retry.ts';

export interface AttemptPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** `again`: it may work later. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'again'; readonly failure: Failure };

const policy: RetryPolicy = { first: 250, most: 8000 };
/** Milliseconds that one attempt may take. */
const attemptLimit = 10_000;

/**
 * Makes attempts until one is done or the deadline leaves no time for another one.
 * @param attempt is told how many milliseconds it has
 * @throws Failure the last one of the attempts; `CANCELLED`
 */
export async function untilDeadline<T>(
  ports: AttemptPorts,
  limits: StoreLimits,
  attempt: (ms: number) => Promise<Attempt<T>>,
): Promise<T> {
  const { deadline, signal } = limits;
  const left = () => deadline.getTime() - ports.clock.now().getTime();
  let before: Attempt<T> | undefined;
  const { result } = await retry({ ...ports, policy, deadline, signal, again: waits }, async () => {
    const made = await unlessCancelled(signal, () => attempt(Math.max(1, Math.min(attemptLimit, left()))));
    if (left() > 0 || before === undefined || !isUnreachable(made)) before = made;
    return before;
  });
  if (result.kind === 'done') return result.value;
  throw result.failure;
}

/** What the deadline cuts short says nothing about the store: what it said before does. */
function isUnreachable<T>(made: Attempt<T>): boolean {
  return made.kind === 'again' && made.failure instanceof StoreUnavailable && made.failure.how === 'unreachable';
}

function waits<T>(made: Attempt<T>): Again {
  if (made.kind === 'done') return 'no';
  return made.failure instanceof StoreUnavailable ? { after: made.failure.retryAfter } : 'yes';
}

async function unlessCancelled<T>(signal: AbortSignal, work: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  const cancelled = () => new Failure('CANCELLED', 'The run was cancelled while it asked a store.');
  if (signal.aborted) throw cancelled();
  const made = await work().catch((thrown: unknown) => {
    throw signal.aborted ? cancelled() : thrown;
  });
  if (signal.aborted && made.kind === 'again') throw cancelled();
  return made;
}
