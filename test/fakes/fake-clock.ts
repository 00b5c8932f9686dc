import { Failure } from '../../src/domain/failure.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';

/** A clock whose time passes only by sleeping, and at once. */
export class FakeClock implements Clock {
  #now: number;

  constructor(start: Date = new Date('2026-11-21T19:37:11Z')) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) throw new Failure('CANCELLED', 'The run was cancelled while it waited.');
    this.pass(ms);
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}

/** Counts instead of throwing dice: each call gives the next number as hex. */
export class FakeRandom implements Random {
  #count = 0;

  hex(digits: number): string {
    this.#count += 1;
    return this.#count.toString(16).padStart(digits, '0').slice(-digits);
  }
}
