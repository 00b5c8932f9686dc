import { Failure } from '../../domain/failure.ts';
import { endProgram } from '../../domain/programs/end.ts';
import { type Ended, failureFrom, type Overdue } from '../../domain/programs/verdict.ts';
import type { ProgramEnd, ProgramReport } from '../../domain/remote/end.ts';
import type { ProcessGroup, ProgramEvent } from '../../domain/remote/frames.ts';
import type { RemoteProgram, Step } from '../../domain/remote/program.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Printed, RunLog } from '../../ports/run-log.ts';
import type { ProgramOptions } from '../../ports/transport.ts';
import type { Member } from '../context.ts';

/** By what rules programs are supervised while they run. */
export interface Supervision {
  readonly clock: Clock;
  readonly log: RunLog;
  readonly warn: (text: string) => void;
  /** Ends programs when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds for a step that has no time limit of its own. */
  readonly commandTimeout: number;
  readonly idleTimeout: number | undefined;
  /** How many programs most probably come after it on the same server. */
  readonly ahead: number;
}

/** Milliseconds that a program may take to end when it is asked to: TERM, KILL, and the way there and back. */
const patience = 60_000;

export interface SupervisedOptions extends Pick<ProgramOptions, 'stream'> {
  /**
   * Called once for each step of this program that began, or that may have begun where nobody knows how far it came.
   */
  readonly began?: (step: Step) => void;
  /** Called with what the server reported, however the program ended. */
  readonly onReport?: (report: ProgramReport) => void;
}

/**
 * Runs a program on one server, and ends it with its process group when a step takes too long or the run is cancelled.
 * @throws Failure for every end but success
 */
export async function runProgram(
  supervision: Supervision,
  member: Member,
  program: RemoteProgram,
  { onReport, ...options }: SupervisedOptions = {},
): Promise<ProgramReport> {
  const { name } = member.server;
  const { end, ended } = await supervise(supervision, member, program, options);
  onReport?.(end);
  const failure = failureFrom(end, { server: name, program: program.name, ended, become: program.become });
  if (failure !== undefined) {
    supervision.log.failed(name, failure, printedBy(end));
    throw failure;
  }
  for (const step of end.leftRunning)
    supervision.warn(
      `${name}: ${step.name} left a process behind that holds its output; redirect it to a file or to /dev/null`,
    );
  return end;
}

/**
 * The same for a program whose failure is an answer: its end as it is, and who ended it.
 * @throws Failure `CANCELLED` where it was cancelled before it began
 */
export async function supervise(
  supervision: Supervision,
  member: Member,
  program: RemoteProgram,
  options: Omit<SupervisedOptions, 'onReport'> = {},
): Promise<{ readonly end: ProgramEnd; readonly ended: Ended }> {
  const { name } = member.server;
  if (supervision.signal.aborted)
    throw new Failure('CANCELLED', `cancelled before ${program.name} on ${name}`, { server: name });
  const supervisor = new Supervisor(supervision, member, program);
  const end = await supervisor.run(options);
  return { end, ended: supervisor.ended };
}

/** Where nobody knows the end, the failure's own sentence holds all that was printed. */
function printedBy(end: ProgramEnd): Printed | undefined {
  return end.kind === 'failed' ? { step: end.at.step.name, lines: end.at.output } : undefined;
}

/** Holds the timers of one program, ends it at most once, and knows which of its steps began. */
class Supervisor {
  ended: Ended = { why: 'itself' };
  readonly #supervision: Supervision;
  readonly #member: Member;
  readonly #program: RemoteProgram;
  #group: ProcessGroup | undefined;
  #ending: Promise<unknown> | undefined;
  #during: Step | undefined;
  #began: (step: Step) => void = () => undefined;
  readonly #begun = new Set<Step>();
  readonly #over = new AbortController();
  readonly #givenUp = Promise.withResolvers<ProgramEnd>();
  #step = new AbortController();
  #idle = new AbortController();

  constructor(supervision: Supervision, member: Member, program: RemoteProgram) {
    this.#supervision = supervision;
    this.#member = member;
    this.#program = program;
  }

