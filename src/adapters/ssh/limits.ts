// Who may connect when: few handshakes at a time per host, and one login that succeeds before all others.
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LoginResult } from './login.ts';

/** Limits how much goes on at a time under one name. sshd drops a burst of connections (MaxStartups). */
export class Gates {
  readonly #width: number;
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #inside = new Map<string, number>();

  constructor(width: number) {
    this.#width = width;
  }

  /** Does `work` when there is room behind all of the named gates. Names must always come in the same order. */
  async pass<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const [name, ...others] = names;
    if (name === undefined) return work();
    await this.#enter(name);
    try {
      return await this.pass(others, work);
    } finally {
      this.#leave(name);
    }
  }

  async #enter(name: string): Promise<void> {
    const inside = this.#inside.get(name) ?? 0;
    if (inside < this.#width) this.#inside.set(name, inside + 1);
    else await new Promise<void>((resolve) => this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]));
  }

  #leave(name: string): void {
    const next = this.#waiting.get(name)?.shift();
    if (next === undefined) this.#inside.set(name, (this.#inside.get(name) ?? 1) - 1);
    else next();
  }
}

/** Milliseconds for which all wait at most for the login of one; then another one goes first. */
const patience = 5000;

/**
 * One server goes first: the others do everything up to the login and then wait until one login has succeeded.
 * A key that is refused is offered to nobody else, since sshd (9.8+) and fail2ban lock the runner's address out.
 */
export class Lead {
  readonly #clock: Clock;
  readonly #patience: number;
  #first: Promise<unknown> | undefined;
  #proved = false;
  #refused: string | undefined;

  /** `connectTimeout`: the milliseconds that each server has. They run while it waits, so that one that hangs may take only a part of them. */
  constructor(clock: Clock, connectTimeout: number) {
    this.#clock = clock;
    this.#patience = Math.min(patience, connectTimeout / 4);
  }

  /** @throws Failure `AUTH_REFUSED` where another server has refused the key already */
  async follow(server: string, attempt: () => Promise<LoginResult['kind']>): Promise<void> {
    while (!this.#proved && this.#refused === undefined && this.#first !== undefined) await this.#first;
    if (this.#refused !== undefined)
      throw new Failure('AUTH_REFUSED', `The login was not tried, because ${this.#refused} refused the key.`, {
        server,
        follows: this.#refused,
      });
    if (this.#proved) {
      await attempt();
      return;
    }
    const outcome = attempt().then(
      (kind) => {
        if (kind === 'open') this.#proved = true;
        if (kind === 'refused' && !this.#proved) this.#refused = server;
      },
      () => undefined,
    );
    const limit = new AbortController();
    const turn = Promise.race([
      outcome,
      this.#clock.sleep(this.#patience, limit.signal).catch(() => undefined),
    ]).finally(() => {
      limit.abort();
      if (this.#first === turn) this.#first = undefined;
    });
    this.#first = turn;
    await turn;
  }
}
