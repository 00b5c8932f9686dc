import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Failure } from '../domain/failure.ts';
import type { Clock, Random } from '../ports/clock.ts';

/** The clock of the runner. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    try {
      await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      throw new Failure('CANCELLED', 'The run was cancelled while it waited.', { cause });
    }
  },
};

/** Randomness that is fit for tokens. */
export const systemRandom: Random = {
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
};