  async run({ began, ...options }: Omit<SupervisedOptions, 'onReport'>): Promise<ProgramEnd> {
    const { signal, clock, ahead, commandTimeout } = this.#supervision;
    const cancel = (): void => this.#end({ why: 'cancelled' });
    if (began !== undefined) this.#began = began;
    signal.addEventListener('abort', cancel, { once: true });
    this.#time(commandTimeout);
    try {
      const attended = { ...options, ahead, onEvent: (event: ProgramEvent) => this.#see(event) };
      const running = this.#member.transport.run(this.#program, attended);
      const end = await Promise.race([running, this.#givenUp.promise]);
      if (mayHaveGoneOn(end)) this.#beginRest();
      // Its shell is gone, its children may not be: nothing else is done on the server before they are.
      if (end.kind === 'unknown' && end.why !== 'connection lost' && this.ended.why === 'itself') this.#signal();
      if (this.#ending !== undefined) {
        const longest = clock.sleep(patience, this.#over.signal).catch(() => undefined);
        await Promise.race([this.#ending, this.#givenUp.promise, longest]);
      }
      return end;
    } finally {
      signal.removeEventListener('abort', cancel);
      for (const timer of [this.#over, this.#step, this.#idle]) timer.abort();
    }
  }

  #see(event: ProgramEvent): void {
    if (this.#over.signal.aborted) return;
    this.#supervision.log.event(this.#member.server.name, this.#program.name, event);
    if (event.kind === 'group') this.#group = event.group;
    if (event.kind === 'group' && this.ended.why !== 'itself') this.#signal();
    if (event.kind === 'step') this.#begin(event.step);
    if (event.kind === 'end' && event.step === this.#during) this.#pass(undefined);
    this.#resetSilence();
  }

  /** Each step gets its time once: a server that reports the same step again gets no more. */
  #begin(step: Step): void {
    if (this.#begun.has(step)) return;
    this.#begun.add(step);
    this.#began(step);
    this.#pass(step);
  }

  /** What is between two steps has a time of its own too. */
  #pass(step: Step | undefined): void {
    this.#during = step;
    this.#time(step?.timeout ?? this.#supervision.commandTimeout);
  }

  #beginRest(): void {
    for (const step of this.#program.steps) {
      if (this.#begun.has(step)) continue;
      this.#begun.add(step);
      this.#began(step);
    }
  }

  #time(milliseconds: number): void {
    this.#step.abort();
    this.#step = new AbortController();
    this.#after({ why: 'time limit', limit: milliseconds }, this.#step.signal);
  }

  /** Silence counts against hooks. Our own steps print nothing, an upload for as long as it takes. */
  #resetSilence(): void {
    const { idleTimeout } = this.#supervision;
    this.#idle.abort();
    if (idleTimeout === undefined || this.#during?.kind !== 'hook') return;
    this.#idle = new AbortController();
    this.#after({ why: 'silence', limit: idleTimeout }, this.#idle.signal);
  }

  #after(overdue: Overdue, signal: AbortSignal): void {
    this.#supervision.clock.sleep(overdue.limit, signal).then(
      () => this.#end(overdue),
      () => undefined,
    );
  }

  #end(ended: Ended): void {
    if (this.ended.why !== 'itself') return;
    this.ended = ended;
    this.#signal();
    this.#supervision.clock.sleep(patience, this.#over.signal).then(
      () => this.#givenUp.resolve(this.#unfinished()),
      () => undefined,
    );
  }

  /** A server need not end what it is asked to end; nobody waits for it for ever. */
  #unfinished(): ProgramEnd {
    return {
      kind: 'unknown',
      why: 'unfinished',
      during: this.#during,
      detail: this.#group === undefined ? 'it did not report that it began' : 'it did not end when it was asked to',
      steps: [],
      facts: new Map(),
      leftRunning: [],
      group: this.#group,
    };
  }

  /** A second exec ends the process group; the program itself still reports how far it came. */
  #signal(): void {
    if (this.#group !== undefined) this.#ending ??= this.#member.transport.run(endProgram(this.#group));
  }
}

/** The program may have gone on without a connection, so all of its steps may have run. */
function mayHaveGoneOn(end: ProgramEnd): boolean {
  return end.kind === 'unknown' && (end.why === 'connection lost' || end.why === 'unfinished');
}
