// One connection that is logged in: its channels, and why it is gone.
import type { Duplex } from 'node:stream';
import type { Client, ExecChannel } from './ssh2.ts';

/** One connection that is logged in. */
export interface Connection extends AsyncDisposable {
  /** Why the connection is gone; `undefined` while it is there. */
  readonly lost: string | undefined;
  /**
   * Calls back once when the connection is gone. Returns a function that removes the callback, so that it can be
   * collected.
   */
  onLost(callback: () => void): () => void;
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

type Request<T> = (done: (error: (Error & { reason?: unknown }) | undefined, channel: T) => void) => unknown;

export class OpenConnection implements Connection {
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #callbacks = new Set<() => void>();
  #lost: string | undefined;
  #error: string | undefined;

  constructor(client: Client, socket: Duplex) {
    this.#client = client;
    this.#socket = socket;
    client.on('error', (error: Error) => {
      this.#error ??= error.message;
    });
    const lose = (): void => {
      if (this.#lost !== undefined) return;
      this.#lost = this.#error ?? 'the connection was closed';
      for (const callback of this.#callbacks) callback();
      this.#callbacks.clear();
    };
    client.on('end', lose).on('close', lose);
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  onLost(callback: () => void): () => void {
    if (this.#lost === undefined) this.#callbacks.add(callback);
    else callback();
    return () => void this.#callbacks.delete(callback);
  }

  exec(command: string): Promise<ChannelResult<ExecChannel>> {
    return this.#open((done) => this.#client.exec(command, done));
  }

  forward(host: string, port: number): Promise<ChannelResult<Duplex>> {
    return this.#open((done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done));
  }

  async #open<T extends Duplex>(request: Request<T>): Promise<ChannelResult<T>> {
    const { promise, resolve } = Promise.withResolvers<ChannelResult<T>>();
    const forget = this.onLost(() => resolve({ kind: 'lost', why: this.#lost ?? '' }));
    if (this.#lost === undefined) this.#request(request, resolve);
    try {
      return await promise;
    } finally {
      forget();
    }
  }

  #request<T extends Duplex>(request: Request<T>, resolve: (result: ChannelResult<T>) => void): void {
    try {
      request((error, channel) => {
        if (error === undefined || error === null) return resolve({ kind: 'open', channel });
        if (error.message === 'No response from server')
          return resolve({ kind: 'lost', why: this.#lost ?? error.message });
        resolve({
          kind: 'refused',
          reason: typeof error.reason === 'number' ? error.reason : undefined,
          why: error.message.replace('(SSH) ', ''),
        });
      });
    } catch (error) {
      // `ssh2` throws "Not connected" where the connection is gone and its events have not been emitted yet.
      resolve({ kind: 'lost', why: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Sends a disconnect and waits until it is sent, not for an answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost !== undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000);
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#client.once('close', finish);
      this.#socket.once('finish', finish);
      this.#client.end();
    });
    this.#socket.destroy();
  }
}
