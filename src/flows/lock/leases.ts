import { renewProgram } from '../../domain/programs/lock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Member } from '../context.ts';

/** Milliseconds between two renewals of a lease. The shortest lease is two minutes. */
const interval = 60_000;

/**
 * Renews the leases of all locks that we hold, each minute until it is disposed, also while nothing runs on a server:
 * during a wait, a probe, a local hook or the work of another server, no other run may take its lock over.
 */
export function keepLeases(clock: Clock, members: readonly Member[]): Disposable {
  const over = new AbortController();
  for (const member of members) void renew(clock, member, over.signal);
  return { [Symbol.dispose]: () => over.abort() };
}

/** A renewal that fails is not reported: the next step that changes something looks at the lock itself. */
async function renew(clock: Clock, { fence, transport }: Member, over: AbortSignal): Promise<void> {
  if (fence === undefined) return;
  for (;;) {
    try {
      await clock.sleep(interval, over);
    } catch {
      return;
    }
    await transport.run(renewProgram(fence));
  }
}
