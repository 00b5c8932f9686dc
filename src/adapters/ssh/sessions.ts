// Pre-opened sessions: a program that runs in one starts at once instead of two round trips later.
import { launcher, loader, loaderHead } from '../../domain/remote/program.ts';
import type { Connection } from './connection.ts';
import type { ExecChannel } from './ssh2.ts';

/** A session, and the text that it must be sent. */
export interface PreparedSession {
  readonly channel: ExecChannel;
  readonly text: Buffer;
}

interface Waiting {
  readonly channel: ExecChannel;
  /** Aborts when the session ends, or is closed, without having been given a program. */
  readonly over: AbortSignal;
  /** Hands the session over to a program, which handles its end from now on. */
  readonly handOver: () => void;
}

/**
 * The most sessions of one connection that wait at the same time. Starting one takes two round trips, so more than two
 * are never needed.
 */
const most = 2;

/** The waiting sessions of a connection, the oldest first. They run nothing but a read, and end with the connection. */
export class PreopenedSessions {
  readonly #connection: Connection;
  readonly #become: string | undefined;
  readonly #waiting: Promise<Waiting | undefined>[] = [];

  /** `become`: the user as whom they run. */
  constructor(connection: Connection, become: string | undefined) {
    this.#connection = connection;
    this.#become = become;
  }

  /**
   * Starts sessions until `count` wait. Where the server refuses one, the program requests its own and reports why that
   * fails.
   */
  prepare(count: number): void {
    while (this.#waiting.length < Math.min(count, most)) this.#waiting.push(this.#open());
  }

  /** A session and the text that it must be sent, where one waits that can run this program. */
  async take(program: Buffer, become: string | undefined): Promise<PreparedSession | undefined> {
    if (become !== this.#become) return undefined;
    for (let begun = this.#waiting.shift(); begun !== undefined; begun = this.#waiting.shift()) {
      const waiting = await begun;
      if (waiting === undefined || waiting.over.aborted) continue;
      waiting.handOver();
      return { channel: waiting.channel, text: Buffer.concat([Buffer.from(loaderHead(program.length)), program]) };
    }
    return undefined;
  }

  async #open(): Promise<Waiting | undefined> {
    const opened = await this.#connection.exec(launcher(loader.length, this.#become));
    if (opened.kind !== 'open') return undefined;
    const { channel } = opened;
    channel.write(loader);
    const over = new AbortController();
    const abandon = (): void => {
      over.abort();
      channel.close();
    };
    for (const event of ['error', 'exit', 'close']) channel.on(event, abandon);
    const handOver = (): void => {
      for (const event of ['error', 'exit', 'close']) channel.off(event, abandon);
    };
    return { channel, over: over.signal, handOver };
  }
}
