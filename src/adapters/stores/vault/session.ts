import { asFailure, type Failure } from '../../../domain/failure.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import { refusesToken, type VaultAnswer, type VaultApi, type VaultRequest } from './api.ts';
import { beforeAbort, cancelled } from './cancel.ts';
import type { Revocable } from './hand-over.ts';
import { objectAt } from './json.ts';
import { type HeldLease, renewLeases } from './leases.ts';
import { logIn, type Token, type Vault } from './login.ts';
import { usedUp } from './login-refusal.ts';
import { accessOf, revoke } from './revoke.ts';
import { endOf, endsBefore, secondsUntil } from './times.ts';
import { numberOfTurns, type Turns } from './turns.ts';

/** One login to a store, and what was lent under it. */
export interface Session extends VaultApi, Vault {
  /** Asks with the token of this run, which it logs in for at first; at most eight requests at a time. @throws Failure `TRUST_REFUSED` */
  ask(request: VaultRequest, limits: StoreLimits): Promise<VaultAnswer>;
  /** Remembers a lease that is renewed and revoked with the others. */
  hold(lease: HeldLease): void;
  renew(until: Date): Promise<readonly Failure[]>;
  /** Revokes the token and with it the leases, as far as it can be. */
  close(): Promise<void>;
}

/** Milliseconds that a login on its way is waited for when the run ends, so that its token can be revoked. */
const lastLogin = 2000;
/** Milliseconds that renewing and revoking may take. */
const renewing = 20_000;
const revoking = 5000;
/** A token that ends within so many milliseconds is not used any more. */
const margin = 5000;

export function openSession(vault: Vault): Session {
  return new OpenSession(vault);
}

class OpenSession implements Session {
  readonly config: Vault['config'];
  readonly ports: Vault['ports'];
  readonly api: Vault['api'];
  readonly #turns: Turns = numberOfTurns(8);
  readonly #ended = new AbortController();
  #login: Promise<Token> | undefined;
  #leases: readonly HeldLease[] = [];

  constructor({ config, ports, api }: Vault) {
    this.config = config;
    this.ports = ports;
    this.api = api;
  }

  async ask(request: VaultRequest, limits: StoreLimits): Promise<VaultAnswer> {
    const token = await this.#token(limits);
    const answer = await this.#turns.take(() => this.api.ask({ ...request, token: token.value }, limits));
    if (answer.kind === 'refused' && refusesToken(answer)) throw usedUp(this.ports.store);
    return answer;
  }

  hold(lease: HeldLease): void {
    this.#leases = [...this.#leases, lease];
    void this.#login?.then((token) => this.#note(token));
  }

  async renew(until: Date): Promise<readonly Failure[]> {
    if (this.#leases.length === 0) return [];
    const limits = this.#limits(renewing);
    try {
      const token = await this.#renewToken(await this.#token(limits), until, limits);
      const renewed = await renewLeases(this, this.#leases, { until, tokenEnds: token.ends, limits });
      this.#leases = renewed.map(({ lease }) => lease);
      return renewed.flatMap(({ failure }) => failure ?? []);
    } catch (thrown) {
      return [asFailure(thrown)];
    }
  }

  async close(): Promise<void> {
    const token = await this.#lastToken();
    this.#ended.abort();
    const leases = this.#leases;
    [this.#login, this.#leases] = [undefined, []];
    const { store, handOver } = this.ports;
    if (token === undefined || handOver?.isKept(store) === true) return;
    const limits = { deadline: this.#deadline(revoking), signal: AbortSignal.timeout(revoking) };
    const result = await revoke(this.api, this.#revocable(token, leases), limits);
    if (result === 'revoked') handOver?.forget(store);
  }

  /** The login goes on when `limits.signal` aborts: a token that is on its way has to be revoked. */
  async #token(limits: StoreLimits): Promise<Token> {
    if (this.#ended.signal.aborted || limits.signal.aborted) throw cancelled();
    const before = this.#login;
    const login = before ?? this.#logIn(limits.deadline);
    this.#login = login;
    const token = await beforeAbort(login, limits.signal);
    const fresh = before === undefined || token.origin === 'given';
    if (fresh || !endsBefore(token.ends, this.#deadline(margin))) return token;
    if (this.#login === login) {
      this.#login = undefined;
      this.#leases = this.#leases.map((lease) => endedWith(token, lease));
    }
    return await this.#token(limits);
  }

  #logIn(deadline: Date): Promise<Token> {
    const login = logIn(this, { deadline, signal: this.#ended.signal }).then((token) => {
      this.#note(token);
      return token;
    });
    login.catch(() => {
      if (this.#login === login) this.#login = undefined;
    });
    return login;
  }

  #note(token: Token): void {
    const revocable = this.#revocable(token, this.#leases);
    if (revocable.what.length > 0) this.ports.handOver?.note(this.ports.store, revocable);
  }

  async #renewToken(token: Token, until: Date, limits: StoreLimits): Promise<Token> {
    if (token.renewable === 'fixed' || !endsBefore(token.ends, until)) return token;
    const now = this.ports.clock.now();
    const body = { increment: secondsUntil(now, until) };
    const request = { verb: 'write', path: 'auth/token/renew-self', body } as const;
    const answer = await this.ask(request, limits).catch(() => undefined);
    if (answer?.kind !== 'ok') return token;
    const renewed = { ...token, ends: endOf(now, objectAt(answer.body, 'auth')['lease_duration']) };
    this.#login = Promise.resolve(renewed);
    return renewed;
  }

  /** Batch tokens cannot be revoked, and a given one is not ours to revoke: then each lease is. */
  #revocable(token: Token, leases: readonly HeldLease[]): Revocable {
    const whole = token.origin === 'login' && token.type === 'service';
    const what = whole ? 'token' : leases.map(({ id }) => id);
    return { access: accessOf(this.config), token: token.value.reveal(), what };
  }

  async #lastToken(): Promise<Token | undefined> {
    if (this.#login === undefined) return undefined;
    return await beforeAbort(this.#login, AbortSignal.timeout(lastLogin)).catch(() => undefined);
  }

  #limits(ms: number): StoreLimits {
    return { deadline: this.#deadline(ms), signal: this.#ended.signal };
  }

  #deadline(ms: number): Date {
    return new Date(this.ports.clock.now().getTime() + ms);
  }
}

/** A lease ends with the token that it was lent under. */
function endedWith({ ends }: Token, lease: HeldLease): HeldLease {
  return ends === undefined || endsBefore(lease.ends, ends) ? lease : { ...lease, ends, renewable: 'fixed' };
}
