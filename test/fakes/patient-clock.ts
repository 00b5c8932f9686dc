import { Failure } from '../../src/domain/failure.ts';
import { FakeClock } from './fake-clock.ts';

/**
 * Sleeps of a minute and more, which guard a program, last until they are called off; shorter ones, in which a flow
 * waits, pass at once.
 */
export class PatientClock extends FakeClock {
  /** Told of every sleep that passes: what the world does meanwhile. */
  meanwhile: () => void = () => undefined;

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms < 60_000) {
      await super.sleep(ms, signal);
      return this.meanwhile();
    }
    return new Promise((_, reject) => {
      const callOff = (): void => reject(new Failure('CANCELLED', 'The run was cancelled while it waited.'));
      if (signal?.aborted === true) callOff();
      signal?.addEventListener('abort', callOff, { once: true });
    });
  }
}
