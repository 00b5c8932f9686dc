// The only file that knows `ssh2`: one connection, from a socket to a login, with its quirks behind plain results.
import type { Duplex } from 'node:stream';
import type { Algorithms, AnyAuthMethod, Client, ClientChannel, ParsedKey, ServerHostKeyAlgorithm } from 'ssh2';
import ssh2 from 'ssh2';
import type { Failure } from '../../domain/failure.ts';
import { asFailure } from '../../domain/failure.ts';

/** A key that `ssh2` can sign with. */
export type SigningKey = ParsedKey;

/** The channel of an exec request. */
export type ExecChannel = ClientChannel;

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
  /** Must answer at once: `ssh2` takes a promise for a yes. */
  readonly verify: (hostKey: Uint8Array) => 'trusted' | 'refused';
  /** Asked after the host key is verified and before anything is offered to the server. Rejects with a Failure to hold the key back. */
  readonly mayLogIn: (attempt: () => Promise<LoginResult['kind']>) => Promise<void>;
  readonly signal: AbortSignal;
}

export type LoginResult =
  | { readonly kind: 'open'; readonly connection: Connection }
  /** The server does not accept the user or the key. */
  | { readonly kind: 'refused' }
  /** `mayLogIn` said no; nothing was offered. */
  | { readonly kind: 'held back'; readonly failure: Failure }
  | { readonly kind: 'no agent'; readonly why: string }
  /** `verify` said no. */
  | { readonly kind: 'host denied' }
  | { readonly kind: 'no common algorithm' }
  /** The connection broke, before or while logging in. `why` is for people. */
  | { readonly kind: 'lost'; readonly stage: 'before login' | 'in login'; readonly why: string }
  | { readonly kind: 'aborted' };

/** One connection that is logged in. */
export interface Connection extends AsyncDisposable {
  /** Why the connection is gone; `undefined` while it is there. */
  readonly lost: string | undefined;
  /** Calls back once when the connection is gone. */
  onLost(callback: () => void): void;
  /** One exec request. */
  exec(command: string): Promise<ChannelResult<ExecChannel>>;
  /** A stream to `port` of `host` as the server sees it. */
  forward(host: string, port: number): Promise<ChannelResult<Duplex>>;
}

export type ChannelResult<T> =
  | { readonly kind: 'open'; readonly channel: T }
  /** RFC 4254 §5.1: 1 = prohibited, 2 = the target does not answer, or no free session. */
  | { readonly kind: 'refused'; readonly reason: number | undefined; readonly why: string }
  | { readonly kind: 'lost'; readonly why: string };

/** Handshake, host key, login. Resolves in every case; after anything but `open` the socket is destroyed. */
export function logIn(socket: Duplex, login: Login): Promise<LoginResult> {
  const client = new ssh2.Client();
  const state = { stage: 'before login' as 'before login' | 'in login', denied: false, over: false, trouble: '' };
  return new Promise((resolve) => {
    let settle!: (result: LoginResult) => void;
    const over = new Promise<LoginResult>((done) => {
      settle = done;
    });
    const abort = (): void => settle({ kind: 'aborted' });
    login.signal.addEventListener('abort', abort, { once: true });
    void over.then((result) => {
      state.over = true;
      login.signal.removeEventListener('abort', abort);
      if (result.kind !== 'open') socket.destroy();
      resolve(result);
    });
    // A connection often has a second error, and an error without a listener would end the process: this one stays.
    client.on('error', (error: Error & { level?: string }) => {
      state.trouble ||= error.message;
      settle(verdict(error, state));
    });
    client.on('close', () => settle({ kind: 'lost', stage: state.stage, why: state.trouble || 'the connection was closed' }));
    client.on('ready', () => settle({ kind: 'open', connection: new OpenConnection(client, socket) }));
    if (login.signal.aborted) return abort();
    const offers: (AnyAuthMethod | false)[] = [offer(login), false];
    client.connect({
      sock: socket,
      username: login.user,
      readyTimeout: 0,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      algorithms: { ...algorithms, serverHostKey: hostKeyAlgorithms(login.hostKeyTypes) },
      hostVerifier: (blob: Buffer): boolean => {
        state.denied = login.verify(blob) !== 'trusted';
        return !state.denied;
      },
      authHandler: (_left, _partial, next) => {
        const method = offers.shift() ?? false;
        if (method === false) return next(false as unknown as AnyAuthMethod);
        const attempt = async (): Promise<LoginResult['kind']> => {
          if (!state.over) {
            state.stage = 'in login';
            next(method);
          }
          return (await over).kind;
        };
        login.mayLogIn(attempt).catch((error: unknown) => settle({ kind: 'held back', failure: asFailure(error) }));
      },
    });
  });
}

