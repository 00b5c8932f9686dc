import { Failure } from '../../domain/failure.ts';
import { endProgram } from '../../domain/programs/end.ts';
import { type Ended, failureFrom, type Overdue } from '../../domain/programs/verdict.ts';
import type { ProgramEnd, ProgramReport } from '../../domain/remote/end.ts';
import type { ProcessGroup, ProgramEvent } from '../../domain/remote/frames.ts';
import type { RemoteProgram, Step } from '../../domain/remote/program.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal, Printed } from '../../ports/run-log.ts';
import type { ProgramOptions } from '../../ports/transport.ts';
import type { Member } from './members.ts';

/** What attends to programs while they run. */
export interface Watch {
  readonly clock: Clock;
  readonly journal: Journal;
  /** Ends programs when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds for a step that has no time limit of its own. */
  readonly commandTimeout: number;
  readonly idleTimeout: number | undefined;
  /** How many programs most probably come after it on the same server. */
  readonly ahead?: number;
}

/** Milliseconds that a program may take to end when it is told to: TERM, KILL, and the way there and back. */
const patience = 60_000;

export interface Performance extends Pick<ProgramOptions, 'stream'> {
  /** Called with what the server reported, however the program ended. */
  readonly heard?: (report: ProgramReport) => void;
}

/**
 * Runs a program on one server, and ends it with its process group when a step takes too long or the run is cancelled.
 * @throws Failure for every end but success
 */
export async function perform(
  watch: Watch,
  member: Member,
  program: RemoteProgram,
  { heard, ...attendance }: Performance = {},
): Promise<ProgramReport> {
  const { end, ended } = await attend(watch, member, program, attendance);
  heard?.(end);
  const failure = failureFrom(end, {
    server: member.server.name,
    program: program.name,
    ended,
    become: program.become,
  });
  if (failure !== undefined) {
    watch.journal.failed(member.server.name, failure, printedBy(end));
    throw failure;
  }
  for (const step of end.leftRunning)
    watch.journal.warn(
      `${member.server.name}: ${step.name} left a process behind that holds its output; redirect it to a file or to /dev/null`,
    );
  return end;
}

/**
 * The same for a program whose failure is an answer: its end as it is, and who ended it.
 * @throws Failure `CANCELLED` where it was cancelled before it began
 */
export async function attend(
  watch: Watch,
  member: Member,
  program: RemoteProgram,
  attendance: Pick<ProgramOptions, 'stream'> = {},
): Promise<{ readonly end: ProgramEnd; readonly ended: Ended }> {
  if (watch.signal.aborted)
    throw new Failure('CANCELLED', `cancelled before ${program.name} on ${member.server.name}`, {
      server: member.server.name,
    });
  const guard = new Guard(watch, member, program);
  const end = await guard.attend(attendance);
  return { end, ended: guard.ended };
}

/** Of an end that nobody knows, the failure's own sentence says all that was heard. */
function printedBy(end: ProgramEnd): Printed | undefined {
  return end.kind === 'failed' ? { step: end.at.step.name, lines: end.at.output } : undefined;
}

/** Holds the timers of one program and ends it at most once. */
class Guard {
  ended: Ended = { why: 'itself' };
  readonly #watch: Watch;
  readonly #member: Member;
  readonly #program: RemoteProgram;
  #group: ProcessGroup | undefined;
  #ending: Promise<unknown> | undefined;
  #during: Step | undefined;
  readonly #begun = new Set<Step>();
  readonly #over = new AbortController();
  readonly #forsaken = Promise.withResolvers<ProgramEnd>();
  #step = new AbortController();
  #idle = new AbortController();

  constructor(watch: Watch, member: Member, program: RemoteProgram) {
    this.#watch = watch;
    this.#member = member;
    this.#program = program;
  }

  async attend(attendance: Pick<ProgramOptions, 'stream'>): Promise<ProgramEnd> {
    const cancel = (): void => this.#end({ why: 'cancelled' });
    this.#watch.signal.addEventListener('abort', cancel, { once: true });
    this.#time(this.#watch.commandTimeout);
    try {
      const { ahead = 0 } = this.#watch;
      const attended = { ...attendance, ahead, onEvent: (event: ProgramEvent) => this.#see(event) };
      const end = await Promise.race([this.#member.transport.run(this.#program, attended), this.#forsaken.promise]);
      // Its shell is gone, its children may not be: nothing else is done on the server before they are.
      if (end.kind === 'unknown' && end.why !== 'connection lost' && this.ended.why === 'itself') this.#signal();
      if (this.#ending !== undefined)
        await Promise.race([
          this.#ending,
          this.#forsaken.promise,
          this.#watch.clock.sleep(patience, this.#over.signal).catch(() => undefined),
        ]);
      return end;
    } finally {
      this.#watch.signal.removeEventListener('abort', cancel);
      for (const timer of [this.#over, this.#step, this.#idle]) timer.abort();
    }
  }

  #see(event: ProgramEvent): void {
    if (this.#over.signal.aborted) return;
    this.#watch.journal.event(this.#member.server.name, this.#program.name, event);
    if (event.kind === 'group') this.#group = event.group;
    if (event.kind === 'group' && this.ended.why !== 'itself') this.#signal();
    if (event.kind === 'step') this.#begin(event.step);
    if (event.kind === 'end' && event.step === this.#during) this.#begin(undefined);
    this.#listen();
  }

  /** Each step gets its time once, and so does what is between two of them: a server that says the same again gets no more. */
  #begin(step: Step | undefined): void {
    if (step !== undefined && this.#begun.has(step)) return;
    if (step !== undefined) this.#begun.add(step);
    this.#during = step;
    this.#time(step?.timeout ?? this.#watch.commandTimeout);
  }

  #time(milliseconds: number): void {
    this.#step.abort();
    this.#step = new AbortController();
    this.#after({ why: 'time limit', limit: milliseconds }, this.#step.signal);
  }

  /** Silence counts against hooks. Our own steps have nothing to say, an upload for as long as it takes. */
  #listen(): void {
    this.#idle.abort();
    if (this.#watch.idleTimeout === undefined || this.#during?.kind === undefined) return;
    this.#idle = new AbortController();
    this.#after({ why: 'silence', limit: this.#watch.idleTimeout }, this.#idle.signal);
  }

  #after(overdue: Overdue, signal: AbortSignal): void {
    this.#watch.clock.sleep(overdue.limit, signal).then(
      () => this.#end(overdue),
      () => undefined,
    );
  }

  #end(ended: Ended): void {
    if (this.ended.why !== 'itself') return;
    this.ended = ended;
    this.#signal();
    this.#watch.clock.sleep(patience, this.#over.signal).then(
      () => this.#forsaken.resolve(this.#unheard()),
      () => undefined,
    );
  }

  /** A server need not do as it is told; nobody waits for it for ever. */
  #unheard(): ProgramEnd {
    return {
      kind: 'unknown',
      why: 'unfinished',
      during: this.#during,
      detail: this.#group === undefined ? 'it was never heard to begin' : 'it did not end when it was told to',
      steps: [],
      facts: new Map(),
      leftRunning: [],
      group: this.#group,
    };
  }

  /** A second exec ends the process group; the program itself still tells how far it came. */
  #signal(): void {
    if (this.#group !== undefined) this.#ending ??= this.#member.transport.run(endProgram(this.#group));
  }
}
