// From a socket to a login, with the quirks of `ssh2` behind plain results.
import type { Duplex } from 'node:stream';
import type { Failure } from '../../domain/failure.ts';
import { asFailure } from '../../domain/failure.ts';
import { algorithmsFor } from './algorithms.ts';
import type { Connection } from './connection.ts';
import { OpenConnection } from './connection.ts';
import type { AnyAuthMethod, ConnectConfig, SigningKey } from './ssh2.ts';
import { logInAtOnce, newClient } from './ssh2.ts';

/** What is offered to servers: one key, or those of an agent. */
export type LoginKey =
  | { readonly kind: 'key'; readonly key: SigningKey /** Type and `SHA256:…`. */; readonly fingerprint: string }
  | { readonly kind: 'agent'; readonly socket: string };

/** How to log in over a socket. */
export interface Login {
  readonly user: string;
  readonly key: LoginKey;
  /** The types of host keys that known_hosts has for this host; the server is asked for these first. */
  readonly hostKeyTypes: readonly string[];
  /** Must answer synchronously: `ssh2` takes a promise for a yes. */
  readonly verify: (hostKey: Uint8Array) => 'trusted' | 'refused';
  /**
   * Called after the host key is verified and before anything is offered to the server. Rejects with a Failure if the
   * key must not be offered.
   */
  readonly mayLogIn: (attempt: () => Promise<LoginResult['kind']>) => Promise<void>;
  readonly signal: AbortSignal;
}

export type LoginResult =
  | { readonly kind: 'open'; readonly connection: Connection }
  /** The server does not accept the user or the key. */
  | {
      readonly kind: 'refused';
      readonly key: 'taken' | 'refused';
      /** What the server would take now (RFC 4252 §5.1), where it says so. */
      readonly left: readonly string[];
    }
  /** `mayLogIn` rejected; nothing was offered. */
  | { readonly kind: 'not offered'; readonly failure: Failure }
  | { readonly kind: 'no agent'; readonly why: string }
  /** `verify` refused the host key. */
  | { readonly kind: 'host denied' }
  | { readonly kind: 'no common algorithm' }
  /**
   * The connection broke, before or while logging in. `why` is for people; `undefined`: the connection was closed
   * without an error.
   */
  | { readonly kind: 'lost'; readonly stage: 'before login' | 'in login'; readonly why: string | undefined }
  | { readonly kind: 'aborted' };

/** Handshake, host key, login. Resolves in every case; after anything but `open` the socket is destroyed. */
export function logIn(socket: Duplex, login: Login): Promise<LoginResult> {
  return new Attempt(socket, login).make();
}

class Attempt {
  readonly #client = newClient();
  readonly #socket: Duplex;
  readonly #login: Login;
  readonly #result = Promise.withResolvers<LoginResult>();
  #over = false;
  #stage: 'before login' | 'in login' = 'before login';
  #denied = false;
  #answer: Omit<Extract<LoginResult, { kind: 'refused' }>, 'kind'> = { key: 'refused', left: [] };

  constructor(socket: Duplex, login: Login) {
    this.#socket = socket;
    this.#login = login;
  }

  async make(): Promise<LoginResult> {
    const { signal } = this.#login;
    const abort = (): void => this.#settle({ kind: 'aborted' });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else this.#begin();
    const result = await this.#result.promise;
    signal.removeEventListener('abort', abort);
    if (result.kind !== 'open') this.#socket.destroy();
    return result;
  }

  #begin(): void {
    // A connection often has a second error, and an error without a listener would end the process, so this listener is
    // never removed.
    this.#client.on('error', (error: Error & { level?: string }) => this.#settle(this.#verdict(error)));
    this.#client.on('close', () => this.#settle({ kind: 'lost', stage: this.#stage, why: undefined }));
    this.#client.on('ready', () =>
      this.#settle({ kind: 'open', connection: new OpenConnection(this.#client, this.#socket) }),
    );
    this.#client.connect(this.#config());
    const { key } = this.#login;
    if (key.kind === 'key') logInAtOnce(this.#client, key.key);
  }

  #settle(result: LoginResult): void {
    this.#over = true;
    this.#result.resolve(result);
  }

  #config(): ConnectConfig {
    const offers: AnyAuthMethod[] = [offer(this.#login)];
    return {
      sock: this.#socket as NonNullable<ConnectConfig['sock']>,
      username: this.#login.user,
      // Our own signal limits the time.
      readyTimeout: 0,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      algorithms: algorithmsFor(this.#login.hostKeyTypes),
      hostVerifier: (blob: Buffer): boolean => {
        this.#denied = this.#login.verify(blob) !== 'trusted';
        return !this.#denied;
      },
      // Our one key is offered at once, without asking by `none` what is allowed; after it nothing else is offered.
      authHandler: (left, partial, next) => {
        this.#answer = { key: partial === true ? 'taken' : 'refused', left: left ?? [] };
        const method = offers.shift();
        if (method === undefined) return next(false as unknown as AnyAuthMethod);
        this.#login
          .mayLogIn(() => this.#offer(() => next(method)))
          .catch((error: unknown) => this.#settle({ kind: 'not offered', failure: asFailure(error) }));
      },
    };
  }

  async #offer(send: () => void): Promise<LoginResult['kind']> {
    if (!this.#over) {
      this.#stage = 'in login';
      send();
    }
    return (await this.#result.promise).kind;
  }

  #verdict(error: Error & { level?: string }): LoginResult {
    if (this.#denied) return { kind: 'host denied' };
    if (error.level === 'client-authentication' || /too many authentication failures/i.test(error.message))
      return { kind: 'refused', ...this.#answer };
    if (error.level === 'agent') return { kind: 'no agent', why: error.message };
    if (error.level === 'handshake' && /no matching/.test(error.message)) return { kind: 'no common algorithm' };
    return { kind: 'lost', stage: this.#stage, why: error.message };
  }
}

function offer({ key, user }: Login): AnyAuthMethod {
  return key.kind === 'agent'
    ? { type: 'agent', username: user, agent: key.socket }
    : { type: 'publickey', username: user, key: key.key };
}
