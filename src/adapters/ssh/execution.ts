// Runs one program over one exec channel and says how it ended. Never rejects.
import { StringDecoder } from 'node:string_decoder';
import type { ProgramEnd } from '../../domain/remote/end.ts';
import { ProgramCollector } from '../../domain/remote/end.ts';
import type { ProgramEvent } from '../../domain/remote/frames.ts';
import { FrameReader } from '../../domain/remote/frames.ts';
import type { RemoteProgram } from '../../domain/remote/program.ts';
import { cutStatus, launcher, renderProgram } from '../../domain/remote/program.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProgramOptions } from '../../ports/transport.ts';
import type { ChannelResult, Connection } from './connection.ts';
import type { PreopenedSessions, PreparedSession } from './sessions.ts';
import type { ExecChannel } from './ssh2.ts';

export interface Execution {
  readonly connection: Connection;
  readonly sessions: PreopenedSessions;
  readonly program: RemoteProgram;
  /** 32 random hex digits, which distinguish our frames from other output of the program. */
  readonly token: string;
  readonly options: ProgramOptions;
  readonly clock: Clock;
}

/**
 * Milliseconds before the exec is requested again. sshd frees a session only some time after it has ended; nothing ran,
 * so retrying is safe.
 */
const pauses = [20, 50, 100, 200, 200];

/**
 * Milliseconds of silence after the exit status for which the last output is still awaited. On a slow connection it
 * arrives long after the status.
 */
const afterExit = 2000;

/** Characters that are kept of output that belongs to no step. */
const noiseLimit = 4096;

export async function execute(execution: Execution): Promise<ProgramEnd> {
  const { program, token } = execution;
  const text = Buffer.from(renderProgram(program, token));
  const taken = execution.sessions.take(text, program.become);
  execution.sessions.prepare(execution.options.ahead ?? 0);
  const waiting = await taken;
  if (waiting !== undefined) return new Session(waiting.channel, execution).run(waiting.text);
  const opened = await openSession(execution, text);
  switch (opened.kind) {
    case 'open':
      return new Session(opened.channel.channel, execution).run(opened.channel.text);
    case 'lost':
      return nothingRan('connection lost', opened.why);
    case 'refused':
      return nothingRan('refused', `it gives no session: ${opened.why}`);
  }
}

/**
 * A session, and the text that it must be sent. Where the server has none left, pre-opened sessions may have taken the
 * last ones: then one of them is used.
 */
async function openSession(
  { connection, sessions, clock, program }: Execution,
  text: Buffer,
): Promise<ChannelResult<PreparedSession>> {
  const command = launcher(text.length, program.become);
  for (const pause of pauses) {
    const opened = withText(await connection.exec(command), text);
    if (opened.kind !== 'refused' || opened.reason === undefined) return opened;
    const waiting = await sessions.take(text, program.become);
    if (waiting !== undefined) return { kind: 'open', channel: waiting };
    await clock.sleep(pause);
  }
  return withText(await connection.exec(command), text);
}

function withText(opened: ChannelResult<ExecChannel>, text: Buffer): ChannelResult<PreparedSession> {
  return opened.kind === 'open' ? { kind: 'open', channel: { channel: opened.channel, text } } : opened;
}

function nothingRan(why: 'connection lost' | 'refused', detail: string): ProgramEnd {
  return {
    kind: 'unknown',
    why,
    detail,
    during: undefined,
    steps: [],
    facts: new Map(),
    leftRunning: [],
    group: undefined,
  };
}

class Session {
  readonly #channel: ExecChannel;
  readonly #execution: Execution;
  readonly #collector = new ProgramCollector();
  readonly #reader: FrameReader;
  readonly #decoder = new StringDecoder('utf8');
  readonly #over: Promise<void>;
  #finish!: () => void;
  /** Resolves what currently waits for the server, because the program is over. */
  #release: (() => void) | undefined;
  #ended = false;
  #noise = '';
  #code: number | undefined;
  #signal: string | undefined;
  #broken: string | undefined;
  #lost: string | undefined;
  /** Runs while the last output of a program that has exited is waited for. */
  #silence: NodeJS.Timeout | undefined;

