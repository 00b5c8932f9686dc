import { asFailure, type Failure, leafFailures, together } from '../../domain/failure.ts';
import type { Ended } from '../../domain/programs/verdict.ts';
import type { ProgramEnd, ProgramReport } from '../../domain/remote/end.ts';
import type { RemoteProgram, Step } from '../../domain/remote/program.ts';
import type { ProgramOptions } from '../../ports/transport.ts';
import { type Context, type Member, warn } from '../context.ts';
import { failuresOf, type MemberResult, onEach, valuesOf } from './members.ts';
import { runProgram, type SupervisedOptions, type Supervision, supervise } from './supervise.ts';

/**
 * What each of `members` does on itself. Neighbouring tasks with the same members are run in one program,
 * unless one starts a program of its own because its steps depend on what the one before reported.
 */
export interface ServerTask {
  readonly where: 'servers';
  readonly members: readonly Member[];
  /** Most servers at the same time, where that is fewer than `strategy.max_parallel`. */
  readonly most?: number;
  readonly steps: (member: Member) => readonly Step[];
  readonly stream?: NonNullable<ProgramOptions['stream']>;
  readonly program?: 'of its own';
  /** Called once for each step that began on a server, or that may have where the connection was lost. */
  readonly began?: (member: Member, step: Step) => void;
  /** Called with what a server reported, before the next task. */
  readonly onReport?: (member: Member, report: ProgramReport) => void;
}

/** One task of a phase: on servers, or on the runner. */
export type Task = ServerTask | { readonly where: 'runner'; readonly run: () => Promise<void> };

/** Runs programs on the servers of one context: as its user, at most so many at a time, supervised. */
export interface Executor {
  /**
   * Runs tasks in order; every server ends one before any begins the next.
   * @throws Failure with the problems of all servers, after the task in which the first came up
   */
  readonly runTasks: (name: string, tasks: readonly Task[]) => Promise<void>;
  /**
   * Runs every task, whatever becomes of the others; a server on which one failed is left out of those that follow.
   * Never throws.
   */
  readonly runAllTasks: (name: string, tasks: readonly Task[]) => Promise<readonly Failure[]>;
  /** @throws Failure for every end but success */
  readonly run: (member: Member, program: RemoteProgram, options?: SupervisedOptions) => Promise<ProgramReport>;
  /** The same for a program whose failure is an answer. @throws Failure `CANCELLED` before it began */
  readonly ask: (
    member: Member,
    program: RemoteProgram,
  ) => Promise<{ readonly end: ProgramEnd; readonly ended: Ended }>;
  readonly each: <T>(members: readonly Member[], work: (member: Member) => Promise<T>) => Promise<MemberResult<T>[]>;
}

export interface ExecutorOptions {
  /** How many programs most probably come after each on the same server. Default: 0. */
  readonly ahead?: number;
  /** Milliseconds that bound `limits.command_timeout`. */
  readonly commandTimeout?: number;
}

type Scope = Pick<Context, 'settings' | 'ports' | 'signal' | 'observed'>;

/** Runs programs until the run is cancelled, which ends them. */
export function executor(scope: Scope, options: ExecutorOptions = {}): Executor {
  return open(scope, supervisionOf(scope, scope.signal, options));
}

/** Runs programs that nothing cancels: those of a revert, of cleaning up, of giving locks back. */
export function uncancelledExecutor(scope: Scope): Executor {
  return open(scope, supervisionOf(scope, new AbortController().signal, {}));
}

function supervisionOf(scope: Scope, signal: AbortSignal, options: ExecutorOptions): Supervision {
  const { clock, log } = scope.ports;
  const { commandTimeout, idleTimeout } = scope.settings.limits;
  return {
    clock,
    log,
    signal,
    idleTimeout,
    warn: (text) => warn(scope, text),
    commandTimeout: Math.min(commandTimeout, options.commandTimeout ?? commandTimeout),
    ahead: options.ahead ?? 0,
  };
}

function open({ settings }: Scope, supervision: Supervision): Executor {
  const { become, strategy } = settings;
  const own: Executor = {
    run: (member, program, options) => runProgram(supervision, member, programOf(member, program, become), options),
    ask: (member, program) => supervise(supervision, member, programOf(member, program, become)),
    each: (members, work) => onEach(members, strategy.maxParallel, work),
    runTasks: async (name, tasks) => {
      for (const group of programsOf(tasks)) {
        if (group.where === 'runner') await group.run();
        else await runGroup(own, name, group.tasks);
      }
    },
    runAllTasks: async (name, tasks) => {
      const failures: Failure[] = [];
      for (const task of tasks) {
        const failed = new Set(failures.map(({ server }) => server));
        try {
          await own.runTasks(name, [withoutServers(task, failed)]);
        } catch (thrown) {
          failures.push(...leafFailures(asFailure(thrown)));
        }
      }
      return failures;
    },
  };
  return own;
}

/** The program as this member runs it: fenced while its lock is ours. */
function programOf({ fence }: Member, program: RemoteProgram, become: string | undefined): RemoteProgram {
  return { ...program, ...(fence === undefined ? {} : { fence }), ...(become === undefined ? {} : { become }) };
}

async function runGroup(executor: Executor, name: string, tasks: readonly ServerTask[]): Promise<void> {
  const [first] = tasks;
  if (first === undefined) return;
  const { members, most } = first;
  const work = (member: Member): Promise<ProgramReport> => runOne(executor, name, tasks, member);
  const results = await (most === undefined ? executor.each(members, work) : onEach(members, most, work));
  for (const { member, value } of valuesOf(results)) for (const task of tasks) task.onReport?.(member, value);
  const failures = failuresOf(results);
  if (failures.length > 0)
    throw together(
      failures[0]?.code ?? 'BUG',
      `${name} failed on ${failures.length} of ${members.length} servers`,
      failures,
    );
}

/** One program of all steps, or nothing to do. */
async function runOne(
  executor: Executor,
  name: string,
  tasks: readonly ServerTask[],
  member: Member,
): Promise<ProgramReport> {
  const own = tasks.flatMap((task) => task.steps(member).map((step) => ({ step, task })));
  if (own.length === 0) return { steps: [], facts: new Map(), leftRunning: [], group: undefined };
  const steps = own.map(({ step }) => step);
  const taskOf = new Map(own.map(({ step, task }) => [step, task]));
  const stream = own.find(({ step }) => step.input === 'stream')?.task.stream;
  return await executor.run(
    member,
    { name, steps },
    { began: (step) => taskOf.get(step)?.began?.(member, step), ...(stream === undefined ? {} : { stream }) },
  );
}

function withoutServers(task: Task, names: ReadonlySet<string | undefined>): Task {
  if (task.where === 'runner') return task;
  return { ...task, members: task.members.filter(({ server }) => !names.has(server.name)) };
}

type Group =
  | { readonly where: 'servers'; readonly tasks: ServerTask[] }
  | { readonly where: 'runner'; readonly run: () => Promise<void> };

function programsOf(tasks: readonly Task[]): Group[] {
  const groups: Group[] = [];
  for (const task of tasks) {
    const last = groups.at(-1);
    if (task.where === 'runner') groups.push(task);
    else if (last?.where === 'servers' && joins(last.tasks[0], task)) last.tasks.push(task);
    else groups.push({ where: 'servers', tasks: [task] });
  }
  return groups;
}

function joins(first: ServerTask | undefined, task: ServerTask): boolean {
  if (first === undefined || task.program !== undefined || first.most !== task.most) return false;
  return (
    first.members.length === task.members.length &&
    first.members.every((member, index) => member === task.members[index])
  );
}
