// Limits of connecting: few handshakes at a time per host, and one login that succeeds before all others.
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LoginResult } from './login.ts';

/** Limits how much runs at a time under one name. sshd drops a burst of connections (MaxStartups). */
export class ConnectionLimits {
  readonly #limit: number;
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #active = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Does `work` when all of the named limits allow it. Names must always come in the same order. */
  async run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const [name, ...others] = names;
    if (name === undefined) return work();
    await this.#acquire(name);
    try {
      return await this.run(others, work);
    } finally {
      this.#release(name);
    }
  }

  async #acquire(name: string): Promise<void> {
    const active = this.#active.get(name) ?? 0;
    if (active < this.#limit) this.#active.set(name, active + 1);
    else await new Promise<void>((resolve) => this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]));
  }

  #release(name: string): void {
    const next = this.#waiting.get(name)?.shift();
    if (next === undefined) this.#active.set(name, (this.#active.get(name) ?? 1) - 1);
    else next();
  }
}

/** The most milliseconds that all others wait for the first login; then another server goes first. */
const patience = 5000;

/**
 * One server logs in first: the others do everything up to the login and then wait until one login has succeeded.
 * A key that is refused is offered to no other server, since sshd (9.8+) and fail2ban block the runner's address.
 */
export class FirstLogin {
  readonly #clock: Clock;
  readonly #patience: number;
  #first: Promise<unknown> | undefined;
  #succeeded = false;
  #refused: string | undefined;

  /**
   * `connectTimeout`: the time limit of each server in milliseconds. It includes the wait for the first login, so that
   * wait may take only a part of it.
   */
  constructor(clock: Clock, connectTimeout: number) {
    this.#clock = clock;
    this.#patience = Math.min(patience, connectTimeout / 4);
  }

  /** @throws Failure `AUTH_REFUSED` where another server has refused the key already */
  async admit(server: string, attempt: () => Promise<LoginResult['kind']>): Promise<void> {
    while (!this.#succeeded && this.#refused === undefined && this.#first !== undefined) await this.#first;
    if (this.#refused !== undefined)
      throw new Failure('AUTH_REFUSED', `The login was not tried, because ${this.#refused} refused the key.`, {
        server,
        follows: this.#refused,
      });
    if (this.#succeeded) {
      await attempt();
      return;
    }
    const outcome = attempt().then(
      (kind) => {
        if (kind === 'open') this.#succeeded = true;
        if (kind === 'refused' && !this.#succeeded) this.#refused = server;
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
