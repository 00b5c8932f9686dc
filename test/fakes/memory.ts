// What is still in memory once everything that nobody needs is gone.
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Watches objects without keeping them. */
export class Watched {
  readonly #seen: WeakRef<object>[] = [];

  see<T extends object>(seen: T): T {
    this.#seen.push(new WeakRef(seen));
    return seen;
  }

  /**
   * How many of them are still there. A `WeakRef` keeps its object for the turn in which it was made or read, so that a
   * turn goes by first.
   */
  async alive(): Promise<number> {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    for (let turn = 0; turn < 3; turn += 1) {
      await setImmediate();
      collect();
    }
    return this.#seen.filter((seen) => seen.deref() !== undefined).length;
  }
}