  constructor(channel: ExecChannel, execution: Execution) {
    this.#channel = channel;
    this.#execution = execution;
    this.#reader = new FrameReader(execution.token, execution.program.steps);
    this.#over = new Promise((resolve) => {
      this.#finish = () => {
        this.#ended = true;
        this.#release?.();
        resolve();
      };
    });
  }

  async run(text: Buffer): Promise<ProgramEnd> {
    const unsubscribe = this.#subscribe();
    void this.#feed(text);
    await this.#over;
    unsubscribe();
    for (const event of [...this.#reader.feed(this.#decoder.end()), ...this.#reader.rest()]) this.#onEvent(event);
    // A daemon may hold the channel open for ever.
    this.#channel.close();
    return this.#collector.end(this.#channelEnd(), cutStatus);
  }

  #channelEnd(): Parameters<ProgramCollector['end']>[0] {
    const noise = this.#broken ?? this.#lost ?? this.#noise.trim();
    const connection = this.#broken !== undefined ? 'closed by us' : this.#lost === undefined ? 'open' : 'lost';
    return { code: this.#code, signal: this.#signal, connection, noise };
  }

  /** Returns a function that unsubscribes from the connection, which outlives the session. */
  #subscribe(): () => void {
    const channel = this.#channel;
    channel.on('data', (bytes: Buffer) => this.#onStdout(this.#decoder.write(bytes)));
    channel.stderr.on('data', (bytes: Buffer) => this.#addNoise(bytes.toString('utf8')));
    channel.on('error', () => this.#finish());
    channel.on('exit', (code: number | null, signal?: string) => this.#exit(code ?? undefined, signal));
    channel.on('close', () => this.#finish());
    return this.#execution.connection.onLost(() => {
      if (this.#ended) return;
      this.#lost = this.#execution.connection.lost ?? '';
      this.#finish();
    });
  }

  /**
   * sshd may report the exit before it has sent all output. A program that was killed sends no final frame; only
   * processes that it left running may still print.
   */
  #exit(code: number | undefined, signal: string | undefined): void {
    this.#code = code;
    this.#signal = signal;
    if (this.#collector.finished) {
      this.#finish();
      return;
    }
    const limit = setTimeout(() => this.#finish(), afterExit);
    if (code !== undefined && code <= 128) this.#silence = limit;
    void this.#over.then(() => clearTimeout(limit));
  }

  #onStdout(text: string): void {
    this.#silence?.refresh();
    for (const event of this.#reader.feed(text)) this.#onEvent(event);
    if (this.#collector.finished && (this.#code !== undefined || this.#signal !== undefined)) this.#finish();
  }

  #onEvent(event: ProgramEvent): void {
    if (event.kind === 'output' && event.step === undefined) this.#addNoise(`${event.line}\n`);
    this.#collector.add(event);
    this.#execution.options.onEvent?.(event);
  }

  #addNoise(text: string): void {
    this.#noise = (this.#noise + text).slice(0, noiseLimit);
  }

  /** The program, then the stream, then the end of input. */
  async #feed(text: Buffer): Promise<void> {
    try {
      await this.#write(text);
      const stream = this.#execution.options.stream?.();
      if (stream !== undefined) await this.#pump(stream[Symbol.asyncIterator]());
      if (!this.#ended) this.#channel.end();
    } catch (error) {
      this.#broken = `what was sent broke off: ${error instanceof Error ? error.message : String(error)}`;
      this.#finish();
    }
  }

  async #pump(parts: AsyncIterator<Uint8Array>): Promise<void> {
    while (!this.#ended) {
      const part = await this.#whileRunning(parts.next());
      if (part === 'over') break;
      if (part.done === true) return;
      await this.#write(part.value);
    }
    void parts.return?.()?.catch(() => undefined);
  }

  /** Respects back-pressure, so that the whole stream is not buffered in our memory when a server is slow. */
  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#ended || this.#channel.write(bytes)) return;
    let drained = (): void => undefined;
    const drain = new Promise<void>((resolve) => {
      drained = resolve;
    });
    this.#channel.once('drain', drained);
    await this.#whileRunning(drain);
    this.#channel.off('drain', drained);
  }

  /**
   * The value of `awaited`, or `over` if the program ends first. Racing against `#over` itself would keep every part of
   * the stream in memory until the end.
   */
  async #whileRunning<T>(awaited: Promise<T>): Promise<T | 'over'> {
    const end = new Promise<'over'>((resolve) => {
      this.#release = () => resolve('over');
    });
    if (this.#ended) this.#release?.();
    try {
      return await Promise.race([awaited, end]);
    } finally {
      this.#release = undefined;
    }
  }
}
