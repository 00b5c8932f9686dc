// A session that waits for its program, which then begins at once instead of two round trips later.
import { launcher, loader, loaderHead } from '../../domain/program.ts';
import type { Connection } from './connection.ts';
import type { ExecChannel } from './ssh2.ts';

interface Waiting {
  readonly channel: ExecChannel;
  /** Aborts when the session ends, or is closed, without having been given a program. */
  readonly over: AbortSignal;
  /** From now on its end is the affair of the program. */
  readonly hand: () => void;
}

/** At most one waiting session of a connection. It only reads, and ends with the connection. */
export class Spare {
  readonly #connection: Connection;
  readonly #become: string | undefined;
  #waiting: Promise<Waiting | undefined> | undefined;

  /** `become`: the user as whom it waits. */
  constructor(connection: Connection, become: string | undefined) {
    this.#connection = connection;
    this.#become = become;
  }

  /** Starts a session, unless one waits already. Where the server gives none, the program asks for one itself and tells why. */
  start(): void {
    this.#waiting ??= this.#open();
  }

  /** The session and the text that it must be sent, where one waits that can run this program. */
  async take(program: Buffer, become: string | undefined): Promise<{ readonly channel: ExecChannel; readonly text: Buffer } | undefined> {
    if (become !== this.#become) return undefined;
    const begun = this.#waiting;
    this.#waiting = undefined;
    const waiting = await begun;
    if (waiting === undefined || waiting.over.aborted) return undefined;
    waiting.hand();
    return { channel: waiting.channel, text: Buffer.concat([Buffer.from(loaderHead(program.length)), program]) };
  }

  async #open(): Promise<Waiting | undefined> {
    const opened = await this.#connection.exec(launcher(loader.length, this.#become));
    if (opened.kind !== 'open') return undefined;
    const { channel } = opened;
    channel.write(loader);
    const over = new AbortController();
    const leave = (): void => {
      over.abort();
      channel.close();
    };
    for (const event of ['error', 'exit', 'close']) channel.on(event, leave);
    const hand = (): void => {
      for (const event of ['error', 'exit', 'close']) channel.off(event, leave);
    };
    return { channel, over: over.signal, hand };
  }
}
