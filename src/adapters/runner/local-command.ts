import { readdirSync, readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout } from 'node:timers/promises';
import { exec } from '@actions/exec';
import { Failure } from '../../domain/failure.ts';
import { plain } from '../../domain/text/escape.ts';
import { outputLineLimit } from '../../domain/text/output-line.ts';
import type { LocalCommand, LocalRequest } from '../../ports/local-command.ts';

const allowed = /^(?:PATH|HOME|LANG|LC_[A-Z]+|TMPDIR|TZ)$/;

/** Milliseconds that are waited for what does not end at once. */
export interface Patience {
  /** Between TERM and KILL. */
  readonly kill: number;
  /** For which the output may stay open after the command has ended, because something that it left holds it. */
  readonly output: number;
  /** For which what the command left may still end by itself. */
  readonly left: number;
  /** Between TERM and KILL for what it left. */
  readonly leftKill: number;
}

const usualPatience: Patience = { kill: 5_000, output: 10_000, left: 500, leftKill: 2_000 };

/** The status of a command that died by a signal, which `@actions/exec` does not name. */
const killedStatus = 128;

/**
 * `@actions/exec` neither creates a process group nor returns a process id. This fixed text prints the id on its first
 * line and then becomes the command, as leader of its own session:
 * `setsid` is in Linux and BusyBox, macOS has perl. Where there is neither, signals reach the command but not the
 * processes that it has started.
 * The input is closed here, because the `input` option throws an uncaught EPIPE when the command ends first.
 */
const leader = `exec </dev/null
printf '%s\\n' "$$"
command -v -- "$1" >/dev/null || { printf '%s: not found\\n' "$1" >&2; exit 127; }
if command -v setsid >/dev/null; then exec setsid -- "$@"; fi
if command -v perl >/dev/null; then exec perl -e 'use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV; exit 127' -- "$@"; fi
exec "$@"`;

/**
 * Runs commands with the allowed ones of `variables` and the request's own, stdin closed. Status 127: there is no such
 * program.
 */
export function openLocalCommand(
  variables: Readonly<Record<string, string | undefined>>,
  patience: Patience = usualPatience,
): LocalCommand {
  return { run: (request) => run(request, childVariables(variables, request.env ?? {}), patience) };
}

async function run(
  request: LocalRequest,
  env: Record<string, string>,
  patience: Patience,
): ReturnType<LocalCommand['run']> {
  if (request.signal?.aborted === true) return { status: killedStatus, ended: 'cancelled' };
  const child = new Child(request, patience);
  const over = new AbortController();
  const watch = endWhenDue(request, child, over.signal);
  try {
    const status: number | null = await exec('/bin/sh', ['-c', leader, 'sh', ...request.words], {
      cwd: request.cwd,
      env,
      silent: true,
      ignoreReturnCode: true,
      delay: patience.output,
      listeners: { stdout: (bytes) => child.onStdout(bytes), stderr: (bytes) => child.onStderr(bytes) },
    });
    child.finish();
    over.abort();
    const ended = await watch;
    if (ended === 'itself' && (await child.endRest())) request.onLine?.('left a process behind that was ended');
    return { status: status ?? killedStatus, ended };
  } catch (cause) {
    over.abort();
    throw new Failure(
      'RUNNER_UNFIT',
      `The command \`${plain(request.words[0], 100)}\` could not be started on the runner.`,
      { cause },
    );
  }
}

/**
 * Ends the child at its time limit or when the run is cancelled: TERM, then KILL. Resolves with the reason when the
 * child has ended.
 */
async function endWhenDue(
  request: LocalRequest,
  child: Child,
  over: AbortSignal,
): Promise<'itself' | 'time limit' | 'cancelled'> {
  const stop = request.signal === undefined ? over : AbortSignal.any([over, request.signal]);
  await (request.timeout === undefined ? aborted(stop) : elapsed(request.timeout, stop));
  if (over.aborted) return 'itself';
  const why = request.signal?.aborted === true ? 'cancelled' : 'time limit';
  child.signal('SIGTERM');
  await elapsed(child.patience.kill, over);
  child.signal('SIGKILL');
  return why;
}