/** The key of this text, or what is wrong with it. The words of `ssh2` hold no part of the key. */
export function parseKey(text: string, passphrase: string | undefined): SigningKey | Error {
  const parsed: ParsedKey | Error | ParsedKey[] = ssh2.utils.parseKey(text, passphrase);
  if (!Array.isArray(parsed)) return parsed;
  return (parsed as ParsedKey[])[0] ?? new Error('Malformed key');
}

function offer(login: Login): AnyAuthMethod {
  const { key, user } = login;
  return key.kind === 'agent' ? { type: 'agent', username: user, agent: key.socket } : { type: 'publickey', username: user, key: key.key };
}

function verdict(error: Error & { level?: string }, state: { stage: 'before login' | 'in login'; denied: boolean }): LoginResult {
  if (state.denied) return { kind: 'host denied' };
  if (error.level === 'client-authentication' || /too many authentication failures/i.test(error.message)) return { kind: 'refused' };
  if (error.level === 'agent') return { kind: 'no agent', why: error.message };
  if (error.level === 'handshake' && /no matching/.test(error.message)) return { kind: 'no common algorithm' };
  return { kind: 'lost', stage: state.stage, why: error.message };
}

/** No SHA-1, no CBC. AES-GCM with 128 bits first: it is the fastest in Node. */
const algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'chacha20-poly1305@openssh.com'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies Algorithms;

const hostKeyNames: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** What we offer, for telling people what a server must allow. */
export const offered: Readonly<Record<'kex' | 'cipher' | 'hmac' | 'serverHostKey', readonly string[]>> = { ...algorithms, serverHostKey: hostKeyNames };

/** The known types first, as OpenSSH does; the others after them, so that a server with other keys can be told from a broken one. */
function hostKeyAlgorithms(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const known = (name: ServerHostKeyAlgorithm): boolean => types.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  return [...hostKeyNames.filter(known), ...hostKeyNames.filter((name) => !known(name))];
}

class OpenConnection implements Connection {
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #callbacks: (() => void)[] = [];
  #lost: string | undefined;
  #trouble: string | undefined;

  constructor(client: Client, socket: Duplex) {
    this.#client = client;
    this.#socket = socket;
    client.on('error', (error: Error) => {
      this.#trouble ??= error.message;
    });
    const lose = (): void => {
      if (this.#lost !== undefined) return;
      this.#lost = this.#trouble ?? 'the connection was closed';
      for (const callback of this.#callbacks) callback();
    };
    client.on('end', lose).on('close', lose);
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  onLost(callback: () => void): void {
    if (this.#lost === undefined) this.#callbacks.push(callback);
    else callback();
  }

  exec(command: string): Promise<ChannelResult<ExecChannel>> {
    return this.#open((done) => this.#client.exec(command, done));
  }

  forward(host: string, port: number): Promise<ChannelResult<Duplex>> {
    return this.#open((done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done));
  }

  #open<T extends Duplex>(request: (done: (error: (Error & { reason?: unknown }) | undefined, channel: T) => void) => unknown): Promise<ChannelResult<T>> {
    return new Promise((resolve) => {
      this.onLost(() => resolve({ kind: 'lost', why: this.#lost ?? '' }));
      if (this.#lost !== undefined) return;
      try {
        request((error, channel) => {
          if (error === undefined || error === null) return resolve({ kind: 'open', channel });
          if (error.message === 'No response from server') return resolve({ kind: 'lost', why: this.#lost ?? error.message });
          resolve({ kind: 'refused', reason: typeof error.reason === 'number' ? error.reason : undefined, why: error.message.replace('(SSH) ', '') });
        });
      } catch (error) {
        // `ssh2` throws "Not connected" where the connection is gone and nobody was told yet.
        resolve({ kind: 'lost', why: error instanceof Error ? error.message : String(error) });
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost !== undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#socket.destroy();
        resolve();
      }, 1000);
      this.#client.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#client.end();
    });
    this.#socket.destroy();
  }
}
