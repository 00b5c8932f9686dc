import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { type ActionsRunner, exit, openRunner } from '../../adapters/runner/runner.ts';

/** Starts the main step of an action. `signal` aborts when the job is cancelled. */
export function startMain(step: (runner: ActionsRunner, signal: AbortSignal) => Promise<void>): void {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());
  void step(openRunner(systemClock, systemRandom), cancel.signal).then(exit);
}

/** Starts the post step of an action. Cancelling it ends the process, as it would any other. */
export function startPost(step: (runner: ActionsRunner) => Promise<void>): void {
  void step(openRunner(systemClock, systemRandom)).then(exit);
}