/** Resolves after `ms`, or as soon as `stop` aborts. */
async function elapsed(ms: number, stop: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal: stop }).catch(() => undefined);
}

function aborted(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
}

function childVariables(
  variables: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = Object.entries(variables).filter(
    (entry): entry is [string, string] => allowed.test(entry[0]) && entry[1] !== undefined,
  );
  return { ...Object.fromEntries(passed), ...own };
}

/** One running child: its id, from its first line, and what it prints. */
class Child {
  readonly patience: Patience;
  readonly #stdout: Lines;
  readonly #stderr: Lines;
  readonly #onStdout: (bytes: Buffer) => void;
  #head = Buffer.alloc(0);
  #id: number | undefined;
  #finished = false;

  constructor(request: LocalRequest, patience: Patience) {
    this.patience = patience;
    const tell = request.onLine ?? (() => undefined);
    this.#stderr = new Lines(tell);
    this.#stdout = new Lines(tell);
    this.#onStdout = request.onStdout ?? ((bytes) => this.#stdout.feed(bytes));
  }

  /** The first line is the id. */
  onStdout(bytes: Buffer): void {
    const rest = this.#id === undefined ? this.#withoutId(bytes) : bytes;
    if (rest.length > 0) this.#onStdout(rest);
  }

  #withoutId(bytes: Buffer): Buffer {
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf('\n');
    if (end < 0) return Buffer.alloc(0);
    this.#id = Number(this.#head.subarray(0, end).toString());
    return this.#head.subarray(end + 1);
  }

  onStderr(bytes: Buffer): void {
    this.#stderr.feed(bytes);
  }

  finish(): void {
    this.#finished = true;
    this.#stdout.end();
    this.#stderr.end();
  }

  /** Signals the whole group, or only the process while it has not become the leader of a group yet. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    const id = this.#group;
    if (id !== undefined && !deliver(-id, name) && !this.#finished) deliver(id, name);
  }

  /**
   * Ends what the finished command left running in its group, and returns whether there was anything: with our pipes
   * open it would block the whole step.
   */
  async endRest(): Promise<boolean> {
    const id = this.#group;
    if (id === undefined || (await gone(id, this.patience.left))) return false;
    this.signal('SIGTERM');
    if (!(await gone(id, this.patience.leftKill))) this.signal('SIGKILL');
    return true;
  }

  get #group(): number | undefined {
    return this.#id !== undefined && Number.isSafeInteger(this.#id) && this.#id >= 2 ? this.#id : undefined;
  }
}

/** Whether nothing of the group runs any more, within `ms`. */
async function gone(group: number, ms: number): Promise<boolean> {
  const pause = 50;
  for (let waited = 0; runs(group); waited += pause) {
    if (waited >= ms) return false;
    await setTimeout(pause);
  }
  return true;
}

/**
 * Whether a process of the group runs. Zombies are members until they are reaped, which the init process of a container
 * may never do, so they are not counted.
 */
function runs(group: number): boolean {
  if (!deliver(-group, 0)) return false;
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && runsIn(name, group));
  } catch {
    return true; // macOS has no /proc, and reaps.
  }
}

function runsIn(process: string, group: number): boolean {
  try {
    const [, state, id] = /^.*\) (\w) \d+ (\d+) /s.exec(readFileSync(`/proc/${process}/stat`, 'utf8')) ?? [];
    return Number(id) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false; // It has ended since.
  }
}

function deliver(target: number, name: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

/** Splits a stream into lines; of a long line only the beginning is kept. */
class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(tell: (line: string) => void) {
    this.#onLine = tell;
  }

  feed(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, outputLineLimit);
    for (const line of lines) this.#onLine(line.slice(0, outputLineLimit));
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }
}
