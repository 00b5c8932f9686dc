import type { Clock } from '../../ports/clock.ts';
import type { StoreLimits } from '../../ports/secret-store.ts';

export interface Login<T> {
  readonly credentials: T;
  readonly ends: Date;
}

/** Credentials of a store: those who need them at the same time share one login. */
export interface Session<T> {
  /**
   * Asks with credentials, and once more with new ones where these were refused, as happens when they end earlier than they said.
   * @param refused tells by the answer
   */
  ask<A>(limits: StoreLimits, ask: (credentials: T) => Promise<A>, refused: (answer: A) => boolean): Promise<A>;
}

/** Milliseconds before their end from which credentials are not used any more. */
const margin = 60_000;

/** Logs in when first asked. A login that fails is tried again by who asks next. */
export function openSession<T>(clock: Clock, login: (limits: StoreLimits) => Promise<Login<T>>): Session<T> {
  let held: Promise<Login<T>> | undefined;
  const start = (limits: StoreLimits): Promise<Login<T>> => {
    const started = login(limits);
    held = started;
    started.catch(() => {
      if (held === started) held = undefined;
    });
    return started;
  };
  const drop = async (known: Login<T>): Promise<void> => {
    const before = held;
    const same = (await before?.catch(() => undefined)) === known;
    if (same && held === before) held = undefined;
  };
  const current = async (limits: StoreLimits): Promise<Login<T>> => {
    const known = await (held ?? start(limits));
    if (known.ends.getTime() - clock.now().getTime() > margin) return known;
    await drop(known);
    return await (held ?? start(limits));
  };
  return {
    ask: async (limits, ask, refused) => {
      const known = await current(limits);
      const answer = await ask(known.credentials);
      if (!refused(answer)) return answer;
      await drop(known);
      return await ask((await (held ?? start(limits))).credentials);
    },
  };
}
